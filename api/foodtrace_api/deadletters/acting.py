"""Requeue, fix, dismiss."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from foodtrace.events.resolution import ResolutionAction
from foodtrace.letters import REQUEUED_HEADER, LetterPlace
from foodtrace.problems import OurFault, TheirFault
from foodtrace.text import NOTE_LIMIT, optional
from foodtrace_api.deadletters.noting import Actor, note, store, turn
from foodtrace_api.deadletters.shapes import Acted
from foodtrace_api.push.service import push
from foodtrace_api.push.shapes import EventAnswer, Status
from foodtrace_api.web.after import read_token
from foodtrace_api.web.answer import plain
from foodtrace_api.web.door import Door
from foodtrace_api.web.problem import ProblemWith
from foodtrace_bus.records import Record


class _Envelope(msgspec.Struct):
    source: str | None = None


class _Named(msgspec.Struct):
    """What has to be known of a corrected event before it is read as any other."""

    envelope: _Envelope | None = None


async def requeue(door: Door, actor: Actor, place: LetterPlace, reason: str | None) -> Acted:
    """Push the record again as it was, to the topic it came from.

    The same checks judge it: if nothing was mended it comes back as a new letter, linked to this
    one. First the record, then the note: a crash between the two leaves a letter that can be
    requeued once more, and the ledger takes an event once.
    """
    async with turn(door, actor, place) as held:
        contents = held.contents
        if contents.value is None:
            raise TheirFault("dead-letter.no-value", place.text)
        link = (REQUEUED_HEADER, place.text.encode())
        rest = tuple(pair for pair in contents.headers if pair[0] != REQUEUED_HEADER)
        record = Record(
            topic=place.topic, key=contents.key, value=contents.value, headers=(*rest, link)
        )
        # A reason that can't be is refused before anything is pushed.
        check_reason(reason)
        vector = await store(door, record)
        return await note(door, actor, held, ResolutionAction.REQUEUED, reason, before=vector)


async def fix(
    door: Door, actor: Actor, place: LetterPlace, event: bytes, reason: str | None
) -> Acted:
    """Push a corrected event under the source of the letter, by the door's own checks.

    Raises TheirFault for what the door refuses, OurFault when the bus is away.
    """
    async with turn(door, actor, place) as held:
        check_reason(reason)
        source = held.letter.source
        if source is not None:
            _check_source(event, source)
        caller = replace(actor.caller, source=source or actor.caller.source)
        done = await push(door, caller, [event], {})
        only = done.answers[0]
        if only.status is Status.FAILED:
            raise OurFault(only.code or "push.bus-away", only.detail or "")
        if only.status is Status.REFUSED:
            raise _refused(only)
        return await note(
            door,
            actor,
            held,
            ResolutionAction.FIXED,
            reason,
            corrected=only.event_id,
            before=read_token(done.after),
        )


async def dismiss(door: Door, actor: Actor, place: LetterPlace, reason: str) -> Acted:
    """Leave it aside for good, and say why."""
    async with turn(door, actor, place) as held:
        return await note(door, actor, held, ResolutionAction.DISMISSED, reason)


def check_reason(reason: str | None) -> None:
    """Raise InvalidValue for a reason that no event can hold."""
    optional(reason, "reason", NOTE_LIMIT)


def _check_source(event: bytes, source: str) -> None:
    try:
        named = msgspec.json.decode(event, type=_Named)
    except (msgspec.DecodeError, RecursionError):
        return  # The door's own reading says what is wrong with it, and where.
    said = None if named.envelope is None else named.envelope.source
    if said is not None and said != source:
        detail = f"the letter came from {source}, the event says {said}"
        raise TheirFault("event.wrong-source", detail, "envelope.source")


def _refused(only: EventAnswer) -> ProblemWith:
    assert only.code is not None
    fault = TheirFault(only.code, only.detail or "", only.path or "")
    return ProblemWith(fault, {"errors": plain(only.problems)} if only.problems else {})
