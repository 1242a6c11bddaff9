"""Stock without codes carried over: from a delivery to the pools of later days, and back.

No such link is stored. A walk asks for each day of a stock once, so m deliveries into one and n
sales out of it cost m + n and not m x n; of several deliveries that a pool may have been drawn from
one is noted as the way there.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import Protocol

from sqlalchemy import Connection

from foodtrace.lots import LotKind
from foodtrace.pools import LONGEST
from foodtrace_ledger import arrays
from foodtrace_ledger.covered import Covered, Interval
from foodtrace_ledger.deliveries import Delivery, Shelves
from foodtrace_ledger.holders import Holders
from foodtrace_ledger.identities import PRODUCT, Identities
from foodtrace_ledger.neighbours import CARRIED, Link
from foodtrace_ledger.sqlfile import plain

# Who holds, at which location.
Place = tuple[str, str]
# A pool's product, and its day as an ordinal.
Pool = tuple[str, int]


class Known(Protocol):
    """What a walk knows of the lots it met."""

    pools: dict[int, Pool]

    def holder(self, lot: int) -> Place:
        """Who holds a lot, at which location."""
        ...


@dataclass(slots=True)
class Lookup:
    """What the rule of pools is asked with."""

    conn: Connection
    known: Known
    identities: Identities
    holders: Holders
    shelves: Shelves

    def learn_places(self, lots: Iterable[int]) -> None:
        """Look up all locations of holders whose lots state none."""
        held = (self.known.holder(lot) for lot in lots)
        self.holders.learn_places({party for party, location in held if not location})


@dataclass(slots=True)
class CarriedDown:
    """From where goods arrived to the pools of that day and later ones."""

    lookup: Lookup
    covered: dict[int, Covered] = field(default_factory=lambda: defaultdict(Covered))
    _came: dict[int, list[tuple[Delivery, date]]] = field(default_factory=dict)

    def learn(self, lots: Iterable[int]) -> None:
        """Look up what came into these lots and until when it may be drawn from: those of several
        steps at once, where the walk knows them. Asks nothing for those known."""
        new = [lot for lot in lots if lot not in self._came]
        deliveries = [*self._into_pools(new), *self._into_coded(new)]
        lasts = self.lookup.shelves.last_days(deliveries)
        self._came.update((lot, []) for lot in new)
        for each, last in zip(deliveries, lasts, strict=True):
            self._came[each.lot].append((each, last))

    def reached(self, lots: Sequence[int]) -> list[Link]:
        """Links from lots where goods arrived to pools not reached by this before."""
        look = self.lookup
        self.learn(lots)
        came = [pair for lot in self._in_order(lots) for pair in self._came.pop(lot)]
        look.learn_places(each.lot for each, _ in came)
        pieces = [
            (stock, part, each) for each, last in came for stock, part in self._fresh(each, last)
        ]
        return [
            (each.lot, pool, each.day.toordinal(), CARRIED, True)
            for pool, each in _pools(look.conn, pieces)
            if pool != each.lot
        ]

    def _in_order(self, lots: Iterable[int]) -> list[int]:
        """Each lot once: pools as they come, then lots with codes by their numbers."""
        once = dict.fromkeys(lots)
        pools = self.lookup.known.pools
        return [*(lot for lot in once if lot in pools), *sorted(once.keys() - pools.keys())]

    def _into_pools(self, lots: Iterable[int]) -> Iterator[Delivery]:
        look = self.lookup
        for lot in lots:
            if lot in look.known.pools:
                product, day = look.known.pools[lot]
                stock = look.holders.stock(*look.known.holder(lot), product)
                yield Delivery(lot, stock, product, date.fromordinal(day))

    def _into_coded(self, lots: Iterable[int]) -> list[Delivery]:
        coded = [lot for lot in lots if lot not in self.lookup.known.pools]
        if not coded:
            return []
        rows = plain(self.lookup.conn, "delivered_in", {"lot": arrays.numbers(coded)})
        return [Delivery(lot, None, product, day) for lot, day, product in rows]

    def _fresh(self, delivery: Delivery, last: date) -> Iterator[tuple[int, Interval]]:
        held = self.lookup.known.holder(delivery.lot)
        targets = self.lookup.holders.targets(*held, delivery.product, delivery.day, last)
        for stock, first, end in targets:
            for part in self.covered[stock].add(first, end):
                yield stock, part


def _pools(
    conn: Connection, pieces: Sequence[tuple[int, Interval, Delivery]]
) -> Iterator[tuple[int, Delivery]]:
    """The pools of some days of stocks, each with the delivery that they are asked for."""
    if not pieces:
        return
    asked = {
        "piece": arrays.numbers(range(len(pieces))),
        **_days(pieces),
    }
    for piece, pool in plain(conn, "pools_between", asked):
        yield pool, pieces[piece][2]


def _days(pieces: Iterable[tuple[int, Interval, object]]) -> dict[str, str]:
    listed = list(pieces)
    return {
        "stock": arrays.numbers(stock for stock, _, _ in listed),
        "first": arrays.texts(date.fromordinal(part[0]).isoformat() for _, part, _ in listed),
        "last": arrays.texts(date.fromordinal(part[1]).isoformat() for _, part, _ in listed),
    }


@dataclass(slots=True)
class _Stock:
    """What came into one stock: (day, last day, lot) in order of days, and what isn't reached."""

    covered: Covered = field(default_factory=Covered)
    came: list[tuple[int, int, int]] = field(default_factory=list)
    waiting: list[tuple[int, int, int]] = field(default_factory=list)

    def reached(self, drawn: Sequence[tuple[int, int]]) -> Iterator[Link]:
        """Links from pools, given in order of days, to deliveries not reached before."""
        left = []
        for day, last, lot in self.waiting:
            place = bisect_left(drawn, (day,))
            if place < len(drawn) and drawn[place][0] <= last:
                yield drawn[place][1], lot, day, CARRIED, True
            else:
                left.append((day, last, lot))
        self.waiting = left

    def filled(self, drawn: Iterable[tuple[int, int]]) -> Iterator[int]:
        """Those of the pools that something else may have come into."""
        longest = list(accumulate((last for _, last, _ in self.came), max))
        for day, pool in drawn:
            before = bisect_left(self.came, (day,))
            same_day = self.came[before : bisect_left(self.came, (day + 1,))]
            if (before and longest[before - 1] >= day) or any(lot != pool for *_, lot in same_day):
                yield pool


