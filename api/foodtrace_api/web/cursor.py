"""Cursors: where a page ended, opaque to the caller and bound to the question asked."""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from foodtrace.problems import TheirFault

_LIMIT = 2048
Place = TypeVar("Place")


def cursor_of(question: object, last: object) -> str:
    """The cursor of the page behind `last` (what JSON can say) of a question."""
    raw = msgspec.json.encode([_mark(question), last])
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def read_cursor(question: object, cursor: str | None, shape: type[Place]) -> Place | None:
    """What the cursor says, as the type it must have; None without one.

    Raises TheirFault `request.bad-cursor` for one of another question, or that we never gave.
    """
    if cursor is None:
        return None
    if len(cursor) > _LIMIT:
        raise TheirFault("request.bad-cursor", "too long", "cursor")
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mark, last = msgspec.json.decode(raw, type=tuple[str, msgspec.Raw])
        if mark != _mark(question):
            raise TheirFault("request.bad-cursor", "of another question", "cursor")
        place: Any = msgspec.json.decode(last, type=shape)
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise TheirFault("request.bad-cursor", "unreadable", "cursor") from error
    return place  # type: ignore[no-any-return]


def _mark(question: object) -> str:
    return sha256(msgspec.json.encode(question)).hexdigest()[:12]
