"""Read the Merkle trees that the ledger keeps: heads, subtree roots, leaves, and whether all is there.

A proof over ten million records reads some dozen rows. What is read in one snapshot belongs together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from foodtrace.evidence import (
    FIRST_LINK,
    HASH_BYTES,
    Checkpoint,
    Frontier,
    HashAt,
    next_link,
    root,
    root_at,
)
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.evidence import TILE, TILE_HEIGHT

_TILES_AT_ONCE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The tree of a partition as it is: `size` leaves, every record before `next_offset`.

    `last_offset` and `as_of` (append time, UTC) are those of the last leaf, None without leaves;
    `tail` holds the leaf hashes beyond the last whole tile, `tail_offsets` their offsets.
    """

    topic: str
    partition: int
    log: str
    size: int
    next_offset: int
    last_offset: int | None
    as_of: datetime | None
    root: bytes
    link: bytes
    tail: tuple[bytes, ...]
    tail_offsets: tuple[int, ...]

    def checkpoint(self, origin: str) -> Checkpoint:
        """What is signed of it; needs at least one leaf."""
        assert self.last_offset is not None
        assert self.as_of is not None
        return Checkpoint(
            origin=origin,
            size=self.size,
            root=self.root,
            link=self.link,
            next_offset=self.last_offset + 1,
            as_of=self.as_of,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LatestLeaf:
    """How many leaves a tree has, and the append time of the last one."""

    size: int
    as_of: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """Up to 32 leaves that stand together: `first` is the index of the first of them."""

    first: int
    offsets: tuple[int, ...]
    hashes: tuple[bytes, ...]


def head(conn: Connection, topic: str, partition: int) -> Head | None:
    """The head of a partition's tree, None where there is none."""
    where = {"topic": topic, "partition": partition}
    row = conn.execute(sql("evidence_head"), where).one_or_none()
    return None if row is None else _head(row)


def heads(conn: Connection) -> list[Head]:
    """All heads, by topic and partition."""
    return [_head(row) for row in conn.execute(sql("evidence_heads"))]


def sizes(conn: Connection) -> dict[tuple[str, str, int], int]:
    """How many leaves each tree has, by (log, topic, partition); those without any are left out."""
    return {spot: latest.size for spot, latest in latest_leaves(conn).items()}


def latest_leaves(conn: Connection) -> dict[tuple[str, str, int], LatestLeaf]:
    """The latest leaf of each tree, by (log, topic, partition); without those that have none."""
    rows = conn.execute(sql("evidence_sizes"))
    return {
        (row.log, row.topic, row.partition): LatestLeaf(size=row.size, as_of=row.as_of)
        for row in rows
    }


def incomplete(conn: Connection, consumer: str) -> list[tuple[str, int]]:
    """The partitions that this consumer has read and that have no tree up to its position."""
    rows = conn.execute(sql("evidence_incomplete"), {"consumer": consumer})
    return [(row.topic, row.partition) for row in rows]


def leaf_index_of(conn: Connection, topic: str, partition: int, offset: int) -> int | None:
    """The index of the leaf of the record at `offset`; None where no leaf stands for it."""
    found = head(conn, topic, partition)
    if found is None:
        return None
    if offset in found.tail_offsets:
        return found.size - len(found.tail) + found.tail_offsets.index(offset)
    tile = _tile_with(conn, found, offset)
    return None if tile is None else tile.first + tile.offsets.index(offset)


def hash_at(conn: Connection, topic: str, partition: int) -> HashAt:
    """The roots of the perfect subtrees, for `foodtrace.evidence.proofs`.

    Remembers what it read, so it is for one question. Raises KeyError for a subtree that isn't
    complete.
    """
    return _Reading(conn, topic, partition).hash_at


def root_of(conn: Connection, topic: str, partition: int, size: int) -> bytes:
    """The root over the first `size` leaves; raises KeyError when there aren't as many."""
    return root_at(size, hash_at(conn, topic, partition))


def tiles(conn: Connection, topic: str, partition: int) -> Iterator[Tile]:
    """All leaves in their order, the incomplete tile last; for a snapshot."""
    found = head(conn, topic, partition)
    if found is None:
        return
    end = found.size // TILE
    for first in range(0, end, _TILES_AT_ONCE):
        part = {"first": first, "end": min(first + _TILES_AT_ONCE, end)}
        where = {"topic": topic, "partition": partition} | part
        for row in conn.execute(sql("evidence_tiles"), where):
            yield tile_of(row)
    if found.tail:
        first = found.size - len(found.tail)
        yield Tile(first=first, offsets=found.tail_offsets, hashes=found.tail)


def recomputed(
    conn: Connection, topic: str, partition: int, size: int
) -> tuple[bytes, bytes, int | None]:
    """Root, link and last offset of the first `size` leaves, from the leaf hashes alone.

    Reads all of them and trusts nothing else that is stored: for an audit, in a snapshot. Raises
    KeyError when there aren't as many.
    """
    frontier, link, last = Frontier(), FIRST_LINK, None
    for tile in tiles(conn, topic, partition):
        for offset, leaf in zip(tile.offsets, tile.hashes, strict=True):
            if frontier.size == size:
                break
            frontier.append(leaf)
            link, last = next_link(link, leaf), offset
    if frontier.size < size:
        raise KeyError(size)
    return frontier.root(), link, last


class _Reading:
    """Subtree roots of one partition, 32 of a height at a time."""

    def __init__(self, conn: Connection, topic: str, partition: int) -> None:
        self._conn = conn
        self._where: dict[str, Any] = {"topic": topic, "partition": partition}
        self._leaves: dict[int, tuple[bytes, ...]] = {}
        self._roots: dict[tuple[int, int], dict[int, bytes]] = {}

    def hash_at(self, height: int, index: int) -> bytes:
        # The stored height that the subtree is put together from, and how many it takes of it.
        base = height - height % TILE_HEIGHT
        count = 1 << (height - base)
        first = index * count
        if base == 0:
            hashes = self._tile(first // TILE)[first % TILE : first % TILE + count]
        else:
            group = self._group(base, first // TILE)
            hashes = tuple(group[one] for one in range(first, first + count))
        if len(hashes) != count:
            raise KeyError((height, index))
        return root(hashes)

    def _tile(self, index: int) -> tuple[bytes, ...]:
        if index not in self._leaves:
            row = self._conn.execute(
                sql("evidence_tile"), self._where | {"index": index}
            ).one_or_none()
            self._leaves[index] = self._tail(index) if row is None else _split(row.hashes)
        return self._leaves[index]

    def _tail(self, index: int) -> tuple[bytes, ...]:
        row = self._conn.execute(sql("evidence_head"), self._where).one_or_none()
        return _split(row.tail) if row is not None and row.size // TILE == index else ()

    def _group(self, height: int, group: int) -> dict[int, bytes]:
        if (height, group) not in self._roots:
            part = {"first": group * TILE, "end": (group + 1) * TILE}
            if height == TILE_HEIGHT:
                rows = self._conn.execute(sql("evidence_tile_roots"), self._where | part)
            else:
                asked = self._where | part | {"height": height}
                rows = self._conn.execute(sql("evidence_nodes"), asked)
            self._roots[height, group] = {row.number: bytes(row.root) for row in rows}
        return self._roots[height, group]


def _tile_with(conn: Connection, found: Head, offset: int) -> Tile | None:
    """The whole tile that holds the leaf of an offset: searched by halves, since offsets ascend.

    A leaf's index is at most its offset, and the same where the log has no holes: looked at first.
    """
    low, high = 0, found.size // TILE - 1
    middle = min(high, offset // TILE)
    while low <= high:
        where = {"topic": found.topic, "partition": found.partition, "index": middle}
        tile = tile_of(conn.execute(sql("evidence_tile"), where).one())
        if offset in tile.offsets:
            return tile
        if offset < tile.offsets[0]:
            high = middle - 1
        elif offset > tile.offsets[-1]:
            low = middle + 1
        else:
            return None
        middle = (low + high) // 2
    return None


def _head(row: Any) -> Head:
    return Head(
        topic=row.topic,
        partition=row.partition,
        log=row.log,
        size=row.size,
        next_offset=row.next_offset,
        last_offset=row.last_offset,
        as_of=row.as_of,
        root=Frontier.from_bytes(bytes(row.frontier)).root(),
        link=bytes(row.link),
        tail=_split(row.tail),
        tail_offsets=tuple(row.tail_offsets),
    )


def tile_of(row: Any) -> Tile:
    """The leaves of a row of `evidence_tile`."""
    first = row.first_offset
    rest = range(first + 1, first + TILE) if row.offsets is None else row.offsets
    return Tile(first=row.number * TILE, offsets=(first, *rest), hashes=_split(row.hashes))


def _split(data: bytes | memoryview) -> tuple[bytes, ...]:
    whole = bytes(data)
    return tuple(whole[at : at + HASH_BYTES] for at in range(0, len(whole), HASH_BYTES))
