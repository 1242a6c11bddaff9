"""The few byte-level steps that compiled readers and writers share.

Nothing here checks the end of the data: a slice past it is short and the next byte looked at is an
IndexError, so a reader needs one check at its end instead of one a field.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Context, Decimal, Inexact, InvalidOperation

from foodtrace.problems import InvalidValue

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY = date(1970, 1, 1).toordinal()
_MICRO = Decimal("0.000001")
_DIGITS = 18
# Room for padded numbers; what has more digits than 18 is refused as a quantity, not as Avro.
_DECIMAL_BYTES = 32
_READING = Context(prec=100)
_WRITING = Context(prec=_DIGITS, traps=[Inexact, InvalidOperation])
_MICROSECOND = timedelta(microseconds=1)


class Broken(Exception):
    """Bytes that aren't what the writer's schema says; `code` is of the table of problems."""

    def __init__(self, reason: str, code: str = "avro.broken") -> None:
        """Say what is wrong."""
        super().__init__(reason)
        self.code = code


def read_long(data: bytes, place: int) -> tuple[int, int]:
    """A zigzag number of up to 64 bits and the place behind it."""
    number = shift = 0
    while True:
        byte = data[place]
        place += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            break
        shift += 7
        if shift > 63:
            raise Broken("a number of more than ten bytes")
    if number >= 1 << 64:
        raise Broken("a number of more than 64 bits")
    return (number >> 1) ^ -(number & 1), place


def read_int(data: bytes, place: int) -> tuple[int, int]:
    """As `read_long`, for numbers of 32 bits."""
    number, place = read_long(data, place)
    if not -(1 << 31) <= number < 1 << 31:
        raise Broken("a number of more than 32 bits")
    return number, place


def read_size(data: bytes, place: int) -> tuple[int, int]:
    """A length and the place behind it."""
    size, place = read_long(data, place)
    if size < 0:
        raise Broken("a negative length")
    return size, place


def read_decimal(data: bytes) -> Decimal:
    """The decimal(18,6) of its unscaled bytes."""
    if not 0 < len(data) <= _DECIMAL_BYTES:
        raise Broken(f"a decimal of {len(data)} bytes")
    return _READING.multiply(_MICRO, int.from_bytes(data, "big", signed=True))


def read_moment(microseconds: int) -> datetime:
    """The instant of a timestamp-micros."""
    try:
        return EPOCH + timedelta(microseconds=microseconds)
    except OverflowError as error:
        raise Broken(f"{microseconds} microseconds from 1970", "date.impossible") from error


def read_day(days: int) -> date:
    """The day of a date."""
    try:
        return date.fromordinal(days + EPOCH_DAY)
    except (ValueError, OverflowError) as error:
        raise Broken(f"{days} days from 1970", "date.impossible") from error


def long_bytes(number: int) -> bytes:
    """A zigzag number; raises InvalidValue beyond 64 bits."""
    if not -(1 << 63) <= number < 1 << 63:
        raise InvalidValue("quantity.too-large", str(number)[:80])
    rest = (number << 1) ^ (number >> 63)
    out = bytearray()
    while rest > 0x7F:
        out.append((rest & 0x7F) | 0x80)
        rest >>= 7
    out.append(rest)
    return bytes(out)


def int_bytes(number: int) -> bytes:
    """As `long_bytes`, for numbers of 32 bits."""
    if not -(1 << 31) <= number < 1 << 31:
        raise InvalidValue("quantity.too-large", str(number)[:80])
    return long_bytes(number)


#: Lengths of ordinary texts, ready made.
SIZES = tuple(long_bytes(size) for size in range(512))


def text_bytes(text: str) -> bytes:
    """A text with its length; raises InvalidValue for a lone surrogate."""
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise InvalidValue("text.lone-surrogate", ascii(text[:80])) from error
    size = len(data)
    return (SIZES[size] if size < 512 else long_bytes(size)) + data


def decimal_bytes(amount: Decimal) -> bytes:
    """A decimal(18,6) with its length; raises InvalidValue where it would have to be rounded."""
    try:
        unscaled = int(_WRITING.quantize(amount, _MICRO).scaleb(6))
    except Inexact as error:
        raise InvalidValue("quantity.too-precise", str(amount)[:80]) from error
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise InvalidValue("quantity.too-large", str(amount)[:80]) from error
    size = (unscaled.bit_length() + 8) // 8
    return SIZES[size] + unscaled.to_bytes(size, "big", signed=True)


def moment_bytes(moment: datetime) -> bytes:
    """A timestamp-micros."""
    return long_bytes((moment - EPOCH) // _MICROSECOND)


def day_bytes(day: date) -> bytes:
    """A date."""
    return long_bytes(day.toordinal() - EPOCH_DAY)
