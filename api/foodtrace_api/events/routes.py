"""The routes of one event, and of what a source sent."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from foodtrace.text import CODE_LIMIT
from foodtrace_api.events.service import event, page, source_seen
from foodtrace_api.events.shapes import EventAnswer, SentPage
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.paging import DEFAULT_LIMIT, Cursor, Limit
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES
from foodtrace_ledger.engine import snapshot
from foodtrace_ledger.sent import Asked

router = APIRouter(prefix="/v1", tags=["events"], responses=PROBLEM_RESPONSES)

Source = Annotated[
    str | None,
    Query(max_length=CODE_LIMIT, description="Only this source's; a reporter sees its own alone"),
]
Since = Annotated[date, Query(alias="from", description="First business day")]
Until = Annotated[date, Query(alias="to", description="Last business day")]


@router.get(
    "/events",
    response_model=SentPage,
    dependencies=[Depends(after_push)],
    summary="What a source has sent, by business day",
)
def index(
    request: Request,
    caller: WithKey,
    since: Since,
    until: Until,
    source: Source = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """The documents as they came, those that are void by now too."""
    door = door_of(request)
    asked = Asked(source=source_seen(caller, source), since=since, until=until)
    with snapshot(door.engine) as connection:
        found = page(connection, door.contracts, asked, limit, cursor)
    return answer(found)


@router.get(
    "/events/{event_id}",
    response_model=EventAnswer,
    dependencies=[Depends(after_push)],
    summary="What was said under an event's id",
)
def one(request: Request, caller: WithKey, event_id: UUID) -> Response:
    """All contents with their places in the log, what voids it, and whether it holds."""
    door = door_of(request)
    with snapshot(door.engine) as connection:
        found = event(connection, door.contracts, caller, event_id)
    return answer(found)
