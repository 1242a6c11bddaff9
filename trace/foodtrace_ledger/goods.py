"""What the lots of a walk hold: the recalled goods themselves, something made with them, or a mix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from foodtrace.lots import LotKind
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.walk import Walk


class Goods(StrEnum):
    """How the goods of a lot relate to the recalled ones.

    itself: the recalled goods, unchanged; made_with: a product with recalled goods in it; mixed:
    a pool or a lot behind one, where the recalled goods lie among others.
    """

    ITSELF = "itself"
    MADE_WITH = "made_with"
    MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Sorted:
    """The goods of each lot of a walk, by its place; `nodes` are process nodes, which hold none."""

    goods: list[Goods]
    nodes: frozenset[int]

    def holds(self, place: int) -> bool:
        """Whether the lot at that place holds goods at all."""
        return place not in self.nodes


def sort_goods(conn: Connection, walk: Walk) -> Sorted:
    """Sort the lots of a walk downstream."""
    rows = conn.execute(sql("special_lots"), {"id": arrays.numbers(walk.lots)})
    special = {walk.place[row.id]: (row.kind, row.code) for row in rows}
    nodes = frozenset(p for p, (kind, _) in special.items() if kind == LotKind.PROCESS)
    if not special and not walk.possible_links:
        return Sorted([Goods.ITSELF] * len(walk), nodes)
    making = {place for place in nodes if "/" not in special[place][1]}
    itself = _unchanged(walk, set(special))
    goods = [Goods.MIXED] * len(walk)
    # In the order met, so that what lies before on the path is sorted already.
    for place in range(len(walk)):
        if place in itself:
            goods[place] = Goods.ITSELF
        elif place in making or _before(walk, goods, place) is Goods.MADE_WITH:
            goods[place] = Goods.MADE_WITH
    return Sorted(goods, nodes)


def _before(walk: Walk, goods: list[Goods], place: int) -> Goods | None:
    before = walk.came_from[place]
    return None if before < 0 else goods[before]


def _unchanged(walk: Walk, special: set[int]) -> set[int]:
    """The places reached over confirmed links without a pool or a process on the way."""
    onward: dict[int, list[int]] = defaultdict(list)
    for start, end in edges(walk, possible=False):
        if end not in special:
            onward[start].append(end)
    reached = {place for place in range(len(walk)) if walk.depth[place] == 0}
    level = list(reached)
    while level:
        level = [end for place in level for end in onward[place] if end not in reached]
        reached.update(level)
    return reached


def edges(walk: Walk, *, possible: bool = True) -> Iterator[tuple[int, int]]:
    """The links of a walk as pairs of places, with or without the possible ones."""
    starts, ends, _events, _lines, doubts = walk.edges
    for start, end, doubt in zip(starts, ends, doubts, strict=True):
        if possible or not doubt:
            yield walk.place[start], walk.place[end]
