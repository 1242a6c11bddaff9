"""What a party or a reporter sees of the lineage: the links at its own lots, or that it reported.

A link is seen by whoever holds one of its ends; the node of a relabelling is no holder's and is
seen through. A reporter sees the links of events that came under its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy import Connection, text

from foodtrace.access import Caller, Sight, seen_links, sight_of
from foodtrace.lots import LotKind
from foodtrace_ledger import arrays
from foodtrace_ledger.neighbours import Edge

_HOLDERS = text("""
    SELECT id, holder, kind FROM ledger.lot WHERE id = ANY(CAST(:lots AS bigint[]))
""")
_EVENTS_OF = text("""
    SELECT id FROM ledger.event WHERE id = ANY(CAST(:events AS bigint[])) AND source = :source
""")
# Conditions on a lot `l`, also used where lots are looked up by their codes.
CLAIMED_BY = """
    EXISTS (
        SELECT FROM ledger.live_claim AS mine
        JOIN ledger.event AS e ON e.id = mine.event
        WHERE mine.lot = l.id AND e.source = :source)
"""


def _linked(here: str, there: str) -> str:
    return f"""
    EXISTS (
        SELECT FROM ledger.live_link AS k
        JOIN ledger.lot AS o ON o.id = k.{there}
        LEFT JOIN ledger.live_link AS onward ON o.kind = 'process' AND onward.{here} = o.id
        LEFT JOIN ledger.lot AS beyond ON beyond.id = onward.{there}
        WHERE k.{here} = l.id AND :holder IN (o.holder, beyond.holder))
    """


BESIDE = f"l.holder = :holder OR {_linked('parent', 'child')} OR {_linked('child', 'parent')}"
_AMONG = "SELECT l.id FROM ledger.lot AS l WHERE l.id = ANY(CAST(:lots AS bigint[])) AND "
_LOTS_BESIDE = text(f"{_AMONG} ({BESIDE})")
_LOTS_CLAIMED = text(_AMONG + CLAIMED_BY)


class View(Protocol):
    """What a caller sees of links and lots, by this ledger's numbers."""

    def links(self, edges: Sequence[Edge]) -> list[Edge]:
        """Those of the links that the caller sees."""
        ...

    def lots(self, lots: Sequence[int]) -> set[int]:
        """Those of the lots that the caller sees."""
        ...


def view_of(connection: Connection, caller: Caller) -> View | None:
    """The caller's view; None for one that sees the whole chain."""
    sight = sight_of(caller.role)
    if sight is Sight.CHAIN:
        return None
    if sight is Sight.STEP and caller.holder is not None:
        return Step(connection, caller.holder)
    return Sent(connection, caller.source or "")


@dataclass(slots=True)
class Step:
    """A party's own lots, and those one link away."""

    connection: Connection
    holder: str
    _own: set[int] = field(default_factory=set)
    _nodes: set[int] = field(default_factory=set)
    _passed: set[int] = field(default_factory=set)
    _known: set[int] = field(default_factory=set)

    def links(self, edges: Sequence[Edge]) -> list[Edge]:
        """Links with an own lot at either end; a node beside an own lot counts as own."""
        self._learn(lot for edge in edges for lot in (edge.start, edge.end))
        pairs = [(edge.start, edge.end) for edge in edges]
        seen = seen_links(self._own | self._passed, self._nodes, pairs)
        # A walk comes to the far side of a node one level later.
        self._passed |= {end for pair, ok in zip(pairs, seen, strict=True) if ok for end in pair}
        self._passed &= self._nodes
        return [edge for edge, ok in zip(edges, seen, strict=True) if ok]

    def lots(self, lots: Sequence[int]) -> set[int]:
        """Own lots, and those with a link to or from one."""
        asked = {"lots": arrays.numbers(lots), "holder": self.holder}
        return set(self.connection.scalars(_LOTS_BESIDE, asked))

    def owns(self, lot: int) -> bool:
        """Whether the party itself holds the lot."""
        self._learn([lot])
        return lot in self._own

    def _learn(self, lots: Iterable[int]) -> None:
        new = sorted(set(lots) - self._known)
        if not new:
            return
        self._known.update(new)
        for row in self.connection.execute(_HOLDERS, {"lots": arrays.numbers(new)}):
            if row.holder == self.holder:
                self._own.add(row.id)
            if row.kind == LotKind.PROCESS:
                self._nodes.add(row.id)


@dataclass(slots=True)
class Sent:
    """What came under a reporter's source."""

    connection: Connection
    source: str

    def links(self, edges: Sequence[Edge]) -> list[Edge]:
        """Links of its own events."""
        asked = {
            "events": arrays.numbers({edge.event for edge in edges}),
            "source": self.source,
        }
        own = set(self.connection.scalars(_EVENTS_OF, asked))
        return [edge for edge in edges if edge.event in own]

    def lots(self, lots: Sequence[int]) -> set[int]:
        """Lots that its own events speak of."""
        asked = {"lots": arrays.numbers(lots), "source": self.source}
        return set(self.connection.scalars(_LOTS_CLAIMED, asked))
