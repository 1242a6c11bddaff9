"""Quantities as received, and what they measure.

A quantity keeps its amount and unit as written. To add and compare, `measure` turns it into whole
millionths of the base unit of its dimension: kilograms for mass, the unit itself for counted things
(a 箱 is no number of 袋 unless a product declares it).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from foodtrace.problems import InvalidValue
from foodtrace.text import checked

MICRO = 1_000_000
MASS = "mass"
# decimal(18,6) of the contracts: twelve digits before the point.
AMOUNT_LIMIT = Decimal(10) ** 12
# bigint of the ledger, in millionths of the base unit.
MICRO_LIMIT = 2**63 - 1
UNIT_LIMIT = 32


@dataclass(frozen=True, slots=True)
class Unit:
    """A known unit: its dimension and how many base units it holds."""

    dimension: str
    factor: Decimal
    zh: str
    en: str


def _mass(factor: str, zh: str, en: str) -> Unit:
    return Unit(MASS, Decimal(factor), zh, en)


def _count(dimension: str, en: str) -> Unit:
    return Unit(dimension, Decimal(1), dimension, en)


# Version 1 of the table of units. 斤 and 两 are the metric market units (1 斤 = 500 g, 1 两 = 50 g).
UNITS: Mapping[str, Unit] = {
    "kg": _mass("1", "公斤", "kilogram"),
    "公斤": _mass("1", "公斤", "kilogram"),
    "千克": _mass("1", "千克", "kilogram"),
    "g": _mass("0.001", "克", "gram"),
    "克": _mass("0.001", "克", "gram"),
    "t": _mass("1000", "吨", "tonne"),
    "吨": _mass("1000", "吨", "tonne"),
    "斤": _mass("0.5", "斤", "jin (500 g)"),
    "两": _mass("0.05", "两", "liang (50 g)"),
    "头": _count("头", "head"),
    "片": _count("片", "half carcass"),
    "只": _count("只", "animal"),
    "羽": _count("羽", "bird"),
    "袋": _count("袋", "bag"),
    "箱": _count("箱", "case"),
    "件": _count("件", "piece"),
    "筐": _count("筐", "basket"),
    "瓶": _count("瓶", "bottle"),
    "盒": _count("盒", "box"),
}


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in a unit, exactly as received; more than zero, at most six decimals."""

    amount: Decimal
    unit: str

    def __post_init__(self) -> None:
        """Raise InvalidValue for an amount or unit that can't be."""
        _check_amount(self.amount, "amount")
        if self.amount <= 0:
            raise InvalidValue("quantity.not-positive", str(self.amount), "amount")
        checked(self.unit, "unit", UNIT_LIMIT)
        if measure(self).micro > MICRO_LIMIT:
            raise InvalidValue("quantity.too-large", f"{self.amount} {self.unit}", "amount")


@dataclass(frozen=True, slots=True)
class Measure:
    """Whole millionths (`micro`) of the base unit of `dimension`."""

    dimension: str
    micro: int


def _check_amount(amount: Decimal, path: str) -> None:
    if not amount.is_finite():
        raise InvalidValue("quantity.not-a-number", str(amount), path)
    if abs(amount) >= AMOUNT_LIMIT:
        raise InvalidValue("quantity.too-large", str(amount), path)
    exponent = amount.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -6 and amount != round(amount, 6):
        raise InvalidValue("quantity.too-precise", str(amount), path)


def check_money(amount: Decimal | None, currency: str | None) -> None:
    """Raise InvalidValue unless an amount of money is exact, not negative and has its currency."""
    if amount is None:
        return
    _check_amount(amount, "price_amount")
    if amount < 0:
        raise InvalidValue("money.negative", str(amount), "price_amount")
    if currency is None:
        raise InvalidValue("money.no-currency", "", "currency")


def is_known_unit(unit: str) -> bool:
    """Whether the table of units knows it; an unknown one is kept and flagged."""
    return unit in UNITS


def measure(quantity: Quantity) -> Measure:
    """What a quantity measures; an unknown unit is a dimension of its own.

    Rounds half up to a millionth of the base unit, which only units under a gram can need.
    """
    unit = UNITS.get(quantity.unit)
    if unit is None:
        return Measure(quantity.unit, int(quantity.amount * MICRO))
    return Measure(unit.dimension, int(quantity.amount * unit.factor * MICRO + Decimal("0.5")))


def amount_of(micro: int) -> Decimal:
    """The exact decimal of a count of millionths, without trailing zeros."""
    value = Decimal(micro) / MICRO
    return value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()


def unit_of(dimension: str) -> str:
    """The unit in which a dimension is shown: kg for mass, else the counted unit itself."""
    return "kg" if dimension == MASS else dimension
