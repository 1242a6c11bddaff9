"""Transfer (调拨): goods move between two locations of one party, without a sale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foodtrace.effects import Direction, Effects, Role
from foodtrace.events import flow
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import Line, check_lines
from foodtrace.events.side import Side
from foodtrace.problems import InvalidValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Each line takes from lots at `origin` and opens lots at `destination`, both of one party."""

    kind: ClassVar[str] = "transfer"

    envelope: Envelope
    origin: Side
    destination: Side
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        """Raise InvalidValue for a transfer between parties or to where the goods are already."""
        if self.origin.holder != self.destination.holder:
            raise InvalidValue("transfer.other-party", self.destination.holder, "destination.party")
        if self.origin.place == self.destination.place:
            raise InvalidValue(
                "transfer.same-location", self.destination.place, "destination.location"
            )
        check_lines(self.lines, self.envelope.business_date)

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported."""
        return (self.origin, self.destination)

    def effects(self) -> Effects:
        """Goods leave the lots of one location and enter those of the other."""
        cited = Effects(citations=flow.citations(self.envelope))
        if not self.envelope.aspect.moves_goods:
            return cited
        return flow.union(*(self._line(line) for line in self.lines), cited)

    def _line(self, line: Line) -> Effects:
        day = self.envelope.business_date
        givers, takers = flow.given(self.origin, line, day), flow.taken(self.destination, line, day)
        moved = Effects(
            claims=(
                *flow.claims(line, givers, Role.TAKEN),
                *flow.claims(line, takers, Role.OPENED),
            ),
            links=(*flow.links(line, self.envelope.event_id, givers, takers),),
            movements=(
                *flow.movements(line, givers, Direction.MOVED),
                *flow.movements(line, takers, Direction.OPENED),
            ),
            papers=(*flow.papers(line, takers),),
        )
        return flow.union(moved, flow.owned(line, takers))
