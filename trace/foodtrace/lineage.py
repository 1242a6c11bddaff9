"""The reference lineage: the fold of `effects` over a set of events, in memory.

The ledger says the same in SQL; tests hold the one against the other. Walks go level by level with
a set of what was seen, so depth and size have no cap and a cycle in bad data ends the walk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from foodtrace.effects import Basis, Effects, Link, Movement, Retail
from foodtrace.events import Event
from foodtrace.identity import content_digest
from foodtrace.lots import LotKey
from foodtrace.validity import Verdicts, verdicts


@dataclass(frozen=True, slots=True)
class Fact:
    """A live fact: which event and content (digest) says it, and what it says."""

    event_id: UUID
    digest: bytes
    name: str
    value: Any


@dataclass(frozen=True, slots=True)
class Reach:
    """How a walk met a lot: after `depth` links, and whether some path holds no possible link."""

    depth: int
    confirmed: bool


Neighbours = Mapping[LotKey, Mapping[LotKey, bool]]


class Lineage:
    """What a set of events says; two of the same set are equal whatever the order they came in."""

    def __init__(self, events: Iterable[Event]) -> None:
        """Fold the events; a repeated one changes nothing."""
        contents = {(event.envelope.event_id, content_digest(event)): event for event in events}
        self.verdicts: Verdicts = verdicts(contents.values())
        self.facts: frozenset[Fact] = frozenset(
            fact
            for (event_id, digest), event in contents.items()
            for fact in _facts(event_id, digest, event.effects())
            if self.verdicts.holds(event_id, fact.value.line)
        )
        counted: dict[UUID, set[bytes]] = defaultdict(set)
        for event_id, digest in contents:
            counted[event_id].add(digest)
        self.contradicted: frozenset[UUID] = frozenset(
            event_id for event_id, digests in counted.items() if len(digests) > 1
        )
        self.children: Neighbours = _neighbours((f.parent, f.child, f.basis) for f in self._links())
        self.parents: Neighbours = _neighbours((f.child, f.parent, f.basis) for f in self._links())

    def _links(self) -> Iterator[Link]:
        return (fact.value for fact in self.facts if fact.name == "links")

    def downstream(self, lots: Iterable[LotKey]) -> dict[LotKey, Reach]:
        """All descendants (去向) of the lots, themselves at depth 0."""
        return _walk(self.children, lots)

    def upstream(self, lots: Iterable[LotKey]) -> dict[LotKey, Reach]:
        """All ancestors (溯源) of the lots, themselves at depth 0."""
        return _walk(self.parents, lots)

    def balance(self, lot: LotKey) -> dict[tuple[str, str], int]:
        """Amounts of a lot in millionths by (direction, dimension); retail is a direction here."""
        sums: dict[tuple[str, str], int] = defaultdict(int)
        for fact in self.facts:
            if fact.name not in ("movements", "retail") or fact.value.lot != lot:
                continue
            value: Movement | Retail = fact.value
            direction = value.direction if isinstance(value, Movement) else "retail"
            sums[direction, value.dimension] += value.amount
        return dict(sums)


def _facts(event_id: UUID, digest: bytes, effects: Effects) -> Iterator[Fact]:
    for field in fields(effects):
        for value in getattr(effects, field.name):
            yield Fact(event_id, digest, field.name, value)


def _neighbours(links: Iterable[tuple[LotKey, LotKey, Basis]]) -> Neighbours:
    """Per lot its neighbours and whether some link to them is more than possible."""
    known: dict[LotKey, dict[LotKey, bool]] = defaultdict(dict)
    for start, end, basis in links:
        sure = basis is not Basis.POSSIBLE
        known[start][end] = known[start].get(end, False) or sure
    return known


def _walk(neighbours: Neighbours, lots: Iterable[LotKey]) -> dict[LotKey, Reach]:
    """Confirmed paths first, so that a lot is possible only if every path to it is."""
    start = dict.fromkeys(lots, 0)
    sure = _levels(neighbours, start, confirmed_only=True)
    every = _levels(neighbours, start, confirmed_only=False)
    return {lot: Reach(sure.get(lot, depth), lot in sure) for lot, depth in every.items()}


def _levels(
    neighbours: Neighbours, start: Mapping[LotKey, int], *, confirmed_only: bool
) -> dict[LotKey, int]:
    seen = dict(start)
    level = list(start)
    depth = 0
    while level:
        depth += 1
        reached = (
            end
            for lot in level
            for end, sure in neighbours.get(lot, {}).items()
            if (sure or not confirmed_only) and end not in seen
        )
        level = list(dict.fromkeys(reached))
        seen.update(dict.fromkeys(level, depth))
    return seen
