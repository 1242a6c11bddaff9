"""What a record's value says as far as it can be told, though it is no valid event: for people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import msgspec

from foodtrace.problems import InvalidValue
from foodtrace_schemas import json_form
from foodtrace_schemas.codec import Lookup, decode, fields

#: Characters of a text, and bytes of what can't be read at all, that are shown.
TEXT_CHARACTERS = 2000
HEAD_BYTES = 64


class Seen(StrEnum):
    """How far it could be read: a valid event, Avro fields that break a rule, other JSON, a text,
    or bytes alone."""

    EVENT = "event"
    FIELDS = "fields"
    JSON = "json"
    TEXT = "text"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class Peek:
    """`view` is JSON for event, fields and json, a text for text, the head in hex for bytes."""

    seen: Seen
    view: Any


def peek(value: bytes | None, lookup: Lookup) -> Peek:
    """As far as it can be read; what `lookup` raises goes through."""
    value = value or b""
    try:
        return Peek(Seen.EVENT, json_form.write(decode(value, lookup).event))
    except ValueError:
        pass
    try:
        found = fields(value, lookup)
        return Peek(
            Seen.FIELDS, msgspec.to_builtins(found, builtin_types=(Decimal,), str_keys=True)
        )
    except (InvalidValue, TypeError, ValueError):
        return _without_schema(value)


def _without_schema(value: bytes) -> Peek:
    try:
        text = value.decode("utf-8")
        if not text.isprintable() and not text.replace("\n", "").replace("\t", "").isprintable():
            return Peek(Seen.BYTES, value[:HEAD_BYTES].hex())
    except UnicodeDecodeError:
        return Peek(Seen.BYTES, value[:HEAD_BYTES].hex())
    try:
        # A lone surrogate or NaN, which JSON answers can't hold, stays a text.
        found = json.loads(text)
        msgspec.json.encode(found)
        json.dumps(found, allow_nan=False)
    except (ValueError, OverflowError, RecursionError):
        return Peek(Seen.TEXT, text[:TEXT_CHARACTERS])
    return Peek(Seen.JSON, found)
