"""Routes of dead letters."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from foodtrace_api.deadletters.service import one, page
from foodtrace_api.deadletters.shapes import DeadLetterPage, DeadLetterWhole
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import Staff
from foodtrace_api.web.door import door_of
from foodtrace_api.web.paging import DEFAULT_LIMIT, Cursor, Limit
from foodtrace_api.web.problem import PROBLEM_RESPONSES
from foodtrace_ledger.engine import snapshot

router = APIRouter(prefix="/v1", tags=["dead letters"], responses=PROBLEM_RESPONSES)

Code = Annotated[str | None, Query(description="Only those with this problem code")]
Topic = Annotated[str | None, Query(description="Only those of this topic, by its full name")]
Number = Annotated[int, Path(ge=0, lt=2**31)]
Offset = Annotated[int, Path(ge=0, lt=2**63)]


@router.get("/dead-letters", response_model=DeadLetterPage, summary="Records put aside (ops)")
def index(
    request: Request,
    _caller: Staff,
    code: Code = None,
    topic: Topic = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """The latest first, without their bytes."""
    with snapshot(door_of(request).engine) as connection:
        found = page(connection, code, topic, limit, cursor)
    return answer(found)


@router.get(
    "/dead-letters/{log}/{topic}/{partition}/{offset}",
    response_model=DeadLetterWhole,
    summary="One record put aside, with its bytes (ops)",
)
def whole(
    request: Request, _caller: Staff, log: str, topic: str, partition: Number, offset: Offset
) -> Response:
    """By where it stood in the log."""
    place = {"log": log, "topic": topic, "partition": partition, "offset": offset}
    with snapshot(door_of(request).engine) as connection:
        found = one(connection, place)
    return answer(found)
