"""What a walk along the lineage found: the lots met and the first path to each."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from foodtrace.lots import LotKind
from foodtrace_ledger.circles import circles
from foodtrace_ledger.neighbours import CARRIED, SAME, Edge, Link, Way

KINDS = tuple(LotKind)


class How(IntEnum):
    """By what a lot was reached from the one before.

    document: a line says so; doubted: a line says that it may be; carried: stock without codes was
    carried over; same: it is the same lot under another id of its holder; again: it bears the code
    of a confirmed lot and came out of a logistic unit into which that may have gone.
    """

    DOCUMENT = 0
    DOUBTED = 1
    CARRIED = 2
    SAME = 3
    AGAIN = 4


def how(link: Link) -> How:
    """What kind of link it is."""
    line = link[3]
    if line == SAME:
        return How.SAME
    if line == CARRIED:
        return How.CARRIED
    return How.DOUBTED if link[4] else How.DOCUMENT


@dataclass(frozen=True, slots=True)
class Roots:
    """Lots to begin with, by this ledger's ids.

    `starts` are walked from first. `unlinked` are lots that claim the recalled batch although no
    path leads to them ("same batch, no path"). `others` claim it too; what isn't reached from the
    former (it may lie in a circle) is walked from at last.
    """

    starts: tuple[int, ...]
    unlinked: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    batches: tuple[int, ...] = ()


class Hop(NamedTuple):
    """A step of a path: the place it leads to, how, and by which event and line (see `How`); of
    what was carried over `event` is the day of the delivery, as an ordinal."""

    place: int
    how: How
    event: int
    line: int


@dataclass(slots=True)
class Walk:
    """The lots reached, in the order in which they were met, and the first path to each.

    Columns by place in that order; `came_from` is the place of the lot before on the path, -1 for
    one the walk began with. `edges` are all links seen, and of what was carried over one to each
    pool (of a walk up: one to each delivery). The numbers are this ledger's own and never leave it.

    A pool that was met as carried over may be reached by a link too, and is carried over itself
    only then: `late` has how that came about. `again` are contents of logistic units and the
    confirmed lot whose code each bears. `filled` are pools (of a walk up) that something may have
    come into on an earlier day. `units` are its logistic units, None before somebody asks.
    """

    way: Way
    lots: array[int] = field(default_factory=lambda: array("q"))
    depth: array[int] = field(default_factory=lambda: array("i"))
    came_from: array[int] = field(default_factory=lambda: array("q"))
    event: array[int] = field(default_factory=lambda: array("q"))
    line: array[int] = field(default_factory=lambda: array("i"))
    how: bytearray = field(default_factory=bytearray)
    confirmed: bytearray = field(default_factory=bytearray)
    held_by: array[int] = field(default_factory=lambda: array("i"))
    kind: bytearray = field(default_factory=bytearray)
    holders: list[tuple[str, str]] = field(default_factory=list)
    pools: dict[int, tuple[str, int]] = field(default_factory=dict)
    makings: set[int] = field(default_factory=set)
    units: set[int] | None = None
    unlinked: set[int] = field(default_factory=set)
    place: dict[int, int] = field(default_factory=dict)
    edges: list[array[int]] = field(default_factory=lambda: [array("q") for _ in Edge._fields])
    late: dict[int, tuple[int, Hop]] = field(default_factory=dict)
    again: dict[int, int] = field(default_factory=dict)
    filled: set[int] = field(default_factory=set)
    possible_links: int = 0
    backward: bool = False

    def __len__(self) -> int:
        """How many lots were reached."""
        return len(self.lots)

    def holder(self, lot: int) -> tuple[str, str]:
        """Who holds a lot of the walk, at which location."""
        return self.holders[self.held_by[self.place[lot]]]

    def kind_of(self, place: int) -> LotKind:
        """What kind of lot stands at a place."""
        return KINDS[self.kind[place]]

    def meet(self, lot: int, edge: Link | None, *, confirmed: bool) -> None:
        """Note a lot met for the first time."""
        before = -1 if edge is None else self.place[edge[0]]
        self.place[lot] = len(self.lots)
        self.lots.append(lot)
        self.depth.append(0 if before < 0 else self.depth[before] + 1)
        self.came_from.append(before)
        self.event.append(0 if edge is None else edge[2])
        self.line.append(0 if edge is None else edge[3])
        self.how.append(How.DOCUMENT if edge is None else how(edge))
        self.confirmed.append(confirmed)

    def meet_level(self, new: Mapping[int, Link]) -> None:
        """Note lots met for the first time, all over confirmed links from lots of one depth."""
        if not new:
            return
        starts, _ends, events, lines, _doubts = zip(*new.values(), strict=True)
        before = [self.place[start] for start in starts]
        first = len(self.lots)
        self.place.update(zip(new, range(first, first + len(new)), strict=True))
        self.lots.extend(new)
        self.depth.extend([self.depth[before[0]] + 1] * len(new))
        self.came_from.extend(before)
        self.event.extend(events)
        self.line.extend(lines)
        self.how.extend(
            [How.SAME if line == SAME else How.DOCUMENT for line in lines]
            if SAME in lines
            else bytes(len(new))
        )
        self.confirmed.extend(b"\1" * len(new))

    def note(self, edge: Link) -> None:
        """Note a link, first path or not, whose lots were met."""
        self.note_all([edge])
        self.look_back(edge)

    def look_back(self, link: Link) -> None:
        """See whether a link between lots that were met may close a circle."""
        # Every cycle has a link that doesn't lead deeper. What is only possible goes back honestly:
        # a return, contents of a unit, stock of one day bought from each other.
        if not link[4] and link[3] > SAME:
            deeper = self.depth[self.place[link[1]]] > self.depth[self.place[link[0]]]
            self.backward = self.backward or not deeper

    def note_all(self, links: Sequence[Link]) -> None:
        """Note links; whether one of them leads back is for the caller to see."""
        if not links:
            return
        columns = tuple(zip(*links, strict=True))
        for column, values in zip(self.edges, columns, strict=True):
            column.extend(values)
        self.possible_links += sum(columns[-1])

    def hop(self, place: int) -> Hop:
        """How the lot at a place was first met."""
        return Hop(place, How(self.how[place]), self.event[place], self.line[place])

    def is_carried(self, place: int) -> bool:
        """Whether the lot at a place was first met as stock carried over."""
        return self.how[place] == How.CARRIED

    def path(self, lot: int) -> list[Hop]:
        """From where the walk began to the lot, both included; the first hop is no link."""
        hops: list[Hop] = []
        place = self.place[lot]
        while True:
            hops.append(hop := self.hop(place))
            before = self.came_from[place]
            if before < 0:
                return hops[::-1]
            # What was carried over came from where goods arrived, not from what was drawn there.
            if hop.how is How.CARRIED and self.lots[before] in self.late:
                before, hop = self.late[self.lots[before]]
                hops.append(hop)
            place = before

    def began(self) -> list[int]:
        """The lots from which the walk began, in the order met."""
        return [lot for lot, before in zip(self.lots, self.came_from, strict=True) if before < 0]

    def circles(self) -> list[int]:
        """The lots that lie on a cycle, in the order met; empty for honest data."""
        if not self.backward:
            return []
        inside = circles(self._certain())
        return [lot for lot in self.lots if lot in inside]

    def _certain(self) -> Iterable[tuple[int, int]]:
        """The links that documents state, but those out of returned goods: these go back honestly."""
        returned = {
            lot
            for lot, kind in zip(self.lots, self.kind, strict=False)
            if KINDS[kind] is LotKind.RETURNED
        }
        down = self.way is Way.DOWN
        for start, end, _, line, doubt in zip(*self.edges, strict=True):
            if not doubt and line > SAME and (start if down else end) not in returned:
                yield start, end
