"""What a source has sent, by business day, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from foodtrace_ledger.sqlfile import sql


class Place(NamedTuple):
    """Where a page ended."""

    day: date
    event_id: UUID
    content: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which documents: of a source, or of all where none is named, on business days of a span."""

    source: str | None
    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One content of an event; `dead` once it is void or superseded as a whole."""

    event_id: UUID
    kind: str
    source: str
    source_event_id: str
    revision: int
    dead: bool
    content: int
    received_at: datetime
    business_date: date
    payload: bytes

    @property
    def place(self) -> Place:
        """Where it stands in the order of pages."""
        return Place(self.business_date, self.event_id, self.content)


def sent(conn: Connection, asked: Asked, behind: Place | None, limit: int) -> tuple[Sent, ...]:
    """The next `limit` documents behind a place, by business day and event id."""
    day, event, content = behind if behind is not None else (None, None, None)
    rows = conn.execute(
        sql("sent"),
        {
            "source": asked.source,
            "since": asked.since,
            "until": asked.until,
            "last_day": day,
            "last_event": event,
            "last_content": content,
            "limit": limit,
        },
    )
    return tuple(Sent(**{**row._mapping, "payload": bytes(row.payload)}) for row in rows)
