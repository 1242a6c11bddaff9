"""The reference lineage: the fold of `effects` over a set of events, in memory.

The ledger says the same in SQL; tests hold the one against the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any
from uuid import UUID

from foodtrace.effects import Effects, Movement, Retail
from foodtrace.events import Event
from foodtrace.identity import content_digest
from foodtrace.lots import LotKey
from foodtrace.meeting import Told, counted, meeting_of
from foodtrace.sameness import Sameness
from foodtrace.stock import Said, graph_of
from foodtrace.validity import Verdicts, verdicts
from foodtrace.walks import Graph, Reach, downstream, upstream


@dataclass(frozen=True, slots=True)
class Fact:
    """A live fact: which event and content (digest) says it, and what it says."""

    event_id: UUID
    digest: bytes
    name: str
    value: Any


class Lineage:
    """What a set of events says; two of the same set are equal whatever the order they came in."""

    def __init__(self, events: Iterable[Event]) -> None:
        """Fold the events; a repeated one changes nothing."""
        contents = {(event.envelope.event_id, content_digest(event)): event for event in events}
        self._contents = contents
        self.verdicts: Verdicts = verdicts(contents.values())
        self.facts: frozenset[Fact] = frozenset(
            fact
            for (event_id, digest), event in contents.items()
            for fact in _facts(event_id, digest, event.effects())
            if self.verdicts.holds(event_id, fact.value.line)
        )
        times: dict[UUID, set[bytes]] = defaultdict(set)
        for event_id, digest in contents:
            times[event_id].add(digest)
        self.contradicted: frozenset[UUID] = frozenset(
            event_id for event_id, digests in times.items() if len(digests) > 1
        )

    def event_of(self, fact: Fact) -> Event:
        """The document that says a fact."""
        return self._contents[fact.event_id, fact.digest]

    def said(self) -> Iterator[Said]:
        """Every live fact with the business day of its document."""
        for fact in self.facts:
            yield Said(fact.value, self.event_of(fact).envelope.business_date)

    @cached_property
    def graph(self) -> Graph:
        """Links, carry-over through pools, and lots of one party under two ids."""
        return graph_of(self.said())

    @cached_property
    def sameness(self) -> Sameness:
        """Who goes under which ids."""
        live = [fact for fact in self.facts if fact.name in ("aliases", "merges")]
        return Sameness(
            (fact.value for fact in live if fact.name == "aliases"),
            (fact.value for fact in live if fact.name == "merges"),
        )

    def downstream(self, lots: Iterable[LotKey]) -> dict[LotKey, Reach]:
        """All descendants (去向) of the lots, themselves at depth 0."""
        return downstream(self.graph, lots)

    def upstream(self, lots: Iterable[LotKey]) -> dict[LotKey, Reach]:
        """All ancestors (溯源) of the lots, themselves at depth 0."""
        return upstream(self.graph, lots)

    def told(self) -> Iterator[Told]:
        """Every live movement with the trade it is told of."""
        for fact in self.facts:
            if isinstance(fact.value, Movement):
                yield Told(fact.value, meeting_of(self.event_of(fact)))

    @cached_property
    def _balances(self) -> dict[LotKey, dict[tuple[str, str], int]]:
        sums: dict[LotKey, dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
        for movement in counted(self.told()):
            sums[movement.lot][movement.direction, movement.dimension] += movement.amount
        for fact in self.facts:
            if isinstance(fact.value, Retail):
                sums[fact.value.lot]["retail", fact.value.dimension] += fact.value.amount
        return sums

    def balance(self, lot: LotKey) -> dict[tuple[str, str], int]:
        """Amounts of a lot in millionths by (direction, dimension); retail is a direction here.

        Of two reports of one trade the figure of one counts, see `meeting`.
        """
        return dict(self._balances.get(lot, {}))


def _facts(event_id: UUID, digest: bytes, effects: Effects) -> Iterator[Fact]:
    for field in fields(effects):
        for value in getattr(effects, field.name):
            yield Fact(event_id, digest, field.name, value)
