"""Amounts as people read them: with their unit, thousands apart, nothing where there is nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from foodtrace_deploy.texts import current

Figures = Mapping[str, Any]


def number(amount: str | int | Decimal) -> str:
    """1234.500 as 1,234.5."""
    value = Decimal(amount)
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(amount: str | int | Decimal, unit: str) -> str:
    """An amount with its unit; only a Chinese measure word in a Chinese sentence isn't set apart."""
    close = current() == "zh" and not unit.isascii()
    return f"{number(amount)}{'' if close else ' '}{unit}"


def any_of(figures: Iterable[Figures], name: str) -> bool:
    """Whether the figure says something in some dimension."""
    return any(Decimal(each[name]) != 0 for each in figures)
