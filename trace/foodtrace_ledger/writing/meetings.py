"""Where reports of one trade meet: the trade as a number, and who tells of it."""

from __future__ import annotations

from foodtrace.events import Event
from foodtrace.meeting import meeting_of
from foodtrace_ledger.hashing import number


def numbered(event: Event) -> tuple[int, str] | None:
    """The trade's number and its teller (voice, "|", source), as `movement` holds them; None where
    nobody else may report the same."""
    meeting = meeting_of(event)
    if meeting is None:
        return None
    return number(meeting.giver, meeting.trade_no), f"{meeting.voice}|{meeting.source}"
