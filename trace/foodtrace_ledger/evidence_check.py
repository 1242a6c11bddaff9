"""Recomputes a partition's tree from its stored leaf hashes, and says where what is stored differs.

Proofs and the signer trust the stored roots of subtrees. So a leaf that was changed under a root that
wasn't is found here alone, or by reading the log itself (a bundle).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Engine

from foodtrace.evidence import FIRST_LINK, Frontier, next_link, root
from foodtrace_ledger.engine import snapshot
from foodtrace_ledger.evidence import Head, Tile, tile_of
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.evidence import TILE, TILE_HEIGHT

#: What differs: leaves against their tile's root, a tile or larger subtree that isn't there, a larger
#: subtree's root, the head, a signed checkpoint, or (told by whoever reads them) its signature.
Sort = Literal["tile", "missing", "node", "head", "signed", "unsigned"]
#: Told how many leaves of the tree were looked at.
Tell = Callable[[int], None]
#: Tiles that are read in one snapshot; the tree may grow meanwhile.
_TILES_AT_ONCE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """A place at which a stored tree contradicts its own leaves.

    `height` and `index` name the subtree (a tile: 5), `first` and `last` the offsets of its leaves
    where they are known; `size` is that of a checkpoint or head.
    """

    sort: Sort
    height: int | None = None
    index: int | None = None
    first: int | None = None
    last: int | None = None
    size: int | None = None


def check_tree(
    engine: Engine, head: Head, signed: Mapping[int, tuple[bytes, bytes]], tell: Tell
) -> Iterator[Differs]:
    """Go over all leaves up to `head`; `signed` are roots and links that were signed, by size.

    Where leaves differ from their tile's root nobody can say which was changed; the log can.
    """
    walk = _Walk(signed)
    end = head.size // TILE
    for first in range(0, end, _TILES_AT_ONCE):
        part = {"first": first, "end": min(first + _TILES_AT_ONCE, end)}
        rows, nodes = _page(engine, head, part)
        for index in range(part["first"], part["end"]):
            if index not in rows:
                # Nothing behind it can be recomputed.
                yield Differs(sort="missing", height=TILE_HEIGHT, index=index)
                return
            tile, stored = rows[index]
            yield from walk.tile(tile, stored, nodes)
        tell(part["end"] * TILE)
    walk.leaves(head.tail)
    yield from walk.signed_differently()
    if not walk.leads_to(head.root, head.link):
        yield Differs(sort="head", size=head.size)
    tell(head.size)


class _Walk:
    """The tree and chain that the leaves give, as far as they were read.

    From a tile that contradicts its root on the stored root is taken, so that the rest is judged by
    itself; the chain can't be followed any more then (`link` is None).
    """

    def __init__(self, signed: Mapping[int, tuple[bytes, bytes]]) -> None:
        self.frontier = Frontier()
        self.link: bytes | None = FIRST_LINK
        self._signed = signed
        self._wrong: list[int] = []

    def tile(
        self, tile: Tile, stored: bytes, nodes: Mapping[tuple[int, int], bytes]
    ) -> Iterator[Differs]:
        """Take a whole tile in, and compare the roots of the subtrees that it completes."""
        if len(tile.hashes) == TILE and root(tile.hashes) == stored:
            completed = self.leaves(tile.hashes)[TILE_HEIGHT:]
        else:
            index, offsets = tile.first // TILE, tile.offsets
            yield Differs(
                sort="tile", height=TILE_HEIGHT, index=index, first=offsets[0], last=offsets[-1]
            )
            completed = self._instead(stored)
        for height in range(2 * TILE_HEIGHT, TILE_HEIGHT + len(completed) + 1, TILE_HEIGHT):
            where = (height, (self.frontier.size >> height) - 1)
            if where not in nodes:
                yield Differs(sort="missing", height=height, index=where[1])
            elif nodes[where] != completed[height - TILE_HEIGHT - 1]:
                yield Differs(sort="node", height=height, index=where[1])

    def leaves(self, hashes: Sequence[bytes]) -> list[bytes]:
        """Take leaves in; gives the roots of the subtrees that the last one completed."""
        completed: list[bytes] = []
        for leaf in hashes:
            completed = self.frontier.append(leaf)
            self.link = None if self.link is None else next_link(self.link, leaf)
            self._compare()
        return completed

    def signed_differently(self) -> Iterator[Differs]:
        """The signed checkpoints that the leaves don't lead to."""
        for size in self._wrong:
            yield Differs(sort="signed", size=size)

    def leads_to(self, tree: bytes, link: bytes) -> bool:
        """Whether these are root and link of what was read."""
        return self.frontier.root() == tree and self.link in (None, link)

    def _instead(self, stored: bytes) -> list[bytes]:
        """Take a tile by its root: every peak before it stands for whole tiles."""
        above = Frontier(self.frontier.size // TILE, self.frontier.peaks)
        completed = above.append(stored)
        self.frontier = Frontier(above.size * TILE, above.peaks)
        self.link = None
        self._compare()
        return completed

    def _compare(self) -> None:
        said = self._signed.get(self.frontier.size)
        if said is not None and not self.leads_to(*said):
            self._wrong.append(self.frontier.size)


def _page(
    engine: Engine, head: Head, part: dict[str, int]
) -> tuple[dict[int, tuple[Tile, bytes]], dict[tuple[int, int], bytes]]:
    """The tiles of a stretch with their stored roots, and the nodes that they complete."""
    where: dict[str, Any] = {"topic": head.topic, "partition": head.partition}
    nodes: dict[tuple[int, int], bytes] = {}
    with snapshot(engine) as conn:
        rows = {
            row.number: (tile_of(row), bytes(row.root))
            for row in conn.execute(sql("evidence_tiles"), where | part)
        }
        for height in range(2 * TILE_HEIGHT, head.size.bit_length() + 1, TILE_HEIGHT):
            tiles = height - TILE_HEIGHT
            stretch = {"first": part["first"] >> tiles, "end": (part["end"] >> tiles) + 1}
            found = conn.execute(sql("evidence_nodes"), where | stretch | {"height": height})
            nodes |= {(height, row.number): bytes(row.root) for row in found}
    return rows, nodes
