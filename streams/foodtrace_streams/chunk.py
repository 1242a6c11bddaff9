"""A chunk as the fetcher delivers it: consecutive records of one partition, not yet decoded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

#: Most records of one chunk: some hundred pay for the way through Faust and for one transaction.
CHUNK_RECORDS = 500
#: Most bytes of one chunk, unless a single record is larger.
CHUNK_BYTES = 1024 * 1024


class RawRecord(Protocol):
    """What a fetched record offers (aiokafka's `ConsumerRecord`); `timestamp` in ms since 1970."""

    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RawChunk:
    """The range `[start, end)` of one partition of one log, with the records that lie in it.

    `start` is the end of the chunk before it, or the offset sought; `end` is the fetcher's
    position, so the holes of a log (transaction markers, aborted records) lie inside and a chunk
    without records still advances. `term` counts the seeks of this process: a chunk of an earlier
    one is void. `doomed` are the offsets of records that ended a process, and how: they go aside
    without being looked at again. `more`: it is a piece of a chunk, and others are still to come.
    """

    topic: str
    partition: int
    log: str
    start: int
    end: int
    records: tuple[Any, ...]
    size: int
    term: int
    doomed: Mapping[int, str] = field(default_factory=dict)
    more: bool = False


def size_of(record: RawRecord) -> int:
    """The bytes a record keeps in memory, near enough to bound a queue."""
    return 200 + len(record.value or b"") + len(record.key or b"")


def cut(
    records: Sequence[RawRecord],
    start: int,
    end: int,
    *,
    most_records: int = CHUNK_RECORDS,
    most_bytes: int = CHUNK_BYTES,
) -> Iterator[tuple[int, int, tuple[RawRecord, ...], int]]:
    """Divide `[start, end)` into consecutive parts `(start, end, records, bytes)` without holes."""
    part: list[RawRecord] = []
    size = 0
    for record in records:
        more = size_of(record)
        if part and (len(part) >= most_records or size + more > most_bytes):
            yield start, record.offset, tuple(part), size
            start, part, size = record.offset, [], 0
        part.append(record)
        size += more
    if start < end:
        yield start, end, tuple(part), size
