"""One event as it stands in the ledger: what was said under its id, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.problems import NotFound
from foodtrace_ledger.chunk import Origin
from foodtrace_ledger.sqlfile import sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """One content: where its earliest copy stands, the bytes as received, and its heading.

    `payload` is the record's value with its frame; `digest` is of the canonical content,
    `payload_digest` of the bytes.
    """

    digest: bytes
    origin: Origin
    payload_digest: bytes
    schema_id: int
    payload: bytes
    occurred_at: datetime
    business_date: date
    document_type: str | None
    document_number: str | None
    trade_no: str | None
    reporter: str | None
    giver: str | None
    giver_location: str | None
    taker: str | None
    taker_location: str | None
    receipt_code: str | None
    total_amount: Decimal | None
    currency: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided:
    """A void that names the event (`line` 0) or one of its lines, and whether it counts."""

    event_id: UUID
    source: str
    line: int
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventView:
    """An event: `dead` if it doesn't hold, be it void or superseded; `revisions` are all known ones
    of its document. More than one content means that the id came with different content."""

    event_id: UUID
    kind: str
    source: str
    source_event_id: str
    revision: int
    dead: bool
    superseded: bool
    dead_lines: tuple[int, ...]
    contents: tuple[Content, ...]
    voids: tuple[Voided, ...]
    revisions: tuple[tuple[int, UUID], ...]


def by_id(conn: Connection, event_id: UUID) -> EventView:
    """The event of that id; raises NotFound `event.unknown`, also if only a void has named it."""
    row = conn.execute(sql("event_by_id"), {"event_id": event_id}).one_or_none()
    if row is None or not row.arrived:
        raise NotFound("event.unknown", str(event_id))
    voids = conn.execute(sql("voids_of"), {"event": row.id})
    revisions = conn.execute(sql("revisions"), {"head": row.head})
    return EventView(
        event_id=row.event_id,
        kind=row.kind,
        source=row.source,
        source_event_id=row.source_event_id,
        revision=row.revision,
        dead=row.dead,
        superseded=row.superseded,
        dead_lines=tuple(row.dead_lines),
        contents=contents(conn, row.id),
        voids=tuple(Voided(**void._mapping) for void in voids),
        revisions=tuple((each.revision, each.event_id) for each in revisions),
    )


def contents(conn: Connection, event: int) -> tuple[Content, ...]:
    """What was said under an event's id, the earliest first."""
    rows = conn.execute(sql("contents_of"), {"event": event})
    return tuple(_content(dict(row._mapping)) for row in rows)


def _content(columns: dict[str, Any]) -> Content:
    columns.pop("content")
    where = ("log", "topic", "partition", "offset", "received_at")
    origin = Origin(**{name: columns.pop(name) for name in where})
    for name in ("digest", "payload_digest", "payload"):
        columns[name] = bytes(columns[name])
    return Content(origin=origin, **columns)
