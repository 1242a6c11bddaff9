"""Amounts as these files write them, and their shares."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from foodtrace.problems import InvalidValue
from foodtrace.quantity import MASS, UNITS, Quantity, measure

_LEADING = re.compile(r"\s*([+-]?\d+(?:[.,]\d+)?)\s*([^\d\s.,].*)?", re.DOTALL)
_STEP = Decimal("0.000001")
#: What a delivery is counted in when the file doesn't say how much it was.
DELIVERY_UNIT = "delivery"
_UNIT_LIMIT = 32


@dataclass(frozen=True, slots=True)
class Amount:
    """How much was delivered; `said` is what the file says where that can't be counted."""

    quantity: Quantity
    said: str | None

    @property
    def is_mass(self) -> bool:
        """Whether it is a mass rather than a count."""
        return measure(self.quantity).dimension == MASS


def amount(value: object, unit: object) -> Amount:
    """The amount of a number with a unit beside it, or of a text such as `88.0 Portions`.

    Nothing, a number that isn't above zero, or a text without one is 1 of the unit `delivery`.
    """
    quantity = _counted(value, str(unit).strip() if unit else "")
    if quantity is not None:
        return Amount(quantity, None)
    said = " ".join(str(part) for part in (value, unit) if part is not None)
    return Amount(Quantity(Decimal(1), DELIVERY_UNIT), said or "missing")


def shares(quantity: Quantity, parts: int) -> list[Quantity]:
    """`parts` equal shares that add up exactly (unless there are fewer millionths than parts)."""
    if parts == 1:
        return [quantity]
    each = (quantity.amount / parts).quantize(_STEP, ROUND_DOWN)
    if each <= 0:
        return [Quantity(_STEP, quantity.unit)] * parts
    last = quantity.amount - each * (parts - 1)
    return [Quantity(each, quantity.unit)] * (parts - 1) + [Quantity(last, quantity.unit)]


def _counted(value: object, unit: str) -> Quantity | None:
    match = None if isinstance(value, bool) else _LEADING.fullmatch(str(value))
    if match is None:
        return None
    number = Decimal(match[1].replace(",", "."))
    try:
        return Quantity(_fit(number), _unit(unit or (match[2] or "").strip()))
    except InvalidValue:
        return None


def _fit(number: Decimal) -> Decimal:
    """Binary fractions such as 36.799999999999997 come out of spreadsheets."""
    rounded = number.quantize(_STEP) if abs(number) < 10**12 else number
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral() else rounded


def _unit(text: str) -> str:
    if not text:
        return DELIVERY_UNIT
    return text.lower() if text.lower() in UNITS else text[:_UNIT_LIMIT]
