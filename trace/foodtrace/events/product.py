"""Product (产品): what is sold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foodtrace.codes import canonical
from foodtrace.effects import Effects, MasterFact
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import ProductRef
from foodtrace.events.master import Alias, alias_facts, attributes
from foodtrace.events.side import Side
from foodtrace.quantity import UNIT_LIMIT, Quantity
from foodtrace.text import CODE_LIMIT, NAME_LIMIT, checked, optional


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """One `unit` of this product equals a quantity in another unit (1 箱 = 24 袋)."""

    unit: str
    equals: Quantity

    def __post_init__(self) -> None:
        """Raise InvalidValue for a unit that can't be."""
        checked(self.unit, "unit", UNIT_LIMIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product, its names and the conversions between its units."""

    kind: ClassVar[str] = "product"

    envelope: Envelope
    product: str
    name: str
    category: str | None = None
    specification: str | None = None
    gtin: str | None = None
    manufacturer: str | None = None
    aliases: tuple[Alias, ...] = ()
    conversions: tuple[Conversion, ...] = ()

    def __post_init__(self) -> None:
        """Raise InvalidValue for texts that can't be."""
        checked(self.product, "product", CODE_LIMIT)
        checked(self.name, "name", NAME_LIMIT)
        for name in ("category", "gtin", "manufacturer"):
            optional(getattr(self, name), name, CODE_LIMIT)
        optional(self.specification, "specification", NAME_LIMIT)

    @property
    def speakers(self) -> tuple[Side, ...]:
        """A product may be described by any source."""
        return ()

    def effects(self) -> Effects:
        """Its name, aliases (the GTIN is one) and conversions."""
        conversions = {
            f"conversion.{each.unit}": f"{each.equals.amount} {each.equals.unit}"
            for each in self.conversions
        }
        facts = attributes(
            category=self.category,
            specification=self.specification,
            gtin=self.gtin,
            manufacturer=self.manufacturer,
            **conversions,
        )
        codes = (*self.aliases, *(Alias(scheme="gtin", code=code) for code in self._gtins()))
        return Effects(
            masters=(MasterFact(0, "product", canonical(self.product), self.name, facts),),
            aliases=alias_facts("product", self.product, codes),
        )

    def _gtins(self) -> tuple[str, ...]:
        """The GTIN as stated and with 14 digits, as lines that name nothing else are keyed by."""
        if self.gtin is None:
            return ()
        return tuple(dict.fromkeys((canonical(self.gtin), ProductRef(gtin=self.gtin).key)))
