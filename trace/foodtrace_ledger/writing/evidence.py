"""Grow the Merkle tree of a partition by the records of a chunk, in the chunk's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from foodtrace.evidence import FIRST_LINK, HASH_BYTES, Frontier, next_link
from foodtrace_ledger import arrays
from foodtrace_ledger.chunk import Aside, Chunk, Taken
from foodtrace_ledger.errors import ChunkLost, LogReplaced
from foodtrace_ledger.sqlfile import sql

#: Leaves of a tile, and the height of the subtree that they make.
TILE_HEIGHT = 5
TILE = 1 << TILE_HEIGHT


@dataclass(slots=True, kw_only=True)
class Growth:
    """A tree that grows: its head, and the tiles and nodes that became complete on the way."""

    frontier: Frontier = field(default_factory=Frontier)
    link: bytes = FIRST_LINK
    tail: list[bytes] = field(default_factory=list)
    tail_offsets: list[int] = field(default_factory=list)
    last_offset: int | None = None
    as_of: datetime | None = None
    next_offset: int = 0
    tiles: list[tuple[int, int, str | None, bytes, bytes]] = field(default_factory=list)
    nodes: list[tuple[int, int, bytes]] = field(default_factory=list)

    def append(self, offset: int, leaf: bytes, received_at: datetime) -> None:
        """Take in the next record of the log."""
        completed = self.frontier.append(leaf)
        self.link = next_link(self.link, leaf)
        self.tail.append(leaf)
        self.tail_offsets.append(offset)
        self.last_offset, self.as_of = offset, received_at
        if len(self.tail) == TILE:
            self._close(completed)

    def _close(self, completed: Sequence[bytes]) -> None:
        """Put the full tile away, with the nodes of every fifth height that it completes."""
        tile = self.frontier.size // TILE - 1
        first = self.tail_offsets[0]
        follow = self.tail_offsets[-1] - first == TILE - 1
        offsets = None if follow else arrays.numbers(self.tail_offsets[1:])
        root = completed[TILE_HEIGHT - 1]
        self.tiles.append((tile, first, offsets, root, b"".join(self.tail)))
        for height in range(2 * TILE_HEIGHT, len(completed) + 1, TILE_HEIGHT):
            index = (self.frontier.size >> height) - 1
            self.nodes.append((height, index, completed[height - 1]))
        self.tail, self.tail_offsets = [], []


def write(
    conn: Connection, chunk: Chunk, entries: Iterable[Taken | Aside], next_offset: int
) -> None:
    """Append the entries, which begin at `next_offset`, the position of the chunk's consumer.

    A partition whose tree doesn't reach up to there has none: it was begun before trees were kept.
    Raises LogReplaced when the tree is of another log, ChunkLost when another consumer's writer
    grew it at the same moment.
    """
    where = {"topic": chunk.topic, "partition": chunk.partition}
    row = conn.execute(sql("evidence_head"), where).one_or_none()
    if row is not None and row.log != chunk.log:
        raise LogReplaced(f"{chunk.topic}: the evidence is of log {row.log}, not {chunk.log}")
    covered = 0 if row is None else row.next_offset
    if next_offset > covered or chunk.end <= covered:
        # Not begun at the beginning; or another consumer has brought all of it already.
        return
    growth = Growth() if row is None else _growth(row)
    for entry in entries:
        if entry.origin.offset >= covered:
            growth.append(entry.origin.offset, entry.leaf, entry.origin.received_at)
    growth.next_offset = chunk.end
    values = where | {"log": chunk.log, "was": covered} | _values(growth)
    if conn.execute(sql("write_evidence"), values).one_or_none() is None:
        raise ChunkLost(f"{chunk.topic}/{chunk.partition}: another writer is at its evidence")


def _growth(row: Any) -> Growth:
    tail = bytes(row.tail)
    return Growth(
        frontier=Frontier.from_bytes(bytes(row.frontier)),
        link=bytes(row.link),
        tail=[tail[at : at + HASH_BYTES] for at in range(0, len(tail), HASH_BYTES)],
        tail_offsets=row.tail_offsets,
        last_offset=row.last_offset,
        as_of=row.as_of,
    )


def _values(growth: Growth) -> dict[str, object]:
    tiles, nodes = growth.tiles, growth.nodes
    return {
        "tile_index": arrays.numbers(tile[0] for tile in tiles),
        "first_offset": arrays.numbers(tile[1] for tile in tiles),
        "offsets": arrays.texts(tile[2] for tile in tiles),
        "tile_root": arrays.blobs(tile[3] for tile in tiles),
        "hashes": arrays.blobs(tile[4] for tile in tiles),
        "height": arrays.numbers(node[0] for node in nodes),
        "node_index": arrays.numbers(node[1] for node in nodes),
        "node_root": arrays.blobs(node[2] for node in nodes),
        "size": growth.frontier.size,
        "next_offset": growth.next_offset,
        "last_offset": growth.last_offset,
        "as_of": growth.as_of,
        "link": growth.link,
        "frontier": growth.frontier.to_bytes(),
        "tail": b"".join(growth.tail),
        "tail_offsets": arrays.numbers(growth.tail_offsets),
    }
