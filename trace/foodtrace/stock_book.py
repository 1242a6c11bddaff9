"""进销存: the equation of some stock from what came in and went out, day by day.

opening + opened + implied = sold + used + disposed + moved + returned + adjusted + retail + book stock, in
each dimension by itself (implied: what left by a voucher must have been there, where no document says
how it came in: its source lies outside the system). Book stock is computed, never counted, and may be
less than nothing: then more left than came in (洗单), or a document is missing. Nothing is put right here.

Within one day nothing is known of the order, so a balance is judged at the ends of days. A line may
state its goods twice, by count and by mass (片 and kg): they are added up in neither, and a
dimension is judged only if everything that came in is stated in it or in one that converts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from foodtrace.balance import Balance, balances
from foodtrace.conversions import Ratios
from foodtrace.effects import Direction
from foodtrace.quantity import amount_of, unit_of


class Keeping(StrEnum):
    """Where goods stand: for sale, inside a logistic unit, or returned and not released yet."""

    SHELF = "shelf"
    UNIT = "unit"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Account:
    """Whose stock of what, where: the owner's if goods are kept for one, else the holder's."""

    party: str
    location: str
    product: str
    keeping: Keeping = Keeping.SHELF


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An amount in millionths that enters or leaves a stock on a business day.

    `beside` is the other dimension in which the same line states the same goods. `spoken` is False
    where another report of the trade comes first, in another unit: by that one the goods count when
    units are converted. `sourced` goods leave by a document that is their source: they were there.
    """

    day: date
    direction: str
    dimension: str
    amount: int
    beside: str | None = None
    spoken: bool = True
    sourced: bool = False

    @property
    def change(self) -> int:
        """What the book stock grows by; less than nothing for what leaves."""
        if self.direction == Direction.OPENED:
            return self.amount
        return 0 if self.sourced else -self.amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The equation of one dimension over some days: `opening` was there before the first, `implied`
    must have been, since its own source says that it left."""

    opening: int
    implied: int = 0
    balance: Balance

    @property
    def book_stock(self) -> int:
        """账面结存 at the end of the last day."""
        return self.opening + self.implied + self.balance.book_stock


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """What doesn't add up: the code of a flag, the first day it shows, and the facts.

    `lowest` is the least book stock in millionths of `dimension`, `until` the first day after which
    it was covered again, None while it isn't.
    """

    code: str
    dimension: str | None = None
    first: date | None = None
    until: date | None = None
    lowest: int | None = None
    detail: str = ""


def periods(entries: Iterable[Entry], at: date, since: date | None = None) -> tuple[Period, ...]:
    """The equation up to and including `at`, one a dimension; from `since` on, or all of it."""
    opening: dict[str, int] = defaultdict(int)
    implied: dict[str, int] = defaultdict(int)
    amounts: list[tuple[str, str, int]] = []
    for entry in entries:
        if entry.day > at:
            continue
        opening[entry.dimension] += entry.change if since is not None and entry.day < since else 0
        if since is None or entry.day >= since:
            amounts.append((entry.direction, entry.dimension, entry.amount))
            implied[entry.dimension] += entry.amount if entry.sourced else 0
    moved = {each.dimension: each for each in balances(amounts)}
    return tuple(
        Period(
            opening=opening[name],
            implied=implied[name],
            balance=moved.get(name, Balance(dimension=name)),
        )
        for name in sorted(opening)
    )


def comparable(entries: Sequence[Entry], ratios: Ratios) -> list[Entry] | None:
    """All entries in one unit, the smallest they are stated in; None if that can't be.

    Goods stated twice, by two measures or two reports, count once.
    """
    for group in _groups(entries, ratios):
        covered = _in_group(entries, group, ratios)
        if all(covered):
            return _converted(entries, group, ratios)
    return None if entries else []


def _groups(entries: Iterable[Entry], ratios: Ratios) -> list[str]:
    """The groups of the entries' dimensions, the one with most dimensions first."""
    sizes: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        sizes[ratios.group(entry.dimension)].add(entry.dimension)
    return sorted(sizes, key=lambda group: (-len(sizes[group]), group))


def _in_group(entries: Iterable[Entry], group: str, ratios: Ratios) -> list[bool]:
    return [
        not entry.spoken
        or ratios.group(entry.dimension) == group
        or (entry.beside is not None and ratios.group(entry.beside) == group)
        for entry in entries
    ]


def _converted(entries: Sequence[Entry], group: str, ratios: Ratios) -> list[Entry]:
    inside = [e for e in entries if e.spoken and ratios.group(e.dimension) == group]
    if not inside:
        return []
    into = ratios.smallest({entry.dimension for entry in inside})
    return [
        replace(
            entry,
            dimension=into,
            amount=ratios.convert(entry.amount, entry.dimension, into),
            beside=None,
        )
        for entry in inside
        if not _stated_better(entry, group, into, ratios)
    ]


def _stated_better(entry: Entry, group: str, into: str, ratios: Ratios) -> bool:
    """Whether the line's other measure stands for these goods: the unit itself, else the first."""
    if entry.beside is None or entry.dimension == into or ratios.group(entry.beside) != group:
        return False
    return entry.beside == into or entry.beside < entry.dimension


def oddities(entries: Iterable[Entry], at: date, ratios: Ratios) -> tuple[Oddity, ...]:
    """What doesn't add up by the end of `at`, each by name; the same whatever the order."""
    known = [entry for entry in entries if entry.day <= at and entry.amount]
    incoming = [entry for entry in known if entry.change > 0]
    leaving = [entry for entry in known if entry.change < 0]
    if leaving and not incoming:
        first = min(entry.day for entry in leaving)
        return (Oddity(code="lot.never-received", first=first, detail=_told(leaving)),)
    found: list[Oddity] = []
    for group in sorted(_groups(known, ratios)):
        if all(_in_group(incoming, group, ratios)):
            found += _overdrawn(_converted(known, group, ratios))
    if known and comparable(known, ratios) is None:
        units = ", ".join(unit_of(name) for name in sorted({e.dimension for e in known}))
        found.append(Oddity(code="unit.incomparable", detail=units))
    return tuple(found)


def _overdrawn(entries: Sequence[Entry]) -> Iterator[Oddity]:
    """Where stock in one dimension was less than nothing at the end of a day."""
    days: dict[date, int] = defaultdict(int)
    for entry in entries:
        days[entry.day] += entry.change
    stock, lowest = 0, 0
    first: date | None = None
    until: date | None = None
    for day in sorted(days):
        stock += days[day]
        lowest = min(lowest, stock)
        if stock < 0:
            first, until = first or day, None
        elif first is not None and until is None:
            until = day
    if first is not None:
        name = entries[0].dimension
        yield Oddity(
            code="lot.oversold",
            dimension=name,
            first=first,
            until=until,
            lowest=lowest,
            detail=f"{amount_of(lowest)} {unit_of(name)}",
        )


def _told(entries: Iterable[Entry]) -> str:
    sums: dict[str, int] = defaultdict(int)
    for entry in entries:
        sums[entry.dimension] += entry.amount
    return ", ".join(f"{amount_of(sums[name])} {unit_of(name)}" for name in sorted(sums))
