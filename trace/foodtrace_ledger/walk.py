"""Walks along the lineage, level by level from the client with a set of what was seen.

Confirmed links first, so that a lot is possible only if every path to it is. Depth and size have
no cap; a cycle in bad data ends by itself and is reported.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from foodtrace_ledger.circles import circles
from foodtrace_ledger.neighbours import Edge, Link, Way, link_rows


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


@dataclass(slots=True)
class Walk:
    """The lots reached, in the order in which they were met, and the first path to each.

    Columns by place in that order; `came_from` is the place of the lot before on the path, -1 for
    one the walk began with. `edges` are all links seen, not only those of first paths. The numbers
    are this ledger's own and never leave it.
    """

    way: Way
    lots: array[int] = field(default_factory=lambda: array("q"))
    depth: array[int] = field(default_factory=lambda: array("i"))
    came_from: array[int] = field(default_factory=lambda: array("q"))
    event: array[int] = field(default_factory=lambda: array("q"))
    line: array[int] = field(default_factory=lambda: array("i"))
    confirmed: bytearray = field(default_factory=bytearray)
    unlinked: set[int] = field(default_factory=set)
    place: dict[int, int] = field(default_factory=dict)
    edges: list[array[int]] = field(default_factory=lambda: [array("q") for _ in Edge._fields])
    possible_links: int = 0
    backward: bool = False

    def __len__(self) -> int:
        """How many lots were reached."""
        return len(self.lots)

    def meet(self, lot: int, edge: Edge | None, *, confirmed: bool) -> None:
        """Note a lot met for the first time."""
        before = -1 if edge is None else self.place[edge.start]
        self.place[lot] = len(self.lots)
        self.lots.append(lot)
        self.depth.append(0 if before < 0 else self.depth[before] + 1)
        self.came_from.append(before)
        self.event.append(0 if edge is None else edge.event)
        self.line.append(0 if edge is None else edge.line)
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
        self.confirmed.extend(b"\1" * len(new))

    def note(self, edge: Edge) -> None:
        """Note a link, first path or not, whose lots were met."""
        self.note_all([edge])
        # Every cycle has a link that doesn't lead deeper.
        if self.depth[self.place[edge.end]] <= self.depth[self.place[edge.start]]:
            self.backward = True

    def note_all(self, links: Sequence[Link]) -> None:
        """Note links; whether one of them leads back is for the caller to see."""
        if not links:
            return
        columns = tuple(zip(*links, strict=True))
        for column, values in zip(self.edges, columns, strict=True):
            column.extend(values)
        self.possible_links += sum(columns[-1])

    def path(self, lot: int) -> list[int]:
        """The places from where the walk began to the lot, both included."""
        places = [self.place[lot]]
        while (before := self.came_from[places[-1]]) >= 0:
            places.append(before)
        return places[::-1]

    def began(self) -> list[int]:
        """The lots from which the walk began, in the order met."""
        return [lot for lot, before in zip(self.lots, self.came_from, strict=True) if before < 0]

    def circles(self) -> list[int]:
        """The lots that lie on a cycle, in the order met; empty for honest data."""
        if not self.backward:
            return []
        inside = circles(zip(self.edges[0], self.edges[1], strict=True))
        return [lot for lot in self.lots if lot in inside]


def downstream(conn: Connection, roots: Roots, *, max_depth: int | None = None) -> Walk:
    """All descendants (去向) of the roots, themselves included."""
    return walk(conn, roots, Way.DOWN, max_depth=max_depth)


def upstream(conn: Connection, roots: Roots, *, max_depth: int | None = None) -> Walk:
    """All ancestors (溯源) of the roots, themselves included."""
    return walk(conn, roots, Way.UP, max_depth=max_depth)


def walk(conn: Connection, roots: Roots, way: Way, *, max_depth: int | None = None) -> Walk:
    """Walk from the roots; `max_depth` is for callers that ask for steps, not a protection."""
    walker = _Walker(conn, Walk(way), max_depth)
    walker.confirmed(roots.starts)
    walker.confirmed(roots.unlinked, unlinked=True)
    for lot in roots.others:
        if lot not in walker.found.place:
            walker.confirmed((lot,), unlinked=True)
    walker.possible()
    return walker.found


class _Walker:
    """One walk: over confirmed links from all roots first, then over what only possible ones reach."""

    def __init__(self, conn: Connection, found: Walk, max_depth: int | None) -> None:
        self._conn = conn
        self.found = found
        self._max_depth = max_depth
        # Links that wait for the second part, by the depth they start from.
        self._later: dict[int, list[Link]] = defaultdict(list)

    def confirmed(self, lots: Iterable[int], *, unlinked: bool = False) -> None:
        """Walk from lots that weren't met yet over confirmed links."""
        found = self.found
        level = [lot for lot in dict.fromkeys(lots) if lot not in found.place]
        for lot in level:
            found.meet(lot, None, confirmed=True)
        if unlinked:
            found.unlinked.update(level)
        while level:
            level = self._spread(level)

    def _spread(self, level: list[int]) -> list[int]:
        """One level: the lots that confirmed links lead to; possible links are put off."""
        found = self.found
        place, depth = found.place, found.depth
        now = depth[place[level[0]]]
        new: dict[int, Link] = {}
        for links in self._leaving(level):
            found.note_all(links)
            for link in links:
                end = link[1]
                if end in place:
                    # Every cycle has a link that doesn't lead deeper.
                    found.backward = found.backward or depth[place[end]] <= now
                elif link[4]:
                    self._later[now].append(link)
                elif end not in new:
                    new[end] = link
        found.meet_level(new)
        return list(new)

    def possible(self) -> None:
        """Walk over all links from what the put-off ones reach, the nearest first."""
        found = self.found
        while self._later:
            now = min(self._later)
            level = []
            for link in self._later.pop(now):
                if link[1] not in found.place:
                    found.meet(link[1], Edge._make(link), confirmed=False)
                    level.append(link[1])
            for links in self._leaving(level):
                found.note_all(links)
                for link in links:
                    at = found.place.get(link[1])
                    if at is None:
                        self._later[now + 1].append(link)
                    elif found.depth[at] <= now + 1:
                        found.backward = True

    def _leaving(self, level: list[int]) -> Iterable[Sequence[Link]]:
        if not level:
            return ()
        depth = self.found.depth[self.found.place[level[0]]]
        if self._max_depth is not None and depth >= self._max_depth:
            return ()
        return link_rows(self._conn, level, self.found.way)
