"""Walks along the lineage, level by level from the client with a set of what was seen.

Beside the links that documents state a walk follows what the rules of pools and parties add to them
(`foodtrace.pools`, `foodtrace.sameness`), as `foodtrace.walks` does in memory. Confirmed links
first, so that a lot is possible only if every path to it is. Depth and size have no cap; a cycle in
bad data ends by itself and is reported.

A pool is met in two ways. Goods arrive in it (a walk up: are drawn from it) by a link, and then it
is carried over; or it is met as carried over, and then it isn't once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from sqlalchemy import Connection

from foodtrace.lots import LotKind
from foodtrace.stock import DRAWN_FROM
from foodtrace_ledger import arrays
from foodtrace_ledger.ahead import MOST, Ahead
from foodtrace_ledger.carried import CarriedDown, CarriedUp, Lookup
from foodtrace_ledger.deliveries import Shelves
from foodtrace_ledger.holders import Holders
from foodtrace_ledger.identities import Identities
from foodtrace_ledger.met import Meeting
from foodtrace_ledger.named_again import name_again
from foodtrace_ledger.neighbours import AT_ONCE, Link, Way
from foodtrace_ledger.same_party import SameParty
from foodtrace_ledger.sqlfile import plain
from foodtrace_ledger.walk import KINDS, Hop, Roots, Walk, how

_CODED = frozenset(map(KINDS.index, (LotKind.TRACE, LotKind.BATCH)))
_POOL = frozenset({KINDS.index(LotKind.POOL)})
_DRAWN_FROM = frozenset(map(KINDS.index, DRAWN_FROM))


def downstream(
    conn: Connection,
    roots: Roots,
    *,
    max_depth: int | None = None,
    holders: Holders | None = None,
) -> Walk:
    """All descendants (去向) of the roots, themselves included."""
    return walk(conn, roots, Way.DOWN, max_depth=max_depth, holders=holders)


def upstream(
    conn: Connection,
    roots: Roots,
    *,
    max_depth: int | None = None,
    holders: Holders | None = None,
) -> Walk:
    """All ancestors (溯源) of the roots, themselves included."""
    return walk(conn, roots, Way.UP, max_depth=max_depth, holders=holders)


def walk(
    conn: Connection,
    roots: Roots,
    way: Way,
    *,
    max_depth: int | None = None,
    holders: Holders | None = None,
    ahead: int = MOST,
) -> Walk:
    """Walk from the roots; `max_depth` is for callers that ask for steps, not a protection.

    Several walks in one snapshot may share what they learn of `holders`. Fewer lots
    than `ahead` are read ahead, which is a matter of time alone.
    """
    read = Ahead(conn, way, 0 if max_depth is not None else ahead)
    walker = _Walker(conn, Walk(way), max_depth, holders or Holders(conn, Identities(conn)), read)
    walker.confirmed(roots.starts)
    walker.confirmed(roots.unlinked, unlinked=True)
    for lot in roots.others:
        if lot not in walker.found.place:
            walker.confirmed((lot,), unlinked=True)
    walker.possible()
    if walker.found.possible_links:
        name_again(conn, walker.found, walker.leaving)
    return walker.found


class _Walker:
    """One walk: over confirmed links from all roots first, then over what only possible ones reach."""

    def __init__(
        self,
        conn: Connection,
        found: Walk,
        max_depth: int | None,
        holders: Holders,
        ahead: Ahead,
    ) -> None:
        self._conn = conn
        self.found = found
        self._max_depth = max_depth
        self._holders, identities = holders, holders.identities
        self._ahead = ahead
        self._meeting = Meeting(self._ahead, found)
        self._same = SameParty(conn, identities, self._holders)
        look = Lookup(conn, found, identities, self._holders, Shelves(conn, identities))
        down = found.way is Way.DOWN
        self._carried: CarriedDown | CarriedUp = CarriedDown(look) if down else CarriedUp(look)
        if isinstance(self._carried, CarriedUp):
            found.filled = self._carried.filled
        # Kinds of lots that pools are filled from (a walk up: that are drawn from).
        self._carrying = _DRAWN_FROM if down else _POOL
        # Numbers of holders with stock without codes, and of those whose lots may have other keys.
        self._pooling: set[int] = set()
        self._twofold: set[int] = set()
        # By depth: links put off to the second part, and lots from where goods are carried over.
        self._later: dict[int, list[Link]] = defaultdict(list)
        self._arrived: dict[int, list[int]] = defaultdict(list)
        # Pools met as carried over, and by no link so far.
        self._half: set[int] = set()

    def confirmed(self, lots: Iterable[int], *, unlinked: bool = False) -> None:
        """Walk from lots that weren't met yet over confirmed links."""
        found = self.found
        level = [lot for lot in dict.fromkeys(lots) if lot not in found.place]
        for lot in level:
            found.meet(lot, None, confirmed=True)
        if unlinked:
            found.unlinked.update(level)
        self._learn()
        self._note_arrivals(self._spoken_of(level))
        while level:
            level = self._spread(level)

    def _spread(self, level: list[int]) -> list[int]:
        """One level: the lots that confirmed links lead to; possible links are put off."""
        found = self.found
        place = found.place
        now = found.depth[place[level[0]]]
        new: dict[int, Link] = {}
        for links in self._within_reach(level):
            found.note_all(links)
            for link in links:
                end = link[1]
                if end in place:
                    found.look_back(link)
                elif link[4]:
                    self._later[now].append(link)
                elif end not in new:
                    new[end] = link
        found.meet_level(new)
        self._learn()
        self._note_arrivals(new)
        return list(new)

    def possible(self) -> None:
        """Walk over all links from what the put-off ones reach, the nearest first."""
        found = self.found
        while self._later or self._arrived:
            now = min((*self._later, *self._arrived))
            level = [*self._follow(self._later.pop(now, ()))]
            self._learn()
            self._note_arrivals(level)
            carried = self._carry_over(now)
            for links in self._within_reach([*level, *carried]):
                found.note_all(links)
                for link in links:
                    if link[1] not in found.place or link[1] in self._half:
                        self._later[found.depth[found.place[link[0]]]].append(link)
                    else:
                        found.look_back(link)

    def _follow(self, links: Iterable[Link]) -> Iterator[int]:
        """Meet the lots that links lead to; what was half met is so no more."""
        found = self.found
        for link in links:
            end = link[1]
            if end not in found.place:
                found.meet(end, link, confirmed=False)
                yield end
            elif end in self._half:
                self._half.discard(end)
                hop = Hop(found.place[end], how(link), link[2], link[3])
                found.late[end] = (found.place[link[0]], hop)
                self._arrived[found.depth[found.place[link[0]]] + 1].append(end)

    def _carry_over(self, now: int) -> list[int]:
        """Meet what was carried over from the lots of one depth in which goods arrived."""
        found = self.found
        lots = self._arrived.pop(now, [])
        if not lots or (self._max_depth is not None and now >= self._max_depth):
            return []
        new = []
        self._carried.learn((*lots, *self._arriving()))
        links = self._carried.reached(lots)
        found.note_all(links)
        for link in links:
            if link[1] not in found.place:
                found.meet(link[1], link, confirmed=False)
                new.append(link[1])
        self._learn()
        self._half.update(lot for lot in new if lot in found.pools)
        return new

    def _arriving(self) -> Iterable[int]:
        """The lots from where goods will be carried over later, unless they are too many to read
        about now."""
        if self._max_depth is not None or sum(map(len, self._arrived.values())) > MOST:
            return ()
        return chain.from_iterable(self._arrived.values())

    def _learn(self) -> None:
        """Read what the lots just met are, and what matters of their holders."""
        before = len(self.found.holders)
        self._meeting.learn()
        new = self.found.holders[before:]
        self._holders.learn((*(party for party, _ in new), *self._ahead.new_holders()))
        for number, (party, location) in enumerate(new, before):
            if self._holders.has_pools(party):
                self._pooling.add(number)
            if self._holders.has_twins(party, location):
                self._twofold.add(number)

    def _note_arrivals(self, lots: Iterable[int]) -> None:
        """Keep in mind the lots from where goods may be carried over: of holders with pools."""
        found = self.found
        if self._pooling:
            for lot in lots:
                place = found.place[lot]
                if found.held_by[place] in self._pooling and found.kind[place] in self._carrying:
                    self._arrived[found.depth[place]].append(lot)

    def _spoken_of(self, lots: Sequence[int]) -> list[int]:
        """Without pools that no document speaks of any more: nothing is in them."""
        pools = [lot for lot in lots if lot in self.found.pools]
        if not pools:
            return list(lots)
        rows = plain(self._conn, "pools_spoken_of", {"lot": arrays.numbers(pools)})
        dead = set(pools) - {row[0] for row in rows}
        return [lot for lot in lots if lot not in dead]

    def _within_reach(self, level: Sequence[int]) -> Iterable[Sequence[Link]]:
        if self._max_depth is not None:
            found = self.found
            level = [lot for lot in level if found.depth[found.place[lot]] < self._max_depth]
        return self.leaving(level)

    def leaving(self, level: Sequence[int]) -> Iterable[Sequence[Link]]:
        """The links from some lots, but what is carried over."""
        yield from self._ahead.links(level)
        if self._twofold:
            twofold = [lot for lot in level if self._has_twins(self.found.place[lot])]
            for first in range(0, len(twofold), AT_ONCE):
                yield self._same.reached(twofold[first : first + AT_ONCE])

    def _has_twins(self, place: int) -> bool:
        return self.found.held_by[place] in self._twofold and self.found.kind[place] in _CODED
