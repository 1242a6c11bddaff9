"""Consumption (供餐, 自用, 留样, 抽样): goods are used without a sale."""

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
class Consumption:
    """The holder used goods for `purpose`: a canteen's meal, own use, a retained or taken sample."""

    kind: ClassVar[str] = "consumption"

    envelope: Envelope
    holder: Side
    purpose: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        """Raise InvalidValue for a consumption that can't be."""
        checked(self.purpose, "purpose", CODE_LIMIT)
        check_lines(self.lines, self.envelope.business_date)

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported."""
        return (self.holder,)

    def effects(self) -> Effects:
        """Each line takes from the holder's lots."""
        cited = Effects(citations=flow.citations(self.envelope))
        return flow.union(*(self._line(line) for line in self.lines), cited)

    def _line(self, line: Line) -> Effects:
        lots = flow.given(self.holder, line, self.envelope.business_date)
        return Effects(
            claims=(*flow.claims(line, lots, Role.TAKEN),),
            movements=(*flow.movements(line, lots, Direction.USED),),
        )
