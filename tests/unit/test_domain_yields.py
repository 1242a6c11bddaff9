"""Yields: outside of the declared range is a flag, what isn't weighed leaves only bounds."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.events.line import Line, ProductRef
from foodtrace.quantity import Quantity
from foodtrace.yields import yield_flags

LOW, HIGH = Decimal("0.68"), Decimal("0.76")
KILOS = st.integers(1, 500).map(Decimal)


def weighed(kilos: Decimal | int | None, count: int | None = None) -> Line:
    """A line of so many kilograms, of so many 片, or both."""
    return Line(
        line_no=1,
        product=ProductRef(product_id="PORK"),
        count=None if count is None else Quantity(Decimal(count), "片"),
        net_mass=None if kilos is None else Quantity(Decimal(kilos), "kg"),
    )


@pytest.mark.parametrize(
    ("outputs", "flagged"),
    [
        ([weighed(72, 2)], False),
        ([weighed(68)], False),
        ([weighed(76)], False),
        ([weighed(60), weighed(10)], False),
        ([weighed(67)], True),
        ([weighed(77)], True),
        # By-products that were only counted: there came out at least 60 kg, perhaps enough.
        ([weighed(60), weighed(None, 3)], False),
        ([weighed(80), weighed(None, 3)], True),
    ],
)
def test_the_range_is_held_by_mass(outputs: list[Line], flagged: bool) -> None:
    found = list(yield_flags([weighed(60), weighed(40)], outputs, LOW, HIGH))
    assert [code for code, _ in found] == ["yield.out-of-range"] * flagged


def test_the_facts_stand_in_the_detail() -> None:
    ((_, detail),) = yield_flags([weighed(100)], [weighed(80)], LOW, HIGH)
    assert detail == "100 → 80 kg = 0.8 (0.68 .. 0.76)"
    ((_, open_end),) = yield_flags([weighed(3)], [weighed(1)], LOW, None)
    assert open_end == "3 → 1 kg = 0.3333 (0.68 .. ?)"


def test_heads_that_nobody_weighed_give_no_verdict() -> None:
    assert not list(yield_flags([weighed(None, 2)], [weighed(140)], LOW, HIGH))
    assert not list(yield_flags([weighed(100), weighed(None, 1)], [weighed(140)], LOW, HIGH))
    assert list(yield_flags([weighed(100), weighed(None, 1)], [weighed(50)], LOW, HIGH))


@given(
    st.lists(KILOS, min_size=1, max_size=4), st.lists(KILOS, min_size=1, max_size=4), st.randoms()
)
def test_the_order_of_lines_changes_nothing(
    taken: list[Decimal], made: list[Decimal], random: object
) -> None:
    inputs, outputs = [weighed(each) for each in taken], [weighed(each) for each in made]
    found = list(yield_flags(inputs, outputs, LOW, HIGH))
    assert found == list(yield_flags(inputs[::-1], outputs[::-1], LOW, HIGH))
    inside = LOW <= Decimal(sum(made)) / Decimal(sum(taken)) <= HIGH
    assert bool(found) is not inside
