"""Which piece of the log is read next, where several processes read: partitions come in slices.

A partition's records are written in their order, so only one may be at it at a time. The one with
most left is always taken next, so that they end together and nobody is idle before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from threading import Lock

from foodtrace_streams.replay.ranges import Range, Spot

#: Offsets of a slice: some seconds of work.
SLICE = 20_000


class Slices:
    """What is still to be read; may be asked from several threads."""

    def __init__(self, ranges: Iterable[Range], *, most: int = SLICE) -> None:
        """At most one range of each partition; no slice is of more than `most` offsets."""
        self._most = most
        self._waiting: dict[Spot, Range] = {_spot(one): one for one in ranges if one.size}
        self._rest: dict[Spot, Range] = {}
        self._lock = Lock()

    def take(self) -> Range | None:
        """The next slice; None when all others are under way or done.

        Its partition gives no other one before `done` is called for it.
        """
        with self._lock:
            spot = max(self._waiting, key=lambda one: self._waiting[one].size, default=None)
            if spot is None:
                return None
            rest = self._rest[spot] = self._waiting.pop(spot)
            return replace(rest, end=min(rest.end, rest.start + self._most))

    def done(self, taken: Range, up_to: int) -> None:
        """A slice is read up to that offset, which may be before its end."""
        with self._lock:
            rest = replace(self._rest.pop(_spot(taken)), start=up_to)
            if rest.size:
                self._waiting[_spot(rest)] = rest


def _spot(one: Range) -> Spot:
    return (one.topic, one.partition)
