"""Leaves of a tree in their order, from any of them on, without holding a snapshot while they last.

A tree only grows, so what is read in several short snapshots still is of one tree.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine

from foodtrace.evidence import HASH_BYTES
from foodtrace_ledger.engine import snapshot
from foodtrace_ledger.evidence import Head, head
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.evidence import TILE

#: Tiles that are read in one snapshot.
_TILES_AT_ONCE = 256


def index_from(conn: Connection, topic: str, partition: int, offset: int) -> int:
    """How many leaves stand before `offset`: the index of the first one at it or behind it."""
    found = head(conn, topic, partition)
    if found is None:
        return 0
    whole = found.size // TILE
    low, high = 0, whole
    while low < high:
        middle = (low + high) // 2
        if _offsets(_tile(conn, found, middle))[-1] < offset:
            low = middle + 1
        else:
            high = middle
    if low < whole:
        return low * TILE + bisect_left(_offsets(_tile(conn, found, low)), offset)
    return whole * TILE + bisect_left(found.tail_offsets, offset)


def offset_at(conn: Connection, topic: str, partition: int, index: int) -> int:
    """The offset of the leaf of that index; raises IndexError when there aren't as many."""
    found = head(conn, topic, partition)
    if found is None or not 0 <= index < found.size:
        raise IndexError(f"leaf {index} of {topic}/{partition}")
    whole = found.size // TILE * TILE
    if index >= whole:
        return found.tail_offsets[index - whole]
    return _offsets(_tile(conn, found, index // TILE))[index % TILE]


def leaves(
    engine: Engine, topic: str, partition: int, first: int, end: int
) -> Iterator[tuple[int, bytes]]:
    """Offset and hash of the leaves `[first, end)`, as far as there are any."""
    while first < end:
        page = _page(engine, topic, partition, first, end)
        yield from page
        if not page:
            return
        first += len(page)


def _page(
    engine: Engine, topic: str, partition: int, first: int, end: int
) -> list[tuple[int, bytes]]:
    begin = first // TILE
    where = {"topic": topic, "partition": partition}
    found: list[tuple[int, bytes]] = []
    with snapshot(engine) as conn:
        part = {"first": begin, "end": min(begin + _TILES_AT_ONCE, -(-end // TILE))}
        for row in conn.execute(sql("evidence_tiles"), where | part):
            found += zip(_offsets(row), _hashes(row), strict=True)
        latest = head(conn, topic, partition)
    if latest is not None and begin * TILE + len(found) == latest.size - len(latest.tail):
        found += zip(latest.tail_offsets, latest.tail, strict=True)
    return found[first - begin * TILE : end - begin * TILE]


def _tile(conn: Connection, found: Head, index: int) -> Any:
    where = {"topic": found.topic, "partition": found.partition, "index": index}
    return conn.execute(sql("evidence_tile"), where).one()


def _offsets(row: Any) -> tuple[int, ...]:
    first: int = row.first_offset
    rest = range(first + 1, first + TILE) if row.offsets is None else row.offsets
    return (first, *rest)


def _hashes(row: Any) -> list[bytes]:
    whole = bytes(row.hashes)
    return [whole[at : at + HASH_BYTES] for at in range(0, len(whole), HASH_BYTES)]
