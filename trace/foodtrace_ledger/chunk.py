"""What a worker hands to the ledger: a consecutive range of one partition, already judged.

A chunk covers the half-open range `[start, end)` of offsets. Holes of the log (transaction markers)
lie inside, so `end` may be far beyond the last entry and a chunk without entries still advances.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from foodtrace.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a record stands: the broker's log id, topic, partition, offset and append time (UTC)."""

    log: str
    topic: str
    partition: int
    offset: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A record that is a valid event; `payload` is its value as received, frame included.

    `leaf` is the hash of its leaf of evidence (`foodtrace.evidence`), in an evident chunk.
    """

    origin: Origin
    event: Event
    payload: bytes
    schema_id: int
    leaf: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """A record that can't be taken: the problem's code and everything that came with it.

    `source` is who sent it, as far as that is sure: by its topic, or by an event that we let in.
    """

    origin: Origin
    code: str
    detail: str
    path: str | None = None
    schema_id: int | None = None
    key: bytes | None = None
    value: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()
    source: str | None = None
    leaf: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """The records of `[start, end)` of one partition, in offset order, for one consumer.

    `start` is the end of the chunk before it as the fetcher delivered it, or the offset sought.
    `evident`: the entries are all records of the range, each with its leaf, for the evidence.
    """

    consumer: str
    log: str
    topic: str
    partition: int
    start: int
    end: int
    entries: tuple[Taken | Aside, ...]
    evident: bool = False
