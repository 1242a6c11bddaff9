"""The route of one event."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from foodtrace_api.events.service import event
from foodtrace_api.events.shapes import EventAnswer
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES
from foodtrace_ledger.engine import snapshot

router = APIRouter(prefix="/v1", tags=["events"], responses=PROBLEM_RESPONSES)


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
