"""The rows of event ids: made or locked, all at once and in the order of ids."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.events import Event
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.said import Content, Said


@dataclass(frozen=True, slots=True)
class Heads:
    """The ids in this ledger of every event the chunk speaks of, and which rows it made."""

    ids: dict[UUID, int]
    made: frozenset[UUID]


def lock(conn: Connection, said: Said) -> Heads:
    """Make or lock the row of each event, void target and document head of a chunk.

    From here on no other writer can change whether these events hold.
    """
    arrivals = {content.event_id: content.event for content in said.values()}
    wanted = sorted(_spoken_of(said.values()))
    rows = conn.execute(sql("lock_events"), _columns(wanted, arrivals))
    by_hex = {event_id.hex: event_id for event_id in wanted}
    ids = {by_hex[key]: number for number, key in rows}
    made = frozenset(ids)
    missing = [event_id for event_id in wanted if event_id not in ids]
    if missing:
        found = conn.execute(sql("find_events"), {"event_id": arrays.ids(missing)})
        ids.update((by_hex[key], number) for number, key in found)
    return Heads(ids, made)


def _spoken_of(contents: Iterable[Content]) -> set[UUID]:
    ids: set[UUID] = set()
    for content in contents:
        ids.add(content.event_id)
        if content.event.envelope.revision:
            ids.add(content.head_id)
        ids.update(fact.target for fact in content.voids())
    return ids


def _columns(wanted: list[UUID], arrivals: dict[UUID, Event]) -> dict[str, str]:
    events = [arrivals.get(event_id) for event_id in wanted]
    envelopes = [None if event is None else event.envelope for event in events]
    return {
        "event_id": arrays.ids(wanted),
        "kind": arrays.texts(None if e is None else e.kind for e in events),
        "source": arrays.texts(None if e is None else e.source for e in envelopes),
        "source_event_id": arrays.texts(
            None if e is None else e.source_event_id for e in envelopes
        ),
        "revision": arrays.numbers(None if e is None else e.revision for e in envelopes),
        "arrived": arrays.flags(e is not None for e in events),
        "top_revision": arrays.numbers(None if e is None or e.revision else 0 for e in envelopes),
    }
