"""Cursors: where a page ended, opaque to the caller and bound to the question asked."""

from __future__ import annotations

import base64
import binascii
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from foodtrace.problems import TheirFault

_LIMIT = 2048


def cursor_of(question: object, last: object) -> str:
    """The cursor of the page behind `last` (plain JSON values) of a question."""
    raw = msgspec.json.encode([_mark(question), last])
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def read_cursor(question: object, cursor: str | None) -> Any:
    """What the cursor says; None without one. Raises TheirFault for one of another question."""
    if cursor is None:
        return None
    if len(cursor) > _LIMIT:
        raise TheirFault("request.bad-cursor", "too long", "cursor")
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        mark, last = msgspec.json.decode(raw, type=tuple[str, Any])
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise TheirFault("request.bad-cursor", "unreadable", "cursor") from error
    if mark != _mark(question):
        raise TheirFault("request.bad-cursor", "of another question", "cursor")
    return last


def uuid_in(last: Any) -> UUID | None:
    """A cursor that holds a UUID; raises TheirFault for anything else."""
    if last is None:
        return None
    try:
        return UUID(last)
    except (ValueError, AttributeError, TypeError) as error:
        raise TheirFault("request.bad-cursor", "unreadable", "cursor") from error


def _mark(question: object) -> str:
    return sha256(msgspec.json.encode(question)).hexdigest()[:12]
