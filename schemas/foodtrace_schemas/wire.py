"""The Confluent wire format: one zero byte, the schema id as a big-endian int32, the Avro data."""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from foodtrace.problems import InvalidValue

_HEAD = Struct(">bi")
HEAD_BYTES = _HEAD.size
MAX_SCHEMA_ID = 2**31 - 1


class Frame(NamedTuple):
    """A framed value: the writer's schema id and where in `value` the Avro data begin."""

    schema_id: int
    start: int


def frame(schema_id: int, data: bytes) -> bytes:
    """Put the head before Avro data; raises ValueError for an id that no registry gives."""
    if not 0 < schema_id <= MAX_SCHEMA_ID:
        raise ValueError(f"schema id {schema_id} is out of range")
    return _HEAD.pack(0, schema_id) + data


def unframe(value: bytes | None) -> Frame:
    """The head of a record's value, checked.

    Raises InvalidValue: `avro.too-short` (also for a tombstone), `avro.wrong-magic`,
    `avro.unknown-schema` for an id below 1.
    """
    if value is None or len(value) < HEAD_BYTES:
        size = "no value" if value is None else f"{len(value)} bytes"
        raise InvalidValue("avro.too-short", size)
    magic, schema_id = _HEAD.unpack_from(value)
    if magic != 0:
        raise InvalidValue("avro.wrong-magic", f"byte {value[0]:#04x}")
    if schema_id < 1:
        raise InvalidValue("avro.unknown-schema", str(schema_id))
    return Frame(schema_id, HEAD_BYTES)
