"""Stocktake (盘点): what a person counted, beside what the books say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from foodtrace.codes import canonical
from foodtrace.effects import Count, Effects
from foodtrace.events import flow
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import LINE_NO_LIMIT, LINES_LIMIT, ProductRef
from foodtrace.events.side import Side
from foodtrace.lots import LotKey, LotKind
from foodtrace.problems import InvalidValue
from foodtrace.quantity import UNIT_LIMIT, Quantity, measure
from foodtrace.text import CODE_LIMIT, checked, optional


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One product, batch or lot as found at the end of the business day; nothing (0) is a finding.

    Without a lot or batch code it is all stock of the product that has none.
    """

    line_no: int
    product: ProductRef
    batch_code: str | None = None
    lot_code: str | None = None
    found: Decimal
    unit: str

    def __post_init__(self) -> None:
        """Raise InvalidValue for an amount or code that can't be."""
        if not 1 <= self.line_no <= LINE_NO_LIMIT:
            raise InvalidValue("quantity.too-large", str(self.line_no), "line_no")
        optional(self.batch_code, "batch_code", CODE_LIMIT)
        optional(self.lot_code, "lot_code", CODE_LIMIT)
        checked(self.unit, "unit", UNIT_LIMIT)
        if self.found.is_finite() and self.found < 0:
            raise InvalidValue("quantity.negative", str(self.found), "found")
        if self.found != 0:
            try:
                Quantity(self.found, self.unit)
            except InvalidValue as problem:
                path = problem.path.replace("amount", "found")
                raise InvalidValue(problem.code, problem.detail, path) from problem

    @property
    def size(self) -> tuple[str, int]:
        """Dimension and millionths."""
        of = measure(Quantity(self.found or Decimal(1), self.unit))
        return of.dimension, of.micro if self.found else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stocktake:
    """What the holder found; it moves nothing, and an adjustment may follow from it."""

    kind: ClassVar[str] = "stocktake"

    envelope: Envelope
    holder: Side
    counts: tuple[Counted, ...]

    def __post_init__(self) -> None:
        """Raise InvalidValue unless something was counted, line by line."""
        if not self.counts:
            raise InvalidValue("event.no-lines", "", "counts")
        if len(self.counts) > LINES_LIMIT:
            raise InvalidValue("event.too-many-lines", str(len(self.counts)), "counts")
        numbers: set[int] = set()
        for index, each in enumerate(self.counts):
            if each.line_no in numbers:
                path = f"counts[{index}].line_no"
                raise InvalidValue("event.duplicate-line", str(each.line_no), path)
            numbers.add(each.line_no)

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported."""
        return (self.holder,)

    def effects(self) -> Effects:
        """What was found of which lot or pool."""
        day = self.envelope.business_date
        return Effects(
            counts=tuple(
                Count(each.line_no, self._lot(each, day), *each.size) for each in self.counts
            ),
            citations=flow.citations(self.envelope),
        )

    def _lot(self, each: Counted, day: date) -> LotKey:
        holder, place = self.holder.holder, self.holder.place
        if each.lot_code is not None:
            return LotKey(holder, place, LotKind.TRACE, "", canonical(each.lot_code))
        product = each.product.key
        if each.batch_code is not None:
            return LotKey(holder, place, LotKind.BATCH, product, canonical(each.batch_code))
        return LotKey(holder, place, LotKind.POOL, product, day.isoformat())
