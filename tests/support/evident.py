"""Logs as a reader is handed them, chunks of them as a worker judges them, and the tree by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from foodtrace.evidence import Checkpoint, leaf_of
from foodtrace_ledger.chunk import Chunk
from foodtrace_streams.chunk import RawChunk, RawRecord
from foodtrace_streams.decode import decoding
from foodtrace_streams.schemas import SchemaBook
from foodtrace_streams.verdict import judged
from support.ledger import CONSUMER, LOG
from support.small import NOON
from support.streams import schema_rows

NOON_MS = int(NOON.timestamp() * 1000)
TOPIC = "ft.trade"
ORIGIN = "foodtrace/7f3a/ft.trade/3/Zm9vZHRyYWNlLWxvZ18x"
_DECODING = decoding(SchemaBook(lambda: list(schema_rows())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A record of a log."""

    offset: int
    value: bytes | None
    timestamp: int = NOON_MS
    key: bytes | None = b"key"
    headers: tuple[tuple[str, bytes], ...] = ()


def logged(offsets: Iterable[int]) -> tuple[Logged, ...]:
    """Records that nobody can read, each another one."""
    return tuple(
        Logged(offset=offset, value=b"?%d" % offset, timestamp=NOON_MS + offset)
        for offset in offsets
    )


def leaves(records: Iterable[RawRecord], *, topic: str = TOPIC, partition: int = 0) -> list[bytes]:
    """Their leaf hashes, by the domain alone."""
    return [
        leaf_of(
            topic,
            partition,
            record.offset,
            record.timestamp,
            record.key,
            record.value,
            record.headers,
        ).hash()
        for record in records
    ]


def raw(
    records: Sequence[Logged],
    start: int,
    end: int,
    *,
    topic: str = TOPIC,
    partition: int = 0,
    log: str = LOG,
) -> RawChunk:
    """What the fetcher delivers of `[start, end)`."""
    part = tuple(record for record in records if start <= record.offset < end)
    return RawChunk(
        topic=topic,
        partition=partition,
        log=log,
        start=start,
        end=end,
        records=part,
        size=0,
        term=1,
    )


def evident(
    records: Sequence[Logged],
    start: int,
    end: int,
    *,
    topic: str = TOPIC,
    partition: int = 0,
    log: str = LOG,
) -> Chunk:
    """The same as the ledger's writer gets it."""
    chunk = raw(records, start, end, topic=topic, partition=partition, log=log)
    return judged(chunk, CONSUMER, _DECODING)


def checkpoint(size: int = 12, ms: int = 1_763_000_000_123) -> Checkpoint:
    """One of a log that doesn't exist."""
    return Checkpoint(
        origin=ORIGIN,
        size=size,
        root=sha256(b"root").digest(),
        link=sha256(b"link").digest(),
        next_offset=size + 3,
        as_of=datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms),
    )
