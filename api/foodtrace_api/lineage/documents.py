"""Which documents a limited caller may read."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Connection, text

from foodtrace.access import Caller, Sight, sight_of
from foodtrace_ledger import arrays

# As `foodtrace.access.sees_event` decides by the event itself.
_READABLE = text("""
    SELECT DISTINCT e.event_id
    FROM ledger.event AS e
    JOIN ledger.event_content AS c ON c.event = e.id
    WHERE e.event_id = ANY(CAST(:events AS uuid[]))
      AND (e.source = :source OR :holder IN (c.giver, c.taker))
""")


def readable(connection: Connection, caller: Caller, events: Collection[UUID]) -> set[UUID]:
    """Those of the events whose documents the caller may read."""
    sight = sight_of(caller.role)
    if sight is Sight.CHAIN:
        return set(events)
    if not events:
        return set()
    asked = {
        "events": arrays.ids(events),
        "source": caller.source,
        "holder": caller.holder if sight is Sight.STEP else None,
    }
    return set(connection.scalars(_READABLE, asked))
