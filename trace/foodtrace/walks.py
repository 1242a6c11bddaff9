"""Walks over a lineage in memory: over links, through pools, and across the ids of one party.

Each lot is two nodes: IN, where goods arrive, and OUT, from which they are drawn. A link leads from
the parent's OUT to the child's IN, IN leads to OUT, and the rule of pools leads from a delivery's
IN straight to the OUT of a later pool, from where it is not carried over once more. The lots of one
party under two ids share what arrives. Walks go level by level with a set of what was seen, so
depth and size have no cap and a cycle in bad data ends the walk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from foodtrace.lots import LotKey, LotKind

# A lot and whether it is the node where goods arrive.
Node = tuple[LotKey, bool]
Joined = Mapping[Node, Mapping[Node, bool]]


@dataclass(frozen=True, slots=True)
class Reach:
    """How a walk met a lot: after `depth` links, and whether some path holds no possible link."""

    depth: int
    confirmed: bool


@dataclass(slots=True)
class Graph:
    """The nodes and what leads where, for walks both ways; `units` are logistic units."""

    down: dict[Node, dict[Node, bool]] = field(default_factory=lambda: defaultdict(dict))
    up: dict[Node, dict[Node, bool]] = field(default_factory=lambda: defaultdict(dict))
    units: set[LotKey] = field(default_factory=set)

    def link(self, parent: LotKey, child: LotKey, *, sure: bool) -> None:
        """Goods of one lot went into another."""
        self._join((parent, False), (child, True), sure)

    def carry(self, delivery: LotKey, pool: LotKey) -> None:
        """A delivery may have been drawn from by way of a pool."""
        self._join((delivery, True), (pool, False), sure=False)

    def same(self, one: LotKey, other: LotKey) -> None:
        """Two lots are one, held under two ids of a party or once without a location."""
        self._join((one, True), (other, True), sure=True)
        self._join((other, True), (one, True), sure=True)

    def _join(self, start: Node, end: Node, sure: bool) -> None:
        self.down[start][end] = self.down[start].get(end, False) or sure
        self.up[end][start] = self.up[end].get(start, False) or sure


def downstream(graph: Graph, lots: Iterable[LotKey]) -> dict[LotKey, Reach]:
    """All descendants (去向) of the lots, themselves at depth 0."""
    return _Walk(graph.down, graph.units, from_in=True).reach(lots)


def upstream(graph: Graph, lots: Iterable[LotKey]) -> dict[LotKey, Reach]:
    """All ancestors (溯源) of the lots, themselves at depth 0."""
    return _Walk(graph.up, graph.units, from_in=False).reach(lots)


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk one way; `from_in` tells on which side of a lot it arrives."""

    joined: Joined
    units: Collection[LotKey]
    from_in: bool

    def reach(self, lots: Iterable[LotKey]) -> dict[LotKey, Reach]:
        """Confirmed paths first, so that a lot is possible only if every path to it is."""
        starts: Mapping[Node, int] = {(lot, self.from_in): 0 for lot in lots}
        every = self._levels(starts, sure_only=False)
        sure = self._levels(starts, sure_only=True)
        while found := self._named_again(every, sure):
            sure = self._levels({**sure, **found}, sure_only=True)
        depth, confirmed = _by_lot(every), _by_lot(sure)
        return {lot: Reach(confirmed.get(lot, far), lot in confirmed) for lot, far in depth.items()}

    def _levels(self, known: Mapping[Node, int], *, sure_only: bool) -> dict[Node, int]:
        """The nodes reached from those known, each after as few links as possible."""
        seen = dict(known)
        waiting: dict[int, list[Node]] = defaultdict(list)
        for node, depth in known.items():
            waiting[depth].append(node)
        while waiting:
            depth = min(waiting)
            # What is found on the way through a lot is as near as the lot.
            for node in (level := waiting.pop(depth)):
                if seen[node] < depth:
                    continue
                for end, length, sure in self._onward(node):
                    far = depth + length
                    if (sure or not sure_only) and (end not in seen or far < seen[end]):
                        seen[end] = far
                        (level if length == 0 else waiting[far]).append(end)
        return seen

    def _onward(self, node: Node) -> Iterator[tuple[Node, int, bool]]:
        lot, arrives = node
        if arrives is self.from_in:
            yield (lot, not arrives), 0, True
        for end, sure in self.joined.get(node, {}).items():
            yield end, 1, sure

    def _named_again(self, every: Mapping[Node, int], sure: Mapping[Node, int]) -> dict[Node, int]:
        """Contents of units that bear a confirmed lot's code: what went in came out as itself."""
        known = {_identity(lot) for lot, _ in sure if lot.kind in _NAMING}
        return {
            end: every[end]
            for start in every
            if start[0] in self.units
            for end in self.joined.get(start, {})
            if end not in sure and end[0].kind in _NAMING and _identity(end[0]) in known
        }


_NAMING = (LotKind.TRACE, LotKind.BATCH)


def _identity(lot: LotKey) -> tuple[str, str, str]:
    return lot.kind, lot.product, lot.code


def _by_lot(nodes: Mapping[Node, int]) -> dict[LotKey, int]:
    found: dict[LotKey, int] = {}
    for (lot, _), depth in nodes.items():
        found[lot] = min(depth, found.get(lot, depth))
    return found
