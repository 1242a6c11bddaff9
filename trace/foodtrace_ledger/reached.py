"""The lots of a walk by who holds them: one group a party, location and kind of goods."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from foodtrace_ledger.goods import Goods, Sorted
from foodtrace_ledger.walk import Walk

# Who holds: party as written, location.
Place = tuple[str, str]

_RANK = {goods: rank for rank, goods in enumerate(Goods)}


@dataclass(slots=True)
class Holding:
    """The lots of one holder at one location, by kind of goods; `first` is the first one met, of
    the confirmed ones where there are any."""

    number: int
    first: int
    confirmed: bool = False
    lots: dict[Goods, list[int]] = field(default_factory=dict)

    def group(self, goods: Goods, *, sure: bool) -> int:
        """The number of the group of these goods, for sums: confirmed lots apart from possible."""
        return (self.number * len(_RANK) + _RANK[goods]) * 2 + sure

    @property
    def count(self) -> int:
        """How many lots there are."""
        return sum(map(len, self.lots.values()))


def holdings(walk: Walk, goods: Sorted) -> dict[Place, Holding]:
    """Everybody who holds or held a lot of the walk."""
    found: dict[int, Holding] = {}
    for place, (lot, held_by) in enumerate(zip(walk.lots, walk.held_by, strict=True)):
        if not goods.holds(place):
            continue
        holding = found.get(held_by)
        if holding is None:
            holding = found[held_by] = Holding(len(found), lot)
        holding.lots.setdefault(goods.goods[place], []).append(lot)
        if walk.confirmed[place] and not holding.confirmed:
            holding.confirmed, holding.first = True, lot
    return {walk.holders[number]: holding for number, holding in found.items()}


@dataclass(frozen=True, slots=True)
class Grouped:
    """Lots with the number of their group and of their holder; `doubts` are those that aren't
    confirmed."""

    lots: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    holders: list[int] = field(default_factory=list)
    doubts: list[bool] = field(default_factory=list)


def grouped(walk: Walk, holdings: Iterable[Holding]) -> Grouped:
    """All lots of some holders."""
    found = Grouped()
    for holding in holdings:
        for goods, some in holding.lots.items():
            groups = [holding.group(goods, sure=sure) for sure in (False, True)]
            confirmed = [bool(walk.confirmed[walk.place[lot]]) for lot in some]
            found.lots.extend(some)
            found.groups.extend(groups[sure] for sure in confirmed)
            found.holders.extend([holding.number] * len(some))
            found.doubts.extend(not sure for sure in confirmed)
    return found
