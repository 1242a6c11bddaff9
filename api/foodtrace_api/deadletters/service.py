"""Reads dead letters from the ledger, for who may see them."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from foodtrace.access import STAFF, Caller
from foodtrace.letters import LetterPlace
from foodtrace.problems import PROBLEMS, NotFound, TheirFault
from foodtrace.problems.advice import advice
from foodtrace_api.contracts import Contracts
from foodtrace_api.deadletters.shapes import (
    DeadLetter,
    DeadLetterPage,
    DeadLetterWhole,
    Explanation,
    Settlement,
)
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_ledger import letters
from foodtrace_ledger.letters import Contents, Letter, Settled, Wanted


class Place(NamedTuple):
    """Where a page ended."""

    received_at: datetime
    last_topic: str
    last_partition: int
    last_offset: int
    last_log: str


def seen_by(caller: Caller, wanted: Wanted) -> Wanted:
    """What of it the caller may see: staff all, others what their source sent.

    Raises TheirFault for a key without a source, and for another source than its own.
    """
    if caller.role in STAFF:
        return wanted
    if caller.source is None or wanted.source not in (None, caller.source):
        raise TheirFault("auth.forbidden", "only what your own source sent", "source")
    return replace(wanted, source=caller.source)


def page(connection: Connection, wanted: Wanted, limit: int, cursor: str | None) -> DeadLetterPage:
    """A page of dead letters, the latest first."""
    question = ["dead-letters", *wanted.asked().values()]
    last = read_cursor(question, cursor, Place)
    behind: dict[str, Any] = dict.fromkeys(Place._fields) if last is None else last._asdict()
    found, total = letters.page(connection, wanted, behind, limit + 1)
    more = None
    if len(found) > limit:
        end = found[limit - 1]
        where = end.place
        place = Place(end.received_at, where.topic, where.partition, where.offset, where.log)
        more = cursor_of(question, place)
    return DeadLetterPage(
        total=total, dead_letters=[shown(one) for one in found[:limit]], next=more
    )


def found(connection: Connection, caller: Caller, place: LetterPlace) -> tuple[Letter, Contents]:
    """The letter with its bytes; raises NotFound for one that isn't there or isn't the caller's."""
    whole = letters.find(connection, place)
    own = seen_by(caller, Wanted()).source
    if whole is None or own not in (None, whole[0].source):
        raise NotFound("dead-letter.unknown", place.text)
    return whole


def one(
    connection: Connection, caller: Caller, place: LetterPlace, contracts: Contracts
) -> DeadLetterWhole:
    """A dead letter with all that came with it, explained; raises NotFound."""
    letter, contents = found(connection, caller, place)
    todo, seen = advice(letter.code), contracts.peek(contents.value)
    return DeadLetterWhole(
        about=shown(letter),
        explained=Explanation(
            todo_zh=todo.zh,
            todo_en=todo.en,
            seen=seen.seen.value,
            view=seen.view,
            came_back=[each.text for each in letters.came_back(connection, place)],
        ),
        key=_base64(contents.key),
        value=_base64(contents.value),
        headers=[(name, _base64(value) or "") for name, value in contents.headers],
    )


def shown(letter: Letter) -> DeadLetter:
    """A letter as it is shown."""
    meaning = PROBLEMS.get(letter.code)
    place = letter.place
    return DeadLetter(
        letter=place.text,
        log=place.log,
        topic=place.topic,
        partition=place.partition,
        offset=place.offset,
        received_at=letter.received_at,
        code=letter.code,
        zh=meaning.zh if meaning else letter.code,
        en=meaning.en if meaning else letter.code,
        detail=letter.detail,
        path=letter.path,
        schema_id=letter.schema_id,
        value_bytes=letter.value_bytes,
        published=letter.published,
        source=letter.source,
        requeued_from=letter.requeued_from,
        state=letter.state,
        settled=None if letter.settled is None else _settlement(letter.settled),
    )


def _settlement(settled: Settled) -> Settlement:
    return Settlement(
        action=settled.action,
        reason=settled.reason,
        corrected_event_id=settled.corrected,
        actor=settled.actor,
        acted_at=settled.acted_at,
        noted_at=settled.noted_at,
        event_id=settled.event_id,
    )


def _base64(value: bytes | None) -> str | None:
    return None if value is None else base64.b64encode(value).decode("ascii")
