"""Which signed checkpoints of a log are worth keeping once they are old.

Any checkpoint proves everything before it, so of a row of them only few are needed: the newest, from
which proofs are made; and enough of the past to say to within an hour, later a day, how far the log
had come. Any two that are kept still show that one continues the other, since the path between them
comes from the tree. Those that somebody outside holds all stay and stand for none of the others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

#: So long every checkpoint stays; then the last of each hour.
EVERY = timedelta(days=1)
#: So long the last of each hour stays; then the last of each day (both by UTC).
HOURLY = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A signed checkpoint that nobody outside holds: its leaves, when it was signed (aware UTC)."""

    size: int
    signed_at: datetime


def superfluous(marks: Iterable[Mark], now: datetime) -> set[int]:
    """The sizes that needn't be kept of one partition's checkpoints, as of `now` (aware UTC).

    Never the largest, none of an hour that ended less than `EVERY` ago. Thinning now and then gives
    what thinning once at the end does.
    """
    last: dict[tuple[str, datetime], int] = {}
    listed = sorted(marks, key=lambda mark: mark.size)
    for mark in listed:
        last[_period(mark, now)] = mark.size
    kept = set(last.values())
    return {mark.size for mark in listed[:-1] if mark.size not in kept and _period(mark, now)[0]}


def _period(mark: Mark, now: datetime) -> tuple[str, datetime]:
    """Of what it may be the last: a day, an hour, or (an empty name) nothing, since it is young."""
    hour = mark.signed_at.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=0)
    if day + timedelta(days=1) <= now - HOURLY:
        return "day", day
    if hour + timedelta(hours=1) <= now - EVERY:
        return "hour", hour
    return "", mark.signed_at
