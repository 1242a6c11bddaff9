"""In or aside: what an event's content and the broker's timestamp decide, alike in every replay."""

from __future__ import annotations

from datetime import datetime, timedelta

from foodtrace.events import Event
from foodtrace.identity import event_id
from foodtrace.problems import InvalidValue

# Clocks of tills are wrong by hours, not by days.
CLOCK_SLACK = timedelta(days=1)


def judge(event: Event, received_at: datetime) -> None:
    """Raise InvalidValue when the event's id or its time can't be, given when it came in.

    Records and their values are judged when they are made; this is what needs the broker's
    append time or the kind.
    """
    envelope = event.envelope
    right = event_id(envelope.source, event.kind, envelope.source_event_id, envelope.revision)
    if envelope.event_id != right:
        raise InvalidValue("event.wrong-id", f"expected {right}", "envelope.event_id")
    if envelope.occurred_at > received_at + CLOCK_SLACK:
        detail = f"{envelope.occurred_at.isoformat()}, received {received_at.isoformat()}"
        raise InvalidValue("event.from-the-future", detail, "envelope.occurred_at")
