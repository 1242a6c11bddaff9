"""The parts of a sample that rules look at, each with its place, and what the sample knows besides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any
from uuid import UUID

from foodtrace.codes import canonical
from foodtrace.effects import Direction
from foodtrace.events import Event
from foodtrace.events.line import Line, ProductRef
from foodtrace.events.product import Product
from foodtrace.events.receipt import Receipt
from foodtrace.events.side import Side
from foodtrace.events.stocktake import Stocktake
from foodtrace.identity import content_digest
from foodtrace.validity import verdicts

_LISTS = ("lines", "inputs", "outputs")
#: Documents whose lines name goods without moving any.
_LOOKING = frozenset({"inspection"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A part of an event that a rule looks at, by its field path."""

    event: Event
    path: str
    item: Any


class Sample:
    """The events of a sample that hold, each once, with what their product data say."""

    def __init__(self, events: Iterable[Event]) -> None:
        """Take a set of events; superseded and voided ones, and voided lines, are left out."""
        contents: dict[tuple[UUID, bytes], Event] = {}
        self.given = 0
        for event in events:
            self.given += 1
            contents[event.envelope.event_id, content_digest(event)] = event
        self.different = len(contents)
        judged = verdicts(contents.values())
        self._dead_lines = judged.dead_lines
        self.events: tuple[Event, ...] = tuple(
            event for (event_id, _), event in contents.items() if event_id not in judged.dead
        )
        times: dict[UUID, int] = defaultdict(int)
        for event_id, _ in contents:
            times[event_id] += 1
        self.contradicted = frozenset(each for each, count in times.items() if count > 1)

    def lines(self) -> Iterator[Spot]:
        """The lines of documents that move goods."""
        for event in self._moving():
            for name in _LISTS:
                for index, line in enumerate(getattr(event, name, ())):
                    if (event.envelope.event_id, line.line_no) not in self._dead_lines:
                        yield Spot(event, f"{name}[{index}]", line)

    def sides(self) -> Iterator[Spot]:
        """Who gives, takes or holds goods."""
        for event in self.events:
            if isinstance(event, Stocktake) or _moves(event):
                for field in fields(event):
                    value = getattr(event, field.name)
                    if isinstance(value, Side):
                        yield Spot(event, field.name, value)

    def documents(self) -> Iterator[Spot]:
        """Every event."""
        for event in self.events:
            yield Spot(event, "", event)

    def papers(self) -> Iterator[Spot]:
        """The papers of all lines."""
        for spot in self.lines():
            for index, paper in enumerate(spot.item.papers):
                yield Spot(spot.event, f"{spot.path}.papers[{index}]", paper)

    def shops(self) -> Iterator[Spot]:
        """Who sells to consumers, each once, by its receipt that sorts first."""
        first: dict[str, Receipt] = {}
        for event in self._moving():
            if isinstance(event, Receipt):
                known = first.setdefault(event.seller.holder, event)
                if _order(event) < _order(known):
                    first[event.seller.holder] = event
        for event in first.values():
            yield Spot(event, "seller", event.seller)

    def categories(self, product: ProductRef) -> frozenset[str]:
        """What is stated of a product's category, by its line or by the sample's product data."""
        known = self._categories.get(product.key, frozenset())
        return known if product.category is None else known | {product.category}

    def declares(self, line: Line, unit: str) -> bool:
        """Whether the sample's product data say what a unit of the line's product equals."""
        return unit in self._units.get(line.product.key, frozenset())

    @cached_property
    def supplied(self) -> frozenset[str]:
        """The holders into whose lots something came."""
        return frozenset(
            movement.lot.holder
            for event in self._moving()
            for movement in event.effects().movements
            if movement.direction is Direction.OPENED
        )

    @cached_property
    def _categories(self) -> Mapping[str, frozenset[str]]:
        return self._said(lambda product: (product.category,) if product.category else ())

    @cached_property
    def _units(self) -> Mapping[str, frozenset[str]]:
        return self._said(lambda product: tuple(each.unit for each in product.conversions))

    def _said(self, of: Any) -> Mapping[str, frozenset[str]]:
        said: dict[str, set[str]] = defaultdict(set)
        for event in self.events:
            if isinstance(event, Product):
                for key in _keys(event):
                    said[key].update(of(event))
        return {key: frozenset(values) for key, values in said.items()}

    def _moving(self) -> Iterator[Event]:
        return (event for event in self.events if _moves(event))


def _moves(event: Event) -> bool:
    has_lines = any(hasattr(event, name) for name in _LISTS)
    return has_lines and event.kind not in _LOOKING and event.envelope.aspect.moves_goods


def _keys(product: Product) -> Iterator[str]:
    """Every key under which a line may mean the product."""
    yield canonical(product.product)
    if product.gtin:
        yield ProductRef(gtin=product.gtin).key
    for alias in product.aliases:
        yield canonical(alias.code)
        yield ProductRef(gtin=alias.code).key


def _order(event: Event) -> tuple[str, str, str]:
    envelope = event.envelope
    return envelope.source, envelope.source_event_id, str(envelope.event_id)
