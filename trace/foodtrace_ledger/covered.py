"""Sets of days as intervals, so that no day of a stock is asked for twice."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

# Days as ordinals, from and to, both included.
Interval = tuple[int, int]


@dataclass(slots=True)
class Covered:
    """Days covered so far: intervals that neither overlap nor touch, in order."""

    begins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, first: int, last: int) -> list[Interval]:
        """Cover the days from `first` to `last`; the parts that weren't covered before."""
        if last < first:
            return []
        low = bisect_left(self.ends, first - 1)
        if low < len(self.begins) and self.begins[low] <= first and last <= self.ends[low]:
            return []
        high = low
        while high < len(self.begins) and self.begins[high] <= last + 1:
            high += 1
        fresh = list(self._gaps(low, high, first, last))
        if low < high:
            first = min(first, self.begins[low])
            last = max(last, self.ends[high - 1])
        self.begins[low:high] = [first]
        self.ends[low:high] = [last]
        return fresh

    def _gaps(self, low: int, high: int, first: int, last: int) -> Iterator[Interval]:
        for place in range(low, high):
            if first < self.begins[place]:
                yield first, self.begins[place] - 1
            first = max(first, self.ends[place] + 1)
        if first <= last:
            yield first, last
