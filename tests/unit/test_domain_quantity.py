"""Quantities: exact, positive, each in its dimension."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.problems import InvalidValue
from foodtrace.quantity import MASS, Quantity, amount_of, check_money, measure


@pytest.mark.parametrize(
    ("amount", "unit", "dimension", "micro"),
    [
        ("1", "kg", MASS, 1_000_000),
        ("3", "斤", MASS, 1_500_000),
        ("2.5", "两", MASS, 125_000),
        ("0.5", "t", MASS, 500_000_000),
        ("12", "箱", "箱", 12_000_000),
        ("7", "板", "板", 7_000_000),
    ],
)
def test_measures(amount: str, unit: str, dimension: str, micro: int) -> None:
    size = measure(Quantity(Decimal(amount), unit))
    assert (size.dimension, size.micro) == (dimension, micro)


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "quantity.not-positive"),
        ("-1", "quantity.not-positive"),
        ("NaN", "quantity.not-a-number"),
        ("Infinity", "quantity.not-a-number"),
        ("0.0000001", "quantity.too-precise"),
        ("1000000000000", "quantity.too-large"),
    ],
)
def test_impossible_amounts_are_refused_by_name(amount: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        Quantity(Decimal(amount), "kg")
    assert refused.value.code == code


def test_an_amount_that_no_ledger_can_hold_is_refused() -> None:
    with pytest.raises(InvalidValue, match="too-large"):
        Quantity(Decimal("999999999999"), "吨")


@given(st.decimals("0.000001", "999999", places=6))
def test_an_amount_comes_back_as_it_went_in(amount: Decimal) -> None:
    assert amount_of(measure(Quantity(amount, "kg")).micro) == amount


def test_money_needs_a_currency_and_no_minus() -> None:
    with pytest.raises(InvalidValue, match="no-currency"):
        check_money(Decimal(1), None)
    with pytest.raises(InvalidValue, match="negative"):
        check_money(Decimal(-1), "CNY")
    check_money(None, None)
