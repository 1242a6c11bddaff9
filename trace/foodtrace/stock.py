"""The graph that walks follow: stored links, and what the rules of pools and parties add to them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from foodtrace.effects import (
    AliasFact,
    Basis,
    Claim,
    Count,
    Link,
    MasterFact,
    Merge,
    Movement,
    Retail,
    Role,
)
from foodtrace.lots import LotKey, LotKind
from foodtrace.pools import last_day
from foodtrace.sameness import Sameness
from foodtrace.walks import Graph

#: Lots that goods without codes may be drawn from; returned ones against the rule, but they may.
DRAWN_FROM = (LotKind.TRACE, LotKind.BATCH, LotKind.POOL, LotKind.RETURNED)


@dataclass(frozen=True, slots=True)
class Said:
    """A live fact and the business day of the document that says it."""

    fact: Any
    day: date


@dataclass(slots=True)
class _Stock:
    """What the facts say of stock."""

    deliveries: set[tuple[LotKey, str, date]] = field(default_factory=set)
    categories: dict[LotKey, set[str]] = field(default_factory=lambda: defaultdict(set))
    product_categories: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    counts: dict[tuple[LotKey, date], set[bool]] = field(default_factory=lambda: defaultdict(set))
    lots: set[LotKey] = field(default_factory=set)
    days: dict[LotKey, set[date]] = field(default_factory=lambda: defaultdict(set))
    aliases: list[AliasFact] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)


def graph_of(said: Iterable[Said]) -> Graph:
    """The graph of a set of live facts; the same whatever their order."""
    graph, stock = Graph(), _Stock()
    for each in said:
        _note(graph, stock, each.fact, each.day)
    for lot in stock.lots:
        if lot.kind is LotKind.POOL:
            stock.deliveries.add((lot, lot.product, date.fromisoformat(lot.code)))
    sameness = Sameness(stock.aliases, stock.merges)
    for delivery, pool in _carried(stock, sameness):
        graph.carry(delivery, pool)
    for one, other in _same(stock, sameness):
        graph.same(one, other)
    return graph


def _note(graph: Graph, stock: _Stock, fact: Any, day: date) -> None:
    match fact:
        case Link():
            graph.link(fact.parent, fact.child, sure=fact.basis is not Basis.POSSIBLE)
            stock.lots.update((fact.parent, fact.child))
        case Claim():
            _note_claim(graph, stock, fact, day)
        case Count():
            stock.counts[fact.lot, day].add(fact.amount == 0)
        case AliasFact():
            stock.aliases.append(fact)
        case Merge():
            stock.merges.append(fact)
        case MasterFact(subject_kind="product"):
            category = dict(fact.attributes).get("category")
            if category is not None:
                stock.product_categories[fact.subject].add(category)
        case Movement() | Retail():
            stock.lots.add(fact.lot)


def _note_claim(graph: Graph, stock: _Stock, claim: Claim, day: date) -> None:
    stock.lots.add(claim.lot)
    stock.days[claim.lot].add(day)
    if claim.category is not None:
        stock.categories[claim.lot].add(claim.category)
    if claim.role is Role.PACKED:
        graph.units.add(claim.lot)
    elif claim.role in (Role.OPENED, Role.ORIGIN) and claim.lot.kind in DRAWN_FROM:
        stock.deliveries.add((claim.lot, claim.product, day))


def _carried(stock: _Stock, sameness: Sameness) -> Iterator[tuple[LotKey, LotKey]]:
    """Deliveries and the pools of later days that may have been drawn from them."""
    pools: dict[tuple[date, str, str], list[LotKey]] = defaultdict(list)
    for lot in stock.lots:
        if lot.kind is LotKind.POOL:
            pools[date.fromisoformat(lot.code), lot.holder, lot.product].append(lot)
    days = sorted({day for day, _, _ in pools})
    emptied = _emptied(stock)
    for lot, product, day in stock.deliveries:
        last = last_day(day, _categories(stock, sameness, lot, product, day), emptied[_shelf(lot)])
        for drawn in days[bisect_left(days, day) : bisect_right(days, last)]:
            for holder in sameness.parties(lot.holder, drawn):
                for key in sameness.products(product, drawn):
                    for pool in pools.get((drawn, holder, key), ()):
                        if pool != lot and _one_place(lot, pool):
                            yield lot, pool


def _one_place(one: LotKey, other: LotKey) -> bool:
    return one.location == other.location or not (one.location and other.location)


def _emptied(stock: _Stock) -> Mapping[LotKey, set[date]]:
    """The days on which nothing was found; where two counts of a day differ, neither proves it."""
    days: dict[LotKey, set[date]] = defaultdict(set)
    for (lot, day), nothing in stock.counts.items():
        if nothing == {True}:
            days[_shelf(lot)].add(day)
    return days


def _shelf(lot: LotKey) -> LotKey:
    """What is counted together: a lot with a code, or the pools of all days."""
    return replace(lot, code="") if lot.kind is LotKind.POOL else lot


def _categories(
    stock: _Stock, sameness: Sameness, lot: LotKey, product: str, day: date
) -> frozenset[str]:
    stated = set(stock.categories.get(lot, ()))
    for key in sameness.products(product, day):
        stated |= stock.product_categories.get(key, set())
    return frozenset(stated)


def _same(stock: _Stock, sameness: Sameness) -> Iterator[tuple[LotKey, LotKey]]:
    """Lots with codes that one party holds under two of its ids, or once without a location."""
    coded: dict[LotKey, list[LotKey]] = defaultdict(list)
    for lot in stock.lots:
        if lot.kind in (LotKind.TRACE, LotKind.BATCH):
            coded[replace(lot, location="")].append(lot)
    for goods, lots in coded.items():
        for lot in lots:
            days = stock.days.get(lot, ())
            ids = {each for day in days for each in sameness.parties(lot.holder, day)}
            for holder in {lot.holder, *ids}:
                for other in coded.get(replace(goods, holder=holder), ()):
                    if other != lot and _one_place(lot, other):
                        yield lot, other
