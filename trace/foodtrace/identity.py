"""Ids that follow from content: event ids, lot ids, batch ids and the digest of what was said.

UUIDv8 (RFC 9562, 5.8) from the first 128 bits of a SHA-256 over a JSON list, so that no two
different lists of texts give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

_VERSION_8 = 0x8 << 76
_VARIANT = 0x2 << 62
_CLEAR = ~((0xF << 76) | (0x3 << 62))

# Made once: `json.dumps` makes one anew at every call that asks for anything but its defaults.
_listed = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_sorted = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode


def uuid8(*parts: str | int) -> UUID:
    """The UUIDv8 of a list of parts; the first one should name what is identified."""
    text = _listed(parts)
    number = int.from_bytes(sha256(text.encode("ascii")).digest()[:16], "big")
    return UUID(int=(number & _CLEAR) | _VERSION_8 | _VARIANT)


#: Longer names, in characters, aren't remembered: who asks hasn't judged them yet, and what is sent may
#: be as long as an event.
_MOST_REMEMBERED = 512


def event_id(source: str, kind: str, source_event_id: str, revision: int = 0) -> UUID:
    """The id of an event: the same for every retry, another one for every revision.

    The latest are remembered, since whoever decodes an event asks and whoever judges it asks again.
    """
    if len(source or "") + len(source_event_id or "") > _MOST_REMEMBERED:
        return uuid8("event", source, kind, source_event_id, revision)
    return _event_id(source, kind, source_event_id, revision)


@lru_cache(maxsize=4_096, typed=True)
def _event_id(source: str, kind: str, source_event_id: str, revision: int) -> UUID:
    return uuid8("event", source, kind, source_event_id, revision)


# A resend may carry another send time and still be the same event.
_NOT_CONTENT = frozenset({"reported_at"})


def content_digest(event: Any) -> bytes:
    """SHA-256 (32 bytes) over the canonical content of an event; two contents of one id differ in it.

    Amounts compare by value (1.0 = 1.00), instants as UTC; absent fields don't count, so that a
    new optional field leaves old digests as they are. `reported_at` isn't content.
    """
    text = _sorted([event.kind, _plain(event)])
    return sha256(text.encode("ascii")).digest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    kind: Any = type(value)
    names = _content_fields(kind)
    if names:
        return _plain_record(value, names)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"no canonical form for {type(value).__name__}")


@cache
def _content_fields(kind: Any) -> tuple[str, ...]:
    if not is_dataclass(kind):
        return ()
    return tuple(field.name for field in fields(kind) if field.name not in _NOT_CONTENT)


def _plain_record(record: Any, names: tuple[str, ...]) -> dict[str, Any]:
    plain = {}
    for name in names:
        value = getattr(record, name)
        if not value and (value is None or isinstance(value, tuple | Mapping)):
            continue
        plain[name] = _plain(value)
    return plain
