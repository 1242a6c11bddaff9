"""Days as these files write them, and what to assume where they don't."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

#: Assumed where a file names no day at all.
NO_DAY = date(2000, 1, 1)

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ].*)?)?)?")
_DOTTED = re.compile(r"(?:(?:(\d{1,2})[./])?(\d{1,2})[./])?(\d{4})")


class Precision(StrEnum):
    """How much of the day the file says."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and how sure it is."""

    day: date
    precision: Precision


def moment(text: object) -> Moment | None:
    """The day of `2014-09-01`, `2014-09`, `1.9.2014`, `9/2014` or `2014`; None for anything else.

    With slashes the day comes first, as in the templates these files are made from.
    """
    if not isinstance(text, str | int):
        return None
    written = str(text).strip()
    if match := _ISO.fullmatch(written):
        year, month, day = match.groups()
    elif match := _DOTTED.fullmatch(written):
        day, month, year = match.groups()
    else:
        return None
    try:
        found = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return Moment(found, _precision(month, day))


def _precision(month: str | None, day: str | None) -> Precision:
    if day is not None:
        return Precision.DAY
    return Precision.MONTH if month is not None else Precision.YEAR
