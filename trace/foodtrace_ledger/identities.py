"""Under which ids a party or a product goes: what live aliases and merges say, fetched as needed.

The closure by day is the domain's (`foodtrace.sameness`); here stands only what it is asked about.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection

from foodtrace.effects import AliasFact, Merge
from foodtrace.sameness import Sameness
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import plain

PARTY, PRODUCT = "party", "product"
# A kind (party, product) and an id.
Named = tuple[str, str]
# Days from and to, both included, and the ids that are one on all of them.
Span = tuple[date, date, frozenset[str]]
# Two ids, the days from and to, the event that says so, and whether it is a merge.
_Joined = tuple[str, str, date | None, date | None, int, bool]


@dataclass(slots=True)
class _Group:
    """Ids that some alias or merge joins, on whichever days."""

    members: set[str] = field(default_factory=set)
    aliases: list[AliasFact] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    said: dict[frozenset[str], int] = field(default_factory=dict)
    sameness: Sameness | None = None
    # Days on which an alias begins to hold or no longer does, and who is one between two of them.
    cuts: list[date] | None = None
    same: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)

    def cut(self) -> list[date]:
        """The days on which it may be otherwise than the day before, in order."""
        if self.cuts is None:
            self.cuts = _cuts(self.aliases)
        return self.cuts


class Identities:
    """The ids asked about so far, and those they are joined to."""

    def __init__(self, conn: Connection) -> None:
        """Nothing is known before `learn`."""
        self._conn = conn
        self._groups: dict[Named, _Group | None] = {}

    def learn(self, kind: str, ids: Iterable[str]) -> None:
        """Look up all that these ids are joined to; asks nothing for those already known."""
        waiting = {each for each in ids if (kind, each) not in self._groups}
        found: list[_Joined] = []
        met, told = set(waiting), set[str]()
        while waiting:
            rows = plain(
                self._conn, "ids_joined", {"kind": kind, "id": arrays.texts(sorted(waiting))}
            )
            told |= waiting
            waiting = {onward for *_, onward in rows if onward is not None} - told
            met.update(each for row in rows for each in row[:2])
            found += [row[:-1] for row in rows]
        self._gather(kind, met, found)

    def _gather(
        self,
        kind: str,
        met: Collection[str],
        rows: Iterable[_Joined],
    ) -> None:
        groups: dict[str, _Group] = {}
        for row in dict.fromkeys(rows):
            one, other, first, last, event, merged = row
            group = _joined(groups, one, other)
            if merged:
                group.merges.append(Merge(0, one, other, first or date.min))
            else:
                group.aliases.append(AliasFact(0, kind, one, "", other, first, last))
            group.said.setdefault(frozenset((one, other)), event)
        for each in met:
            self._groups.setdefault((kind, each), groups.get(each))

    def members(self, kind: str, one: str) -> Collection[str]:
        """Every id that `one` goes under on some day, itself included; it must have been learnt."""
        group = self._groups[kind, one]
        return (one,) if group is None else group.members

    def spans(self, kind: str, one: str, first: date, last: date) -> Iterator[Span]:
        """The ids that are `one`, for each part of the days from `first` to `last`."""
        group = self._groups[kind, one]
        if group is None:
            yield first, last, frozenset((one,))
            return
        for begin, end in _parts(group.cut(), first, last):
            yield begin, end, self._same(group, kind, one, begin)

    def on(self, kind: str, one: str, day: date) -> frozenset[str]:
        """The ids that are `one` on a day."""
        group = self._groups[kind, one]
        return frozenset((one,)) if group is None else self._same(group, kind, one, day)

    @staticmethod
    def _same(group: _Group, kind: str, one: str, day: date) -> frozenset[str]:
        between = one, bisect_right(group.cut(), day)
        known = group.same.get(between)
        if known is None:
            if group.sameness is None:
                group.sameness = Sameness(group.aliases, group.merges)
            joined = group.sameness
            known = joined.parties(one, day) if kind == PARTY else joined.products(one, day)
            group.same[between] = known
        return known

    def said_by(self, kind: str, one: str, other: str) -> int:
        """The event that joins the two; where others stand between, one that joins `other`."""
        group = self._groups[kind, one]
        assert group is not None
        direct = group.said.get(frozenset((one, other)))
        return direct or next(event for pair, event in group.said.items() if other in pair)


def _joined(groups: dict[str, _Group], one: str, other: str) -> _Group:
    """The group of both, made of the two that they were in."""
    group, joining = groups.get(one), groups.get(other)
    if group is None or joining is None:
        group = group or joining or _Group()
    elif group is not joining:
        group.aliases += joining.aliases
        group.merges += joining.merges
        group.said |= joining.said
        group.members |= joining.members
    group.members |= {one, other}
    for member in (one, other) if joining is None or joining is group else joining.members:
        groups[member] = group
    groups[one] = groups[other] = group
    return group


def _cuts(aliases: Iterable[AliasFact]) -> list[date]:
    cuts = {alias.valid_from for alias in aliases if alias.valid_from is not None}
    cuts |= {
        alias.valid_to + timedelta(days=1)
        for alias in aliases
        if alias.valid_to is not None and alias.valid_to < date.max
    }
    return sorted(cuts)


def _parts(cuts: Iterable[date], first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days from `first` to `last`, cut where an alias begins or ends."""
    begins = [first, *(cut for cut in cuts if first < cut <= last)]
    yield from zip(begins, [*(day - timedelta(days=1) for day in begins[1:]), last], strict=True)
