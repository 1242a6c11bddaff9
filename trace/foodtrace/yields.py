"""出成率: what came out of a process by what went in, against the range that was declared.

Yields are fractions of mass. Lines that state no mass only leave a bound: with an output unweighed
there came out at least what was weighed, with an input unweighed at most that part of all. What the
bounds leave open is no verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from foodtrace.events.line import Line
from foodtrace.quantity import MASS, amount_of, measure

#: Shown digits after the point.
_DIGITS = Decimal("0.0001")


def yield_flags(
    inputs: Iterable[Line],
    outputs: Iterable[Line],
    minimum: Decimal | None,
    maximum: Decimal | None,
) -> Iterator[tuple[str, str]]:
    """(code, detail) for a transformation outside of its declared range; a declared bound counts in.

    Give the lines that hold alone: a void line neither went in nor came out.
    """
    yield from mass_flags(_masses(inputs), _masses(outputs), minimum, maximum)


def mass_flags(
    went_in: Sequence[int | None],
    came_out: Sequence[int | None],
    minimum: Decimal | None,
    maximum: Decimal | None,
) -> Iterator[tuple[str, str]]:
    """The same from the millionths of a kilogram of each line, None where it is only counted."""
    taken, made = _sum(went_in), _sum(came_out)
    if not taken:
        return
    fraction = Fraction(made, taken)
    too_much = maximum is not None and None not in went_in and fraction > Fraction(maximum)
    too_little = minimum is not None and None not in came_out and fraction < Fraction(minimum)
    if too_much or too_little:
        yield "yield.out-of-range", _told(taken, made, minimum, maximum)


def mass_of(line: Line) -> int | None:
    """Millionths of a kilogram that a line states, None where it is only counted."""
    for quantity in line.measures():
        size = measure(quantity)
        if size.dimension == MASS:
            return size.micro
    return None


def _masses(lines: Iterable[Line]) -> list[int | None]:
    return [mass_of(line) for line in lines]


def _sum(masses: Iterable[int | None]) -> int:
    return sum(mass for mass in masses if mass is not None)


def _told(taken: int, made: int, minimum: Decimal | None, maximum: Decimal | None) -> str:
    share = (Decimal(made) / Decimal(taken)).quantize(_DIGITS).normalize()
    declared = " .. ".join("?" if bound is None else f"{bound:f}" for bound in (minimum, maximum))
    return f"{amount_of(taken)} → {amount_of(made)} kg = {share:f} ({declared})"
