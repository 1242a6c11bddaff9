"""What the lots of a walk hold: the recalled goods themselves, something made with them, or a mix."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from foodtrace.lots import LotKind
from foodtrace_ledger.named_again import units
from foodtrace_ledger.walk import KINDS, Walk

_MIXING = frozenset(map(KINDS.index, (LotKind.PROCESS, LotKind.POOL)))
_PROCESS = KINDS.index(LotKind.PROCESS)


class Goods(StrEnum):
    """How the goods of a lot relate to the recalled ones.

    itself: the recalled goods, unchanged, also where they wait after a return; made_with: a product
    with recalled goods in it; mixed: a pool, a logistic unit or a lot behind one, where the
    recalled goods lie among others or may not be at all. Contents of a unit that are confirmed by
    their code are what the lot of that code is.
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
    special = {place for place, kind in enumerate(walk.kind) if kind in _MIXING}
    nodes = frozenset(place for place in special if walk.kind[place] == _PROCESS)
    special.update(walk.place[lot] for lot in units(conn, walk))
    if not special and not walk.possible_links:
        return Sorted([Goods.ITSELF] * len(walk), nodes)
    makings = {walk.place[lot] for lot in walk.makings}
    known: dict[int, Goods] = dict.fromkeys(_unchanged(walk, special), Goods.ITSELF)
    known |= dict.fromkeys(makings - known.keys(), Goods.MADE_WITH)
    goods = [_resolve(walk, known, place) for place in range(len(walk))]
    # What is only possible may hold none of it: at most so much, whatever it is.
    doubted = (place for place, sure in enumerate(walk.confirmed) if not sure)
    for place in doubted:
        goods[place] = Goods.MIXED
    return Sorted(goods, nodes)


def _resolve(walk: Walk, known: dict[int, Goods], place: int) -> Goods:
    """What comes from something made is made with it too; all else behind a pool is a mix."""
    way: dict[int, None] = {}
    while place >= 0 and place not in known and place not in way:
        way[place] = None
        place = _before(walk, place)
    found = known.get(place, Goods.MIXED)
    if way:
        found = Goods.MADE_WITH if found is Goods.MADE_WITH else Goods.MIXED
        known.update(dict.fromkeys(way, found))
    return found


def _before(walk: Walk, place: int) -> int:
    """The place before on the path; of contents confirmed again that of the lot of their code."""
    twin = walk.again.get(walk.lots[place])
    return walk.came_from[place] if twin is None else walk.place[twin]


def _unchanged(walk: Walk, special: set[int]) -> set[int]:
    """The places reached over confirmed links without a pool, unit or process on the way."""
    onward: dict[int, list[int]] = defaultdict(list)
    for start, end in edges(walk, possible=False):
        if end not in special:
            onward[start].append(end)
    for lot, twin in walk.again.items():
        onward[walk.place[twin]].append(walk.place[lot])
    reached = {place for place, before in enumerate(walk.came_from) if before < 0}
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
