"""Stock of the same goods under other names: other ids of the holder, other keys of the product.

The holder's places count too where one of both isn't stated.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from foodtrace.conversions import Ratios
from foodtrace_ledger import arrays
from foodtrace_ledger.flagging.declared import ratios_of
from foodtrace_ledger.hashing import number
from foodtrace_ledger.identities import PARTY, PRODUCT, Identities
from foodtrace_ledger.sqlfile import sql


@dataclass(frozen=True, slots=True)
class Stock:
    """Stock without codes: its number and what that stands for."""

    number: int
    holder: str
    location: str
    product: str


class Kin:
    """What lies under other names beside some stocks; asked once for all of them."""

    def __init__(self, conn: Connection, stocks: Iterable[Stock]) -> None:
        """Look up the ids of the holders and the keys of the products."""
        self._conn = conn
        self._stocks = sorted(stocks, key=lambda each: each.number)
        self._known = Identities(conn)
        self._known.learn(PARTY, {each.holder for each in self._stocks})
        self._known.learn(PRODUCT, {each.product for each in self._stocks})

    def ratios(self) -> Mapping[int, Ratios]:
        """The conversions that each stock's product declares, under any of its keys."""
        keys = {each.number: self._keys(each) for each in self._stocks}
        declared = ratios_of(self._conn, keys.values())
        return {stock: declared[some] for stock, some in keys.items()}

    def lots(self) -> set[tuple[int, int]]:
        """(stock, lot) of all goods that may have been sold from the stock as well."""
        own = {each.number: [each.number] for each in self._stocks}
        others = {each.number: [*self._others(each)] for each in self._stocks}
        found = {*self._nowhere()}
        found |= {*self._read("flag_coded_of", _joined(own, others))}
        return found | {*self._read("flag_pools_of", others)}

    def _keys(self, stock: Stock) -> frozenset[str]:
        return frozenset(self._known.members(PRODUCT, stock.product))

    def _others(self, stock: Stock) -> Iterator[int]:
        places = dict.fromkeys((stock.location, ""))
        for holder in sorted(self._known.members(PARTY, stock.holder)):
            for place in places:
                for product in sorted(self._keys(stock)):
                    other = number(holder, place, product)
                    if other != stock.number:
                        yield other

    def _nowhere(self) -> Iterator[tuple[int, int]]:
        """Of the same holder and product, where either place isn't stated."""
        asked = {
            "stock": arrays.numbers(each.number for each in self._stocks),
            **{
                name: arrays.texts(getattr(each, name) for each in self._stocks)
                for name in ("holder", "location", "product")
            },
        }
        for row in self._conn.execute(sql("flag_kin_of"), asked):
            yield row.stock, row.lot

    def _read(
        self, statement: str, wanted: Mapping[int, Sequence[int]]
    ) -> Iterator[tuple[int, int]]:
        of: dict[int, list[int]] = defaultdict(list)
        for stock, some in wanted.items():
            for other in some:
                of[other].append(stock)
        rows = self._conn.execute(sql(statement), {"stock": arrays.numbers(sorted(of))})
        for row in rows:
            for stock in of[row.stock]:
                yield stock, row.lot


def _joined(
    one: Mapping[int, Sequence[int]], other: Mapping[int, Sequence[int]]
) -> Mapping[int, Sequence[int]]:
    return {stock: [*some, *other[stock]] for stock, some in one.items()}
