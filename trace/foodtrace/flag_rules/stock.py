"""What doesn't add up in a stock: nothing ever came in, more left than came in, units that differ.

Amounts are millionths of the base unit of their dimension. Documents differ in what they measure,
so a dimension in which nothing was ever counted coming in proves nothing by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from foodtrace.balance import Balance
from foodtrace.conversions import Ratios
from foodtrace.lots import LotKind
from foodtrace.quantity import amount_of, unit_of
from foodtrace.unidentified import is_unidentified

NONE = Ratios()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A lot with its equation, and what else is known of where its goods came from.

    `sourced`: some document opens it with a source outside the system. `issued`: somebody opened a
    lot under its code. `waiting` is what waits, unreleased, after returns to this very shelf.
    `ratios` are the conversions that the product declares.
    """

    kind: LotKind
    holder: str
    balances: tuple[Balance, ...]
    sourced: bool = False
    issued: bool = True
    waiting: Mapping[str, int] | None = None
    ratios: Ratios = NONE


def stock_flags(shelf: Shelf) -> Iterator[tuple[str, str]]:
    """(code, detail) of a lot whose equation doesn't hold; the detail names amounts and unit.

    A pool of one business day sells yesterday's stock too, so it isn't judged here but by
    `first_shortfall`; the node of a process holds nothing.
    """
    if shelf.kind in (LotKind.POOL, LotKind.PROCESS):
        return
    left = tuple(each for each in shelf.balances if _gone(each) > 0)
    if not any(each.opened for each in shelf.balances):
        if left and not shelf.sourced:
            yield _never_received(shelf, left), _amounts(left)
        return
    compared = [each for each in shelf.balances if each.opened]
    if left and not any(each.opened for each in left):
        compared = [_converted(each, left, shelf.ratios) for each in compared]
        if not any(_gone(each) for each in compared):
            yield "unit.incomparable", _units(compared, left)
    for balance in compared:
        spare = _left_otherwise(balance, shelf)
        yield from _oversold(balance, spare, (shelf.waiting or {}).get(balance.dimension, 0))


def _gone(balance: Balance) -> int:
    return balance.opened - balance.book_stock


def _converted(came: Balance, left: Sequence[Balance], ratios: Ratios) -> Balance:
    """The equation with what left in another unit that the product makes comparable.

    Only where there is one such unit: two of them may measure the same goods twice.
    """
    group = ratios.group(came.dimension)
    fitting = [each for each in left if ratios.group(each.dimension) == group]
    if len(fitting) != 1:
        return came
    (other,) = fitting
    return replace(came, sold=ratios.convert(_gone(other), other.dimension, came.dimension))


def _never_received(shelf: Shelf, left: tuple[Balance, ...]) -> str:
    """Which of its names the same oddity has: the strongest one that is proved."""
    if _covers(shelf.waiting or {}, left):
        return "lot.sold-unreleased"
    if is_unidentified(shelf.holder):
        # Who stands outside the system has no records to show.
        return "parent.unknown"
    if not shelf.issued:
        return "code.never-issued"
    sold = any(each.sold or each.retail for each in left)
    return "lot.never-received" if sold else "parent.unknown"


def _covers(waiting: Mapping[str, int], left: Iterable[Balance]) -> bool:
    return all(waiting.get(each.dimension, 0) >= _gone(each) for each in left)


def _left_otherwise(balance: Balance, shelf: Shelf) -> int:
    """What is left of goods that came in by another unit which the product makes comparable."""
    ratios = shelf.ratios
    others = (each for each in shelf.balances if each.dimension != balance.dimension)
    return sum(
        ratios.convert(each.book_stock, each.dimension, balance.dimension)
        for each in others
        if each.book_stock > 0 and ratios.group(each.dimension) == ratios.group(balance.dimension)
    )


def _oversold(balance: Balance, spare: int, waiting: int) -> Iterator[tuple[str, str]]:
    """What is short may be the returned goods that wait; beyond those it is oversold."""
    short = -balance.book_stock - spare
    if short <= 0:
        return
    if waiting > 0:
        told = amount_of(min(short, waiting))
        yield "lot.sold-unreleased", f"{told} {unit_of(balance.dimension)}"
    if short > waiting:
        yield "lot.oversold", _amounts((balance,))


