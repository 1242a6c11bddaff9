"""Locations (经营场所) as a tree, and who sat where when.

Region → market → stall, chain → store, platform → online shop. A location's event is a fact of its
period; later tenants are later events. Three rules make one history of them:

1. Where the first day isn't stated, the tenant is known from the document's business day on.
2. A stated end counts. An open one ends with a stated end of the same tenant's span around it, else
   the day before the next tenant begins (implied), else it is still open.
3. Spans of one tenant that overlap or touch are one. Days on which two tenants sit are an overlap,
   days between tenants with none a gap; both are said, neither is repaired.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

#: Kinds of locations that answer for the sellers in them (食品安全法 61, 62).
ANSWERING = frozenset({"market", "chain", "platform"})

# GB/T 2260: two digits each for province, city and district, zeros where it ends earlier.
_REGION = re.compile(r"[1-9]\d{5}")

# From some places to what stands one level further: {place: [next, ...]}.
Onward = Callable[[Sequence[str]], Mapping[str, Iterable[str]]]

_DAY = timedelta(days=1)


def part_of(place: str, parent: str | None, region: str | None) -> str | None:
    """What a place is part of: the parent stated, else its region, else of a region the one that
    its code lies in."""
    if parent is not None:
        return parent
    return region if region not in (None, place) else region_above(place)


def region_above(code: str) -> str | None:
    """The region that a region (GB/T 2260) is part of; None for a province and any other code."""
    if not _REGION.fullmatch(code) or code.endswith("0000"):
        return None
    return code[:2] + "0000" if code.endswith("00") else code[:4] + "00"


def regions_in(code: str) -> tuple[str, ...]:
    """Every code that a region in this region may have, nearest level first; none for others."""
    if not _REGION.fullmatch(code):
        return ()
    if code.endswith("0000"):
        cities = tuple(f"{code[:2]}{number:02}00" for number in range(1, 100))
        return (*cities, *(part for city in cities for part in regions_in(city)))
    if code.endswith("00"):
        return tuple(f"{code[:4]}{number:02}" for number in range(1, 100))
    return ()


def subtree(root: str, below: Onward) -> dict[str, int]:
    """The root and all places in it, each with its depth; a circle in bad data ends by itself."""
    depth = {root: 0}
    level = [root]
    while level:
        onward = below(level)
        level = []
        for place in onward:
            for child in onward[place]:
                if child not in depth:
                    depth[child] = depth[place] + 1
                    level.append(child)
    return depth


def paths_up(places: Iterable[str], above: Onward) -> dict[str, tuple[str, ...]]:
    """For each place what it is part of, nearest first; a circle ends where it would close."""
    parents: dict[str, str] = {}
    asked = set(places)
    level = sorted(asked)
    while level:
        found = {place: next(iter(over), None) for place, over in above(level).items()}
        parents |= {place: parent for place, parent in found.items() if parent is not None}
        level = sorted({parent for parent in found.values() if parent is not None} - asked)
        asked |= set(level)
    return {place: tuple(_climb(place, parents)) for place in places}


def _climb(place: str, parents: Mapping[str, str]) -> Iterator[str]:
    seen = {place}
    parent = parents.get(place)
    while parent is not None and parent not in seen:
        yield parent
        seen.add(parent)
        parent = parents.get(parent)


class End(StrEnum):
    """How one knows that a tenancy ended: said so, by the next tenant, or not at all."""

    STATED = "stated"
    IMPLIED = "implied"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sat:
    """An occupancy as an event of the business day `day` states it; both days are included."""

    occupant: str
    since: date | None
    until: date | None
    day: date
    event_id: UUID

    @property
    def begin(self) -> date:
        """The first day known."""
        if self.since is not None:
            return self.since
        return self.day if self.until is None else min(self.day, self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenancy:
    """`occupant` sat there from `since` to `until` (None: still open), both included.

    `since_stated` is False where only a document's day tells; `event_ids` say it.
    """

    occupant: str
    since: date
    since_stated: bool
    until: date | None
    end: End
    event_ids: tuple[UUID, ...]

    def covers(self, day: date) -> bool:
        """Whether the occupant sat there on the day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """Two tenants sat there from `since` to `until` (None: still)."""

    occupants: tuple[str, str]
    since: date
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Nobody is known to have sat there from `since` to `until`, both included."""

    since: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The tenants of one location in the order of their first days."""

    tenancies: tuple[Tenancy, ...]
    overlaps: tuple[Overlap, ...]
    gaps: tuple[Gap, ...]

    def on(self, day: date) -> tuple[str, ...]:
        """Who sat there on a day, by id; several only where tenants overlap."""
        return tuple(sorted({each.occupant for each in self.tenancies if each.covers(day)}))


