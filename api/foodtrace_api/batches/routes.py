"""The route of a batch."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from foodtrace_api.batches.service import describe
from foodtrace_api.batches.shapes import BatchAnswer
from foodtrace_api.examples import answered
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.paging import DEFAULT_LIMIT, Cursor, Limit
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES

router = APIRouter(
    prefix="/v1", tags=["lots"], responses=PROBLEM_RESPONSES, dependencies=[Depends(after_push)]
)


@router.get(
    "/batches/{batch_id}",
    response_model=BatchAnswer,
    responses=answered(BatchAnswer, "batch", "The batch and a page of its lots"),
    summary="A batch in all hands",
)
def one(
    request: Request,
    caller: WithKey,
    batch_id: UUID,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """What lines print of the batch, and a page of the lots that claim it."""
    return answer(describe(door_of(request), caller, batch_id, limit, cursor))
