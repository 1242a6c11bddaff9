"""Cutting a stream of documents into requests that a door takes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

#: A document in the JSON form: a mapping, or the UTF-8 bytes of one (without a line break).
Document = Mapping[str, Any] | bytes

#: Events in one request; a door takes at least 10,000.
BATCH_EVENTS = 1000
#: Bytes of one request, a little below the door's limit for a body.
BATCH_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Consecutive documents as NDJSON lines; `start` is the position of the first one, from 0."""

    start: int
    lines: tuple[bytes, ...]


def batches(
    documents: Iterable[Document], events: int = BATCH_EVENTS, size: int = BATCH_BYTES
) -> Iterator[Batch]:
    """Batches of at most `events` documents and about `size` bytes, in the order given.

    A document larger than `size` goes alone; the door then says what is wrong with it.
    """
    lines: list[bytes] = []
    start = filled = 0
    for position, document in enumerate(documents):
        line = encode(document)
        if lines and (len(lines) >= events or filled + len(line) + 1 > size):
            yield Batch(start=start, lines=tuple(lines))
            lines, start, filled = [], position, 0
        lines.append(line)
        filled += len(line) + 1
    if lines:
        yield Batch(start=start, lines=tuple(lines))


def encode(document: Document) -> bytes:
    """One NDJSON line; raises ValueError for bytes with a line break, TypeError for odd values.

    Lone surrogates travel as escapes, so that the door can name them.
    """
    if isinstance(document, bytes):
        if b"\n" in document.strip():
            raise ValueError("a document given as bytes must be one line")
        return document.strip()
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_plain)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(document, separators=(",", ":"), default=_plain).encode("ascii")


def _plain(value: object) -> str:
    """Amounts, instants, days and ids as the JSON form writes them."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
