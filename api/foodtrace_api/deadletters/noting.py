"""An action on a dead letter: one at a time, and an event that says what was done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from anyio import to_thread
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from foodtrace.access import STAFF, Caller
from foodtrace.events.envelope import Envelope
from foodtrace.events.resolution import Resolution, ResolutionAction
from foodtrace.events.void import OPS_SOURCE
from foodtrace.identity import event_id
from foodtrace.letters import LetterPlace
from foodtrace.problems import Conflict, OurFault
from foodtrace_api.deadletters.service import found
from foodtrace_api.deadletters.shapes import Acted
from foodtrace_api.web.after import Vector, token_of, vector_of
from foodtrace_api.web.door import Door
from foodtrace_api.web.positions import wait_until_in
from foodtrace_bus.records import PublishError, Record, Stored
from foodtrace_ledger import letters
from foodtrace_ledger.letters import Contents, Letter
from foodtrace_schemas.topics import topic_of

#: Business days are those of China.
_OFFSET_MINUTES = 480
# Of the key of an advisory lock: other locks of ours use one number alone ("lett" in ASCII).
_LOCKS = 0x6C657474
#: Takes the turn of a letter, by its `lock_key`, for the session; false while another has it.
TAKE_TURN = text("SELECT pg_try_advisory_lock(:locks, :letter)")
#: Gives it back.
END_TURN = text("SELECT pg_advisory_unlock(:locks, :letter)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts: the caller, and the shown part of its key."""

    caller: Caller
    key: str

    @property
    def source(self) -> str:
        """Under which source the action is told."""
        return OPS_SOURCE if self.caller.role in STAFF else self.caller.source or OPS_SOURCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A letter that is open, with its bytes, and how many actions on it are known."""

    letter: Letter
    contents: Contents
    acts: int


@asynccontextmanager
async def turn(door: Door, actor: Actor, place: LetterPlace) -> AsyncIterator[Turn]:
    """Hold the letter until the action is noted, so that of two who act one is told.

    Raises NotFound, and Conflict for a letter that isn't open or on which another acts.
    """
    async with door.letters:
        lock = await to_thread.run_sync(_lock, door.engine, place)
        try:
            yield await to_thread.run_sync(_open, lock, actor.caller, place)
        finally:
            await to_thread.run_sync(_unlock, lock, place)


async def note(
    door: Door,
    actor: Actor,
    held: Turn,
    action: ResolutionAction,
    reason: str | None,
    *,
    corrected: UUID | None = None,
    before: Vector | None = None,
) -> Acted:
    """Store the action as an event and wait a while until the ledger has it.

    `before` is what was pushed by it; the token covers both. Raises InvalidValue for a reason that
    can't be, OurFault when the bus is away.
    """
    event = resolution(door, actor, held, action, reason, corrected)
    record = Record(
        topic=topic_of(event.kind, door.settings.topic_prefix),
        key=str(event.envelope.event_id).encode("ascii"),
        value=await to_thread.run_sync(door.contracts.encode, event),
    )
    vector = {**(before or {}), **await store(door, record)}
    return Acted(
        letter=event.letter,
        action=action.value,
        event_id=event.envelope.event_id,
        corrected_event_id=corrected,
        in_ledger=await _is_in(door, vector),
        after=token_of(vector),
    )


def resolution(
    door: Door,
    actor: Actor,
    held: Turn,
    action: ResolutionAction,
    reason: str | None,
    corrected: UUID | None,
) -> Resolution:
    """The event of an action. Its number follows from the letter and the actions before it, so that
    the same one sent twice is one."""
    letter = held.letter.place.text
    number = f"{sha256(letter.encode()).hexdigest()[:32]}-{held.acts}"
    now = door.clock()
    return Resolution(
        envelope=Envelope(
            event_id=event_id(actor.source, Resolution.kind, number),
            source=actor.source,
            source_event_id=number,
            reporter=actor.caller.reporter,
            occurred_at=now,
            occurred_offset_minutes=_OFFSET_MINUTES,
            business_date=(now + timedelta(minutes=_OFFSET_MINUTES)).date(),
        ),
        letter=letter,
        action=action,
        reason=reason,
        corrected_event_id=corrected,
        actor=f"{actor.caller.role}:{actor.key}",
    )


async def store(door: Door, record: Record) -> dict[tuple[str, int], int]:
    """Put one record on the bus; gives the vector behind it, raises OurFault when it isn't in."""
    (result,) = await door.bus.publish([record])
    if isinstance(result, PublishError):
        raise OurFault(result.code, result.detail)
    assert isinstance(result, Stored)
    topic = result.topic.removeprefix(door.settings.topic_prefix)
    return vector_of([(topic, result.partition, result.offset)])


async def _is_in(door: Door, vector: Vector) -> bool:
    try:
        await wait_until_in(door, vector)
    except OurFault as fault:
        if fault.code != "answer.not-yet":
            raise
        return False
    return True


def _open(connection: Connection, caller: Caller, place: LetterPlace) -> Turn:
    letter, contents = found(connection, caller, place)
    number = letters.acts(connection, place)
    done = letter.settled
    if done is not None:
        raise Conflict("dead-letter.settled", f"{done.action} at {done.acted_at}: {done.event_id}")
    return Turn(letter=letter, contents=contents, acts=number)


def lock_key(place: LetterPlace) -> dict[str, int]:
    """The two numbers of a letter's advisory lock."""
    digest = sha256(place.text.encode()).digest()
    return {"locks": _LOCKS, "letter": int.from_bytes(digest[:4], signed=True)}


def _lock(engine: Engine, place: LetterPlace) -> Connection:
    # Of the session, and no transaction stands open meanwhile.
    connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        took = connection.execute(TAKE_TURN, lock_key(place)).scalar_one()
        if not took:
            raise Conflict("dead-letter.busy", place.text)
    except BaseException:
        connection.close()
        raise
    return connection


def _unlock(connection: Connection, place: LetterPlace) -> None:
    try:
        # At once: the server notices a closed session a moment later.
        connection.execute(END_TURN, lock_key(place))
    except SQLAlchemyError:
        # The lock ends with the session, which must not return to the pool with it.
        connection.invalidate()
    finally:
        connection.close()