def _amounts(balances: Iterable[Balance]) -> str:
    return ", ".join(
        f"{amount_of(b.opened)} → {amount_of(_gone(b))} {unit_of(b.dimension)}"
        for b in sorted(balances, key=lambda b: b.dimension)
    )


def _units(came: Iterable[Balance], left: Iterable[Balance]) -> str:
    ins, outs = (sorted({unit_of(each.dimension) for each in side}) for side in (came, left))
    return f"{', '.join(ins)} → {', '.join(outs)}"


@dataclass(frozen=True, slots=True)
class PoolDay:
    """What entered and left stock without codes on one business day, in one dimension."""

    day: date
    dimension: str
    came: int
    left: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """The first day at whose end stock without codes is less than nothing, and by how much."""

    day: date
    dimension: str
    missing: int

    @property
    def detail(self) -> str:
        """The amount and its unit."""
        return f"-{amount_of(self.missing)} {unit_of(self.dimension)}"


def first_shortfall(
    days: Iterable[PoolDay], beside: Mapping[str, int] | None = None, *, sourced: bool = False
) -> Iterator[Shortfall]:
    """Where stock without codes of one holder, location and product went below nothing.

    Goods carry over from day to day; within a day the order isn't known, so only its end is judged.
    `beside` may have been sold from as well: goods with codes, or at a place that nobody stated.
    Where nothing ever came in by any document, all that left is missing, unless the goods have a
    source outside the system (`sourced`).
    """
    by_dimension: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    came: set[str] = set()
    for each in set(days):
        by_dimension[each.dimension][each.day] += each.came - each.left
        if each.came:
            came.add(each.dimension)
    spare = beside or {}
    for dimension in sorted(by_dimension):
        counted = dimension in came or dimension in spare
        if not counted and (came or sourced or spare):
            continue
        stock = spare.get(dimension, 0)
        for day, change in sorted(by_dimension[dimension].items()):
            stock += change
            if stock < 0:
                yield Shortfall(day, dimension, -stock)
                break


def incomparable(days: Iterable[PoolDay], beside: Mapping[str, int]) -> Shortfall | None:
    """The last day on which stock left in units of which none ever came in, None if there is none.

    `missing` is what left in the first of those units; where nothing came in at all, that is a
    shortfall, and not a matter of units.
    """
    known = set(days)
    came = {each.dimension for each in known if each.came > 0} | {*beside}
    left = {each.dimension for each in known if each.left > 0}
    if not came or not left or came & left:
        return None
    name = min(left)
    last = max(each.day for each in known if each.left > 0 and each.dimension == name)
    gone = sum(each.left for each in known if each.dimension == name)
    return Shortfall(last, name, gone)


def comparable(
    days: Iterable[PoolDay], beside: Mapping[str, int], ratios: Ratios
) -> tuple[list[PoolDay], dict[str, int]]:
    """Stock without codes in the smallest unit of those that the product makes comparable.

    What a line states in two such units enters and leaves twice; that hides a shortfall rather than
    making one up.
    """
    known = set(days)
    groups: dict[str, set[str]] = defaultdict(set)
    for name in {*beside, *(each.dimension for each in known)}:
        groups[ratios.group(name)].add(name)
    into = {name: ratios.smallest(names) for names in groups.values() for name in names}
    sums: dict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0])
    for each in known:
        name = into[each.dimension]
        entry = sums[each.day, name]
        entry[0] += ratios.convert(each.came, each.dimension, name)
        entry[1] += ratios.convert(each.left, each.dimension, name)
    spare: dict[str, int] = defaultdict(int)
    for name, size in beside.items():
        spare[into[name]] += ratios.convert(size, name, into[name])
    added = [PoolDay(day, name, came, left) for (day, name), (came, left) in sorted(sums.items())]
    return added, dict(spare)
