"""Commissioning (首次登记): a lot's first record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foodtrace.effects import Direction, Effects, Role
from foodtrace.events import flow
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import Line, check_lines
from foodtrace.events.side import Side
from foodtrace.text import CODE_LIMIT, checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Commissioning:
    """Harvest, slaughter intake, production or import (`cause`): lots begin at the holder's."""

    kind: ClassVar[str] = "commissioning"

    envelope: Envelope
    holder: Side
    cause: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        """Raise InvalidValue for a commissioning that can't be."""
        checked(self.cause, "cause", CODE_LIMIT)
        check_lines(self.lines, self.envelope.business_date)

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported."""
        return (self.holder,)

    def effects(self) -> Effects:
        """Each line opens lots whose source is the line itself."""
        cited = Effects(citations=flow.citations(self.envelope))
        return flow.union(*(self._line(line) for line in self.lines), cited)

    def _line(self, line: Line) -> Effects:
        lots = flow.taken(self.holder, line, self.envelope.business_date)
        first = Effects(
            claims=(*flow.claims(line, lots, Role.ORIGIN),),
            movements=(*flow.movements(line, lots, Direction.OPENED),),
            papers=(*flow.papers(line, lots),),
        )
        return flow.union(first, flow.owned(line, lots))
