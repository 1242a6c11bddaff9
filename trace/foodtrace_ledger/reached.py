"""The lots of a walk by who holds them: one group a party, location and kind of goods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from foodtrace_ledger import arrays
from foodtrace_ledger.goods import Goods, Sorted
from foodtrace_ledger.sqlfile import plain
from foodtrace_ledger.walk import Walk

# Who holds: party as written, location.
Place = tuple[str, str]


@dataclass(slots=True)
class Holding:
    """The lots of one holder at one location, by kind of goods; `first` is the first one met."""

    number: int
    first: int
    confirmed: bool = False
    lots: dict[Goods, list[int]] = field(default_factory=dict)

    def group(self, goods: Goods) -> int:
        """The number of the group of these goods, for sums."""
        return self.number * len(Goods) + list(Goods).index(goods)

    @property
    def count(self) -> int:
        """How many lots there are."""
        return sum(map(len, self.lots.values()))


def holdings(conn: Connection, walk: Walk, goods: Sorted) -> dict[Place, Holding]:
    """Everybody who holds or held a lot of the walk."""
    asked = {"id": arrays.numbers(walk.lots)}
    holders = {lot: (holder, at) for lot, holder, at in plain(conn, "holders_of", asked)}
    found: dict[Place, Holding] = {}
    for place, lot in enumerate(walk.lots):
        if not goods.holds(place):
            continue
        holding = found.get(holders[lot])
        if holding is None:
            holding = found[holders[lot]] = Holding(len(found), lot)
        holding.lots.setdefault(goods.goods[place], []).append(lot)
        holding.confirmed = holding.confirmed or bool(walk.confirmed[place])
    return found


def grouped(holdings: Iterable[Holding]) -> tuple[list[int], list[int]]:
    """All lots, and the number of the group each belongs to."""
    lots: list[int] = []
    groups: list[int] = []
    for holding in holdings:
        for goods, some in holding.lots.items():
            lots += some
            groups += [holding.group(goods)] * len(some)
    return lots, groups
