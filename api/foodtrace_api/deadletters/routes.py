"""Routes of dead letters: browse and explain, then requeue, fix or dismiss."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from foodtrace.access import Caller, Role
from foodtrace.letters import LetterPlace
from foodtrace.problems import TheirFault
from foodtrace_api.deadletters.acting import dismiss, fix, requeue
from foodtrace_api.deadletters.noting import Actor
from foodtrace_api.deadletters.service import one, page, seen_by
from foodtrace_api.deadletters.shapes import (
    Acted,
    DeadLetterPage,
    DeadLetterWhole,
    Dismissal,
    State,
    Why,
)
from foodtrace_api.push.body import read_body
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import Staff, by, require
from foodtrace_api.web.door import door_of
from foodtrace_api.web.paging import DEFAULT_LIMIT, Cursor, Limit
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES
from foodtrace_ledger.engine import snapshot
from foodtrace_ledger.letters import Wanted

router = APIRouter(prefix="/v1", tags=["dead letters"], responses=PROBLEM_RESPONSES)

#: Staff, and whoever sends: those see and fix what came from their own source.
Concerned = Annotated[Caller, Depends(require(Role.OPS, Role.ADMIN, Role.REPORTER, Role.PARTY))]
Code = Annotated[str | None, Query(description="Only those with this problem code")]
Topic = Annotated[str | None, Query(description="Only those of this topic, by its full name")]
Source = Annotated[str | None, Query(description="Only what this source sent")]
StateOf = Annotated[State | None, Query(description="Only open ones, or those dealt with so")]
Number = Annotated[int, Path(ge=0, lt=2**31)]
Offset = Annotated[int, Path(ge=0, lt=2**63)]

_LETTER = "/dead-letters/{log}/{topic}/{partition}/{offset}"
#: The body of a correction, which is read by itself so that no amount is rounded.
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["event"],
                    "properties": {
                        "event": {"type": "object", "description": "As in POST /v1/events"},
                        "reason": {"type": ["string", "null"]},
                    },
                }
            }
        },
    }
}


class _Correction(msgspec.Struct):
    event: msgspec.Raw
    reason: str | None = None


def place_of(log: str, topic: str, partition: Number, offset: Offset) -> LetterPlace:
    """The letter that a path names."""
    return LetterPlace(log=log, topic=topic, partition=partition, offset=offset)


At = Annotated[LetterPlace, Depends(place_of)]


@router.get(
    "/dead-letters",
    response_model=DeadLetterPage,
    summary="Records put aside, and what was done about them",
    dependencies=[Depends(after_push)],
)
def index(
    request: Request,
    caller: Concerned,
    code: Code = None,
    topic: Topic = None,
    source: Source = None,
    state: StateOf = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """The latest first, without their bytes. Staff see all, others what their own source sent."""
    wanted = seen_by(caller, Wanted(code=code, topic=topic, source=source, state=state))
    with snapshot(door_of(request).engine) as connection:
        found = page(connection, wanted, limit, cursor)
    return answer(found)


@router.get(
    _LETTER,
    response_model=DeadLetterWhole,
    summary="One record put aside, explained, with its bytes",
    dependencies=[Depends(after_push)],
)
def whole(request: Request, caller: Concerned, place: At) -> Response:
    """By where it stood in the log: what is wrong, what to do, what it says as far as that can be
    read, and what it became."""
    door = door_of(request)
    with snapshot(door.engine) as connection:
        found = one(connection, caller, place, door.contracts)
    return answer(found)


@router.post(
    f"{_LETTER}/requeue", response_model=Acted, summary="Push a record again as it was (ops)"
)
async def requeue_one(
    request: Request, caller: Staff, place: At, why: Why | None = None
) -> Response:
    """After a schema was registered or a fault mended. The same checks judge it: if nothing was
    mended it comes back as a new letter whose `requeued_from` is this one. Acting on a letter that
    isn't open is a conflict."""
    actor = Actor(caller=caller, key=by(request))
    reason = None if why is None else why.reason
    return answer(await requeue(door_of(request), actor, place, reason))


@router.post(
    f"{_LETTER}/fix",
    response_model=Acted,
    summary="Push a corrected event in place of a record",
    openapi_extra=_BODY,
)
async def fix_one(request: Request, caller: Concerned, place: At) -> Response:
    """The event is pushed under the source of the record, by the checks of POST /v1/events; what
    they refuse leaves the letter open. Acting on a letter that isn't open is a conflict."""
    door = door_of(request)
    actor = Actor(caller=caller, key=by(request))
    with door.load.held() as held:
        wanted = _read(await read_body(request, door.settings.max_body_bytes, held))
        return answer(await fix(door, actor, place, bytes(wanted.event), wanted.reason))


@router.post(
    f"{_LETTER}/dismiss", response_model=Acted, summary="Leave a record aside for good (ops)"
)
async def dismiss_one(request: Request, caller: Staff, place: At, why: Dismissal) -> Response:
    """With a reason. The letter stays, as does its record in the log; a void of the action opens it
    again. Acting on a letter that isn't open is a conflict."""
    actor = Actor(caller=caller, key=by(request))
    return answer(await dismiss(door_of(request), actor, place, why.reason))


def _read(body: bytes) -> _Correction:
    try:
        return msgspec.json.decode(body, type=_Correction)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TheirFault("event.malformed", str(error), "event") from error
