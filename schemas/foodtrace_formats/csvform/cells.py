"""What a cell may hold: reading it into the JSON form, and writing it back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any
from unicodedata import normalize

from foodtrace.codes import is_gtin
from foodtrace.problems import InvalidValue

#: China Standard Time, where a cell doesn't say otherwise.
HOME_OFFSET_MINUTES = 480

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_OFFSET = r"(Z|[+-]\d{2}:?\d{2})"
_MOMENT = re.compile(
    rf"(?P<day>[^T\s+Z]+?)(?:[T\s]+(?P<time>\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:\.\d{{1,6}})?)?))?"
    rf"\s*(?P<offset>{_OFFSET})?"
)
# What a spreadsheet makes of a long number: 6.92123E+12.
_ROUNDED = re.compile(r"\d(\.\d+)?[Ee]\+?\d+")
_GTIN_SIZES = (8, 12, 13, 14)
# A GTIN rarely begins with more zeros; a short code of another kind would soon look like one.
_ZEROS = 3
_SPLIT = re.compile(r"(?:\\.|[^\\;]|\\$)+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Form:
    """How cells of a column are read; `en` says what belongs in them. `read` raises InvalidValue."""

    en: str
    zh: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


def _wrong(expected: str, text: str) -> InvalidValue:
    return InvalidValue("csv.wrong-value", f"{expected}, not {text[:60]!r}")


def _code(text: str) -> str:
    """Kept as it is, unless a spreadsheet has destroyed it."""
    if _ROUNDED.fullmatch(text):
        raise InvalidValue("csv.mangled-code", text)
    return text


def _gtin(text: str) -> str:
    digits = _code(text)
    padded = (digits.zfill(size) for size in _GTIN_SIZES if 0 < size - len(digits) <= _ZEROS)
    if digits.isdigit() and not is_gtin(digits) and any(map(is_gtin, padded)):
        raise InvalidValue("csv.lost-zeros", f"{digits} has {len(digits)} digits")
    return digits


def _number(text: str) -> str:
    plain = normalize("NFKC", text)
    if not _NUMBER.fullmatch(plain):
        raise _wrong("a number such as 12.5, without thousands separator", text)
    return plain


def _whole(text: str) -> int:
    plain = normalize("NFKC", text)
    if not (plain.isascii() and plain.isdigit()) or len(plain) > 18:
        raise _wrong("a whole number", text)
    return int(plain)


def read_day(text: str) -> date:
    """2026-05-21, 2026/5/21, 20260521, 2026年5月21日; a day first or a month first is refused."""
    match = _DAY.fullmatch(normalize("NFKC", text))
    try:
        if match is None:
            raise _wrong("a day such as 2026-05-21", text)
        return date(*(int(part) for part in match.groups() if part))
    except ValueError as error:
        if isinstance(error, InvalidValue):
            raise
        raise _wrong("a day of the calendar", text) from error


def _day(text: str) -> str:
    return read_day(text).isoformat()


@dataclass(frozen=True, slots=True)
class When:
    """A moment of the envelope, with its offset and how exactly it is known."""

    at: str
    offset_minutes: int
    precision: str
    local_day: str


def read_when(text: str) -> When:
    """A day, or a day with a time, in China Standard Time unless an offset stands behind it."""
    match = _MOMENT.fullmatch(normalize("NFKC", text).strip())
    if match is None:
        raise _wrong("a moment such as 2026-05-21 08:30", text)
    day = read_day(match["day"])
    if not date.min < day < date.max:
        raise _wrong("a day of our time", text)
    offset = _offset(match["offset"])
    local = datetime.combine(day, _time(match["time"], text), timezone(timedelta(minutes=offset)))
    utc = local.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return When(utc, offset, "instant" if match["time"] else "day", day.isoformat())


def _time(text: str | None, whole: str) -> time:
    if text is None:
        return time()
    hour, _, rest = text.partition(":")
    try:
        return time.fromisoformat(f"{hour.zfill(2)}:{rest}")
    except ValueError as error:
        raise _wrong("a time of day", whole) from error


def _offset(text: str | None) -> int:
    if text is None:
        return HOME_OFFSET_MINUTES
    if text == "Z":
        return 0
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes > 14 * 60:
        raise _wrong("an offset from UTC of 14 hours at most", text)
    return -minutes if text[0] == "-" else minutes


def write_when(at: str, offset_minutes: int, precision: str) -> str:
    """The cell that reads back as this moment; the day alone where only that is known."""
    zone = timezone(timedelta(minutes=offset_minutes))
    local = datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(zone)
    tail = "" if offset_minutes == HOME_OFFSET_MINUTES else local.isoformat()[-6:]
    if precision == "day" and local.time() == time():
        return local.date().isoformat() + tail
    return local.isoformat()


def split(text: str) -> list[str]:
    """The entries of a cell, between semicolons; a semicolon or backslash in one is escaped."""
    return [part.strip() for part in _SPLIT.findall(text) if part.strip()]


def escape(text: str, also: str = "") -> str:
    """An entry so that `split` (and a later search for `also`) leaves it whole."""
    return "".join(f"\\{each}" if each in "\\;" + also else each for each in text)


def unescape(text: str) -> str:
    """The entry as it was."""
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _texts(text: str) -> list[str]:
    return [unescape(entry) for entry in split(text)]


def _write_texts(values: list[str]) -> str:
    return ";".join(escape(value) for value in values)


_EQUALS = re.compile(r"((?:\\.|[^\\=])*)=(.*)", re.DOTALL)
_QUANTITY = re.compile(r"(-?\d+(?:\.\d+)?)(?:\s+(\S.*)|([^\W\d_]+))", re.DOTALL)


def _codes(text: str) -> list[dict[str, Any]]:
    return [_lot_code(entry) for entry in split(text)]


def _lot_code(entry: str) -> dict[str, Any]:
    match = _EQUALS.fullmatch(entry)
    if match is None:
        return {"code": _code(unescape(entry))}
    quantity = _QUANTITY.fullmatch(match[2].strip())
    if quantity is None:
        raise _wrong("CODE=AMOUNT UNIT such as A1=12.5 kg (write \\= inside a code)", entry)
    return {
        "code": _code(unescape(match[1])),
        "quantity": {"amount": _number(quantity[1]), "unit": unescape(quantity[2] or quantity[3])},
    }


def _write_codes(values: list[dict[str, Any]]) -> str:
    return ";".join(map(_write_code, values))


def _write_code(value: dict[str, Any]) -> str:
    code, quantity = escape(value["code"], "="), value.get("quantity")
    return f"{code}={quantity['amount']} {escape(quantity['unit'])}" if quantity else code


TEXT = Form("text", "文本", lambda text: text)
CODE = Form("code, formatted as text", "代码（文本格式）", _code)
GTIN = Form("GTIN with all its digits", "商品条码（含前导零）", _gtin)
NUMBER = Form("number such as 12.5", "数字，如 12.5", _number)
WHOLE = Form("whole number", "整数", _whole)
DAY = Form("day such as 2026-05-21", "日期，如 2026-05-21", _day)
WHEN = Form("day, or 2026-05-21 08:30, China time unless +HH:MM follows", "日期或时间", read_when)
MOMENT = Form(
    "moment such as 2026-05-21 08:30", "时间，如 2026-05-21 08:30", lambda t: read_when(t).at
)
TEXTS = Form("texts with ; between", "多个值以 ; 分隔", _texts, _write_texts)
CODES = Form(
    "CODE or CODE=12.5 kg, with ; between", "代码或 代码=数量 单位，以 ; 分隔", _codes, _write_codes
)
