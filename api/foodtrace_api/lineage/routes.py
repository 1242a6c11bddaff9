"""The three questions, alike for lots and batches."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from foodtrace.text import CODE_LIMIT
from foodtrace_api.examples import answered
from foodtrace_api.lineage.service import affected, chain
from foodtrace_api.lineage.shapes import AffectedAnswer, ChainAnswer, Subject
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.paging import DEFAULT_LIMIT, Cursor, Limit
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES
from foodtrace_ledger.affected import View
from foodtrace_ledger.grouping import By
from foodtrace_ledger.neighbours import Way

WithinPlace = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=CODE_LIMIT,
        description="Only sellers at places in this location (a market, chain, platform or region);"
        " `within` of the answer counts those elsewhere",
    ),
]
Grouped = Annotated[
    By | None,
    Query(description="A page of groups instead of sellers: by party, location, or market"),
]


Kind = Literal["lot", "batch"]


def questions(kind: Kind, folder: str) -> APIRouter:
    """The routes for one kind of subject, below `/v1/{folder}/{id}`."""
    router = APIRouter(
        prefix=f"/v1/{folder}",
        tags=["lineage"],
        responses=PROBLEM_RESPONSES,
        dependencies=[Depends(after_push)],
    )
    _add_upstream(router, kind)
    _add_downstream(router, kind)
    _add_affected(router, kind)
    return router


def _add_upstream(router: APIRouter, kind: Kind) -> None:
    @router.get(
        "/{subject_id}/upstream",
        response_model=ChainAnswer,
        responses=answered(ChainAnswer, "upstream", "A page of lots, nearest first"),
        summary=f"Where a {kind} came from (溯源)",
        operation_id=f"{kind}_upstream",
    )
    def upstream(
        request: Request,
        caller: WithKey,
        subject_id: UUID,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """All lots from which goods came, nearest first, each with the document on the way."""
        subject = Subject(kind=kind, id=subject_id)
        return answer(chain(door_of(request), caller, subject, Way.UP, limit, cursor))


def _add_downstream(router: APIRouter, kind: Kind) -> None:
    @router.get(
        "/{subject_id}/downstream",
        response_model=ChainAnswer,
        responses=answered(ChainAnswer, "downstream", "A page of lots, nearest first"),
        summary=f"What became of a {kind} (去向)",
        operation_id=f"{kind}_downstream",
    )
    def downstream(
        request: Request,
        caller: WithKey,
        subject_id: UUID,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """All lots that goods went into, nearest first, each with the document on the way."""
        subject = Subject(kind=kind, id=subject_id)
        return answer(chain(door_of(request), caller, subject, Way.DOWN, limit, cursor))


def _add_affected(router: APIRouter, kind: Kind) -> None:
    @router.get(
        "/{subject_id}/affected",
        response_model=AffectedAnswer,
        responses=answered(AffectedAnswer, "affected", "A page of sellers, and the totals"),
        summary=f"Whom a recall of a {kind} affects (涉事经营者)",
        operation_id=f"{kind}_affected",
    )
    def whom(
        request: Request,
        caller: WithKey,
        subject_id: UUID,
        within: WithinPlace = None,
        by: Grouped = None,
        limit: Limit = DEFAULT_LIMIT,
        cursor: Cursor = None,
    ) -> Response:
        """Who holds, held or sold it or something made with it: amounts, receipts, days, and the
        documents by which one knows; totals that count each unit once; what isn't known."""
        subject = Subject(kind=kind, id=subject_id)
        view = View(within=within, by=by)
        return answer(affected(door_of(request), caller, subject, view, limit, cursor))
