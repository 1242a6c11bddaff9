"""The plain values of a document, each with its named way to be wrong.

JSON's forms and Python's own are both taken, since Avro brings the latter.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

_AMOUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,9})?", re.ASCII)
_FAR = 1000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NAIVE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?")
_MOMENT = re.compile(_NAIVE.pattern + r"([Zz]|[+-][0-9]{2}:?[0-9]{2})", re.ASCII)


class Wrong(Exception):
    """A value that isn't what its field wants."""

    def __init__(self, code: str, detail: str) -> None:
        """Name the problem and the value."""
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def _type(expected: str, value: Any) -> Wrong:
    return Wrong("event.wrong-type", f"expected {expected}, got {ascii(value)[:80]}")


def text(value: Any) -> str:
    """A text of Unicode characters; what it may hold is the domain's business."""
    if not isinstance(value, str):
        raise _type("a text", value)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Wrong("text.lone-surrogate", ascii(value[:80])) from error
    return value


def whole(value: Any) -> int:
    """A whole number; true and 1.0 aren't."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise _type("a whole number", value)
    return value


def amount(value: Any) -> Decimal:
    """An exact number: a text like "12.5" (never rounded), or a JSON number."""
    exact = _decimal(value)
    if not exact.is_finite():
        raise Wrong("quantity.not-a-number", str(exact))
    # Python's own arithmetic gives up long before these; no amount comes near them.
    if exact.adjusted() > _FAR:
        raise Wrong("quantity.too-large", str(exact)[:80])
    if exact.adjusted() < -_FAR:
        raise Wrong("quantity.too-precise", str(exact)[:80])
    return exact


def _decimal(value: Any) -> Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if not isinstance(value, str):
        raise _type('an amount like "12.5"', value)
    if not _AMOUNT.fullmatch(value):
        raise Wrong("quantity.not-a-number", ascii(value[:80]))
    return Decimal(value)


def day(value: Any) -> date:
    """A calendar day, YYYY-MM-DD."""
    if type(value) is date:
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise _type("a day as YYYY-MM-DD", value)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise Wrong("date.impossible", value) from error


def moment(value: Any) -> datetime:
    """An instant as RFC 3339 writes it, with its offset from UTC."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise _type("an instant like 2026-05-21T08:30:00+08:00", value)
    if _NAIVE.fullmatch(value):
        raise Wrong("date.naive", value)
    if not _MOMENT.fullmatch(value):
        raise _type("an instant like 2026-05-21T08:30:00+08:00", value)
    try:
        return msgspec.convert(value, datetime)
    except msgspec.ValidationError as error:
        raise Wrong("date.impossible", value) from error


def identifier(value: Any) -> UUID:
    """A UUID in its text form."""
    if isinstance(value, UUID):
        return value
    try:
        return msgspec.convert(value, UUID)
    except (msgspec.ValidationError, UnicodeError) as error:
        raise _type("a UUID", value) from error


def choice(value: Any, choices: type[StrEnum]) -> StrEnum:
    """One of a closed list."""
    if not isinstance(value, str):
        raise _type("a text", value)
    try:
        return choices(value)
    except ValueError as error:
        known = ", ".join(choices)
        raise Wrong("list.unknown-value", f"{value[:80]!a} is none of {known}") from error