def history(said: Iterable[Sat]) -> History:
    """The tenants of one location; the same whatever the order of what was said."""
    known = set(said)
    ends = _Ends(known)
    by_occupant: dict[str, list[Tenancy]] = defaultdict(list)
    for span in sorted((_tenancy(each, ends) for each in known), key=_order):
        by_occupant[span.occupant].append(span)
    tenancies = sorted(
        (each for mine in by_occupant.values() for each in _joined(mine)), key=_order
    )
    overlaps, gaps = _against_each_other(tenancies)
    return History(tenancies=tuple(tenancies), overlaps=tuple(overlaps), gaps=tuple(gaps))


def _order(span: Tenancy) -> tuple[date, str, date]:
    return span.since, span.occupant, span.until or date.max


def _tenancy(sat: Sat, ends: _Ends) -> Tenancy:
    until, end = (sat.until, End.STATED) if sat.until is not None else ends.of(sat)
    return Tenancy(
        occupant=sat.occupant,
        since=sat.begin,
        since_stated=sat.since is not None,
        until=until,
        end=end,
        event_ids=(sat.event_id,),
    )


class _Ends:
    """When spans with an open end ended, by what else was said of the location."""

    def __init__(self, known: Iterable[Sat]) -> None:
        self._stated: dict[str, list[tuple[date, date]]] = defaultdict(list)
        beginners: dict[date, set[str]] = defaultdict(set)
        for sat in known:
            beginners[sat.begin].add(sat.occupant)
            if sat.until is not None:
                self._stated[sat.occupant].append((sat.begin, sat.until))
        self._begins = sorted(beginners)
        self._beginners = [beginners[day] for day in self._begins]
        # For each of these days the place of the next one on which somebody else begins too: a
        # market that says the same every day must not make this quadratic.
        self._other = list(range(1, len(self._begins) + 1))
        for place in range(len(self._begins) - 2, -1, -1):
            if self._beginners[place] == self._beginners[place + 1]:
                self._other[place] = self._other[place + 1]

    def of(self, sat: Sat) -> tuple[date | None, End]:
        """The last day, and how one knows."""
        around = [last for first, last in self._stated[sat.occupant] if first <= sat.begin <= last]
        if around:
            return max(around), End.STATED
        following = bisect_right(self._begins, sat.begin)
        if following < len(self._begins) and self._beginners[following] == {sat.occupant}:
            following = self._other[following]
        if following < len(self._begins):
            return self._begins[following] - _DAY, End.IMPLIED
        return None, End.OPEN


def _joined(spans: Iterable[Tenancy]) -> Iterator[Tenancy]:
    """The spans of one tenant, in order, with those that overlap or touch as one."""
    group: list[Tenancy] = []
    last = date.min
    for each in spans:
        if group and last != date.max and each.since > last + _DAY:
            yield _one(group)
            group = []
        last = max(last if group else date.min, each.until or date.max)
        group.append(each)
    if group:
        yield _one(group)


def _one(group: Sequence[Tenancy]) -> Tenancy:
    first = group[0].since
    last = max(group, key=lambda each: (each.until or date.max, each.end is End.STATED))
    return replace(
        last,
        since=first,
        since_stated=any(each.since_stated for each in group if each.since == first),
        event_ids=tuple(sorted({number for each in group for number in each.event_ids})),
    )


def _against_each_other(ordered: Sequence[Tenancy]) -> tuple[list[Overlap], list[Gap]]:
    """Each tenant is held against the one who stays longest of those before: n comparisons."""
    overlaps: list[Overlap] = []
    gaps: list[Gap] = []
    longest: Tenancy | None = None
    for each in ordered:
        if longest is not None:
            end = longest.until or date.max
            if each.since <= end:
                pair = (longest.occupant, each.occupant)
                until = min(end, each.until or date.max)
                overlaps.append(
                    Overlap(
                        occupants=(min(pair), max(pair)),
                        since=each.since,
                        until=None if until == date.max else until,
                    )
                )
            elif end + _DAY < each.since:
                gaps.append(Gap(since=end + _DAY, until=each.since - _DAY))
        if longest is None or (each.until or date.max) > (longest.until or date.max):
            longest = each
    return overlaps, gaps
