"""The route of a lot's papers."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from foodtrace_api.examples import answered
from foodtrace_api.papers.service import describe
from foodtrace_api.papers.shapes import LotPapersAnswer
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES

router = APIRouter(
    prefix="/v1", tags=["lots"], responses=PROBLEM_RESPONSES, dependencies=[Depends(after_push)]
)


@router.get(
    "/lots/{lot_id}/papers",
    response_model=LotPapersAnswer,
    responses=answered(LotPapersAnswer, "papers", "Its papers, and those that are missing"),
    summary="The papers of a lot",
)
def papers(request: Request, caller: WithKey, lot_id: UUID) -> Response:
    """Its own papers and those that reach it from upstream, by the table of papers and operations;
    how each stands (expired, overdrawn, out of its province, rejected), and what is missing.
    """
    return answer(describe(door_of(request), caller, lot_id))
