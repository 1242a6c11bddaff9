"""Deliveries into stock, and until when goods may be drawn from them; the rule is the domain's."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection

from foodtrace.pools import last_day
from foodtrace_ledger import arrays
from foodtrace_ledger.identities import PRODUCT, Identities
from foodtrace_ledger.sqlfile import plain

Emptied = Mapping[int, Sequence[date]]


@dataclass(frozen=True, slots=True)
class Delivery:
    """Goods that came into `lot` on a day; `stock` is the number of the pools' stock where the lot
    is itself a pool, None for a lot with a code."""

    lot: int
    stock: int | None
    product: str
    day: date


class Shelves:
    """Looks up what the rule asks of deliveries: categories stated, days on which stock was out."""

    def __init__(self, conn: Connection, identities: Identities) -> None:
        """Remembers the products and stocks that were looked up."""
        self._conn = conn
        self._identities = identities
        self._of_product: dict[str, frozenset[str]] = {}
        self._read_since: dict[int, date] = {}
        self._out_of_stock: dict[int, Sequence[date]] = {}

    def last_days(self, deliveries: Collection[Delivery]) -> list[date]:
        """For each delivery the last day on which it may be drawn from."""
        if not deliveries:
            return []
        stated, lots = self._of_lots(deliveries)
        self._learn_products({each.product for each in deliveries})
        pools = self._emptied(deliveries)
        return [
            _last_day(
                each.day,
                stated.get(each.lot, frozenset()) | self._by_master(each),
                _next(
                    lots.get(each.lot, ()) if each.stock is None else pools.get(each.stock, ()),
                    each.day,
                ),
            )
            for each in deliveries
        ]

    def _of_lots(self, deliveries: Iterable[Delivery]) -> tuple[dict[int, frozenset[str]], Emptied]:
        """Categories stated of lots; of lots with codes the days on which nothing was found."""
        asked = {
            "lot": arrays.numbers({each.lot for each in deliveries}),
            "coded": arrays.numbers({each.lot for each in deliveries if each.stock is None}),
        }
        found: dict[int, set[str]] = defaultdict(set)
        emptied: dict[int, list[date]] = defaultdict(list)
        for lot, category, day in plain(self._conn, "kept_of_lots", asked):
            if day is None:
                found[lot].add(category)
            else:
                emptied[lot].append(day)
        return {lot: frozenset(some) for lot, some in found.items()}, emptied

    def _learn_products(self, products: Collection[str]) -> None:
        self._identities.learn(PRODUCT, products)
        every = {same for each in products for same in self._identities.members(PRODUCT, each)}
        new = sorted(each for each in every if each not in self._of_product)
        if not new:
            return
        found: dict[str, set[str]] = {each: set() for each in new}
        asked = {"product": arrays.texts(new)}
        for product, category in plain(self._conn, "categories_of_products", asked):
            found[product].add(category)
        self._of_product.update((each, frozenset(some)) for each, some in found.items())

    def _by_master(self, delivery: Delivery) -> frozenset[str]:
        same = self._identities.on(PRODUCT, delivery.product, delivery.day)
        if len(same) == 1:
            return self._of_product[delivery.product]
        return frozenset().union(*(self._of_product[each] for each in same))

    def _emptied(self, deliveries: Iterable[Delivery]) -> Emptied:
        """Days on which nothing was found of stock without codes, in order."""
        since: dict[int, date] = {}
        for each in deliveries:
            if each.stock is not None:
                since[each.stock] = min(each.day, since.get(each.stock, each.day))
        self._learn_emptied(since)
        return self._out_of_stock

    def _learn_emptied(self, since: Mapping[int, date]) -> None:
        """Counts of stock are read once, unless an earlier delivery turns up."""
        new = {s: day for s, day in since.items() if day < self._read_since.get(s, date.max)}
        if not new:
            return
        asked = {
            "stock": arrays.numbers(new),
            "first": arrays.texts(day.isoformat() for day in new.values()),
        }
        self._read_since.update(new)
        self._out_of_stock.update(_by_number(plain(self._conn, "emptied_stocks", asked)))


def _by_number(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[date]]:
    found: dict[int, list[date]] = defaultdict(list)
    for number, day in rows:
        found[number].append(day)
    return found


def _next(days: Sequence[date], after: date) -> tuple[date, ...]:
    """The first of the days (in order) behind a day: later ones say nothing more."""
    place = bisect_right(days, after)
    return tuple(days[place : place + 1])


@lru_cache(maxsize=20_000)
def _last_day(day: date, categories: frozenset[str], emptied: tuple[date, ...]) -> date:
    return last_day(day, categories, emptied)
