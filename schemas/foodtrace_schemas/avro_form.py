"""Avro bytes to plain records and back, by fastavro, resolved to the contract we read with."""

from __future__ import annotations

import struct
from collections.abc import Callable
from datetime import date, datetime
from decimal import Context, Decimal, Inexact, InvalidOperation
from io import BytesIO
from typing import Any
from uuid import UUID

import fastavro
import msgspec
from fastavro.read import LOGICAL_READERS, SchemaResolutionError
from fastavro.write import LOGICAL_WRITERS

from foodtrace.problems import InvalidValue
from foodtrace_schemas.avro_model import Array, MapOf, Named, Node, Record, Schema, Union, loads

Reader = Callable[[bytes, int], dict[str, Any]]
Writer = Callable[[Any], bytes]

# decimal(18,6) needs eight bytes and a sign.
_DECIMAL_BYTES = 9
_EXACT = Context(prec=18, traps=[Inexact, InvalidOperation])
# What fastavro meets in bytes that aren't Avro of the schema they name.
_BROKEN = (
    EOFError,
    LookupError,
    ValueError,
    ArithmeticError,
    TypeError,
    struct.error,
    SchemaResolutionError,
)
# What fastavro turns into Avro by itself, so that msgspec leaves it alone.
_NATIVE = (Decimal, UUID, datetime, date)


def _bounded_decimal(data: bytes, schema: Any, *_: Any) -> Decimal:
    """A decimal of the contract's width, exactly.

    fastavro's own reader takes any width, in time quadratic to it (a record of 4 MiB would hold a
    worker for minutes), and rounds what has too many digits.
    """
    if not 0 < len(data) <= _DECIMAL_BYTES:
        raise ValueError(f"a decimal of {len(data)} bytes")
    return Decimal(int.from_bytes(data, "big", signed=True)).scaleb(-schema.get("scale", 0))


def _exact_decimal(amount: Any, schema: Any, *_: Any) -> Any:
    """The unscaled bytes of a decimal, where it needs no rounding to be written.

    fastavro's own writer goes by the digits as given and refuses 12.5000000, which is 12.5.
    """
    if not isinstance(amount, Decimal):
        return amount
    scale = schema.get("scale", 0)
    try:
        unscaled = int(_EXACT.quantize(amount, Decimal(1).scaleb(-scale)).scaleb(scale))
    except Inexact as problem:
        raise InvalidValue("quantity.too-precise", str(amount)[:80]) from problem
    except InvalidOperation as problem:
        raise InvalidValue("quantity.too-large", str(amount)[:80]) from problem
    return unscaled.to_bytes((unscaled.bit_length() + 8) // 8, "big", signed=True)


LOGICAL_READERS["bytes-decimal"] = _bounded_decimal
LOGICAL_WRITERS["bytes-decimal"] = _exact_decimal


def compile_reader(writer_text: str, reader_text: str) -> Reader:
    """How values written with one schema are read as another; raises InvalidValue for no way."""
    theirs = fastavro.parse_schema(loads(writer_text))
    # Given twice, fastavro compares the two schemas all through at every record: 30 µs.
    same = writer_text == reader_text
    ours = None if same else fastavro.parse_schema(loads(reader_text))

    def read(value: bytes, start: int) -> dict[str, Any]:
        body = BytesIO(value)
        body.seek(start)
        try:
            record = fastavro.schemaless_reader(body, theirs, ours)
        except OverflowError as problem:
            raise InvalidValue("date.impossible", _said(problem)) from problem
        except _BROKEN as problem:
            raise InvalidValue("avro.broken", _said(problem)) from problem
        if body.tell() != len(value):
            left = len(value) - body.tell()
            raise InvalidValue("avro.trailing-bytes", f"{left} bytes")
        if not isinstance(record, dict):
            raise InvalidValue("avro.foreign-schema", "it isn't a record")
        return record

    return read


def compile_writer(text: str) -> Writer:
    """How events are written with one of our contracts."""
    ours = fastavro.parse_schema(loads(text))

    def write(event: Any) -> bytes:
        body = BytesIO()
        plain = msgspec.to_builtins(event, builtin_types=_NATIVE)
        fastavro.schemaless_writer(body, ours, plain)
        return body.getvalue()

    return write


def recursive_name(schema: Schema) -> str | None:
    """A record of the schema that holds itself; data of such a one nests as deep as it likes."""

    def search(node: Node, under_way: frozenset[str]) -> str | None:
        found = (search(inner, under_way) for inner in _inner(schema, node))
        if not isinstance(node, Named):
            return next(filter(None, found), None)
        if node.name in under_way:
            return node.name
        under_way |= {node.name}
        return next(filter(None, found), None)

    return search(schema.root, frozenset())


def _inner(schema: Schema, node: Node) -> tuple[Node, ...]:
    if isinstance(node, Union):
        return node.branches
    if isinstance(node, Array):
        return (node.items,)
    if isinstance(node, MapOf):
        return (node.values,)
    named = schema.named[node.name] if isinstance(node, Named) else None
    return tuple(field.type for field in named.fields) if isinstance(named, Record) else ()


def _said(problem: Exception) -> str:
    return f"{type(problem).__name__}: {ascii(str(problem))[:200]}"
