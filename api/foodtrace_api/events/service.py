"""Reads one event with everything said under its id."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, text

from foodtrace.access import Caller, Sight, sees_event, sight_of
from foodtrace.events import Event
from foodtrace.problems import NotFound
from foodtrace_api.contracts import Contracts
from foodtrace_api.events.shapes import Content, EventAnswer, VoidedBy
from foodtrace_schemas import json_form

_EVENT = text("""
    SELECT e.*, coalesce(h.top_revision, e.top_revision) AS highest
    FROM ledger.event AS e
    LEFT JOIN ledger.event AS h ON h.id = e.head
    WHERE e.event_id = :event_id
""")
_CONTENTS = text("""
    SELECT digest, log, topic, partition, "offset", received_at, schema_id, payload
    FROM ledger.event_content
    WHERE event = :event
    ORDER BY received_at, topic, partition, "offset"
""")
_VOIDS = text("""
    SELECT v.event_id, n.target_line AS line, NOT v.dead AS holds
    FROM ledger.voiding AS n
    JOIN ledger.event AS v ON v.id = n.void
    WHERE n.target = :event
    ORDER BY v.event_id, n.target_line
""")


def event(
    connection: Connection, contracts: Contracts, caller: Caller, event_id: UUID
) -> EventAnswer:
    """The event; raises NotFound `event.unknown` also for one that the caller may not see."""
    row = connection.execute(_EVENT, {"event_id": event_id}).one_or_none()
    if row is None:
        raise NotFound("event.unknown", str(event_id))
    found = connection.execute(_CONTENTS, {"event": row.id}).all()
    said = [(content, contracts.decode(bytes(content.payload))) for content in found]
    if not _visible(caller, [each for _, each in said]):
        raise NotFound("event.unknown", str(event_id))
    voids = connection.execute(_VOIDS, {"event": row.id})
    return EventAnswer(
        event_id=row.event_id,
        arrived=row.arrived,
        kind=row.kind,
        source=row.source,
        source_event_id=row.source_event_id,
        revision=row.revision,
        top_revision=row.highest,
        holds=row.arrived and not row.dead,
        superseded=row.superseded,
        dead_lines=list(row.dead_lines),
        voided_by=[VoidedBy(**void._mapping) for void in voids],
        contents=[_content(content, each) for content, each in said],
        flags=["event.two-contents"] if len(said) > 1 else [],
    )


def _visible(caller: Caller, said: list[Event]) -> bool:
    if sight_of(caller.role) is Sight.CHAIN:
        return True
    return any(sees_event(caller, each) for each in said)


def _content(row: Row[Any], event: Event) -> Content:
    return Content(
        digest=bytes(row.digest).hex(),
        log=row.log,
        topic=row.topic,
        partition=row.partition,
        offset=row.offset,
        received_at=row.received_at,
        schema_id=row.schema_id,
        document=json_form.write(event),
    )
