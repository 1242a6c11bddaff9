"""The smallest parts of events, for tests that say what they mean in a line."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from foodtrace.events.envelope import Envelope
from foodtrace.identity import event_id

DAY = date(2026, 5, 21)
NOON = datetime(2026, 5, 21, 4, tzinfo=UTC)


def envelope(kind: str, number: str, *, source: str = "erp", **more: Any) -> Envelope:
    """An envelope of that kind and source event id on one fixed day."""
    return Envelope(
        event_id=event_id(source, kind, number, more.get("revision", 0)),
        source=source,
        source_event_id=number,
        **{"occurred_at": NOON, "business_date": DAY, **more},
    )