@dataclass(slots=True)
class CarriedUp:
    """From pools that were drawn from to what came in on that day and before."""

    lookup: Lookup
    stocks: dict[int, _Stock] = field(default_factory=lambda: defaultdict(_Stock))
    filled: set[int] = field(default_factory=set)

    def learn(self, lots: Iterable[int]) -> None:
        """Look up who holds and goes under which ids, of several steps at once."""
        look = self.lookup
        pools = list(lots)
        look.identities.learn(PRODUCT, {look.known.pools[lot][0] for lot in pools})
        look.learn_places(pools)

    def reached(self, lots: Sequence[int]) -> list[Link]:
        """Links from pools to deliveries not reached by this before."""
        drawn = self._drawn(lots)
        self._fetch(drawn)
        links: list[Link] = []
        for number, pools in drawn.items():
            stock = self.stocks[number]
            pools.sort()
            links += stock.reached(pools)
            self.filled.update(stock.filled(pools))
        return [link for link in links if link[0] != link[1]]

    def _drawn(self, lots: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """By stock the days and pools that may have been drawn from it."""
        look = self.lookup
        self.learn(lots)
        drawn: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for lot in lots:
            product, ordinal = look.known.pools[lot]
            day = date.fromordinal(ordinal)
            for stock, _, _ in look.holders.targets(*look.known.holder(lot), product, day, day):
                drawn[stock].append((ordinal, lot))
        return drawn

    def _fetch(self, drawn: dict[int, list[tuple[int, int]]]) -> None:
        """What came into the stocks on the days before that weren't asked for yet."""
        pieces = [
            (number, part, None)
            for number, pools in drawn.items()
            for day, _ in pools
            for part in self.stocks[number].covered.add(max(1, day - LONGEST), day)
        ]
        if not pieces:
            return
        rows = plain(self.lookup.conn, "delivered_between", _days(pieces))
        found = [
            (stock, Delivery(lot, stock if kind == LotKind.POOL else None, product, day))
            for stock, lot, kind, day, product in rows
        ]
        lasts = self.lookup.shelves.last_days([each for _, each in found])
        touched = set()
        for (number, each), last in zip(found, lasts, strict=True):
            entry = (each.day.toordinal(), last.toordinal(), each.lot)
            self.stocks[number].came.append(entry)
            self.stocks[number].waiting.append(entry)
            touched.add(number)
        for number in touched:
            self.stocks[number].came.sort()
