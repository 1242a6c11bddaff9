"""Adjustment (盘盈, 盘亏, 损耗): the books are corrected by what was found more or less."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from foodtrace.effects import Direction, Effects, Role
from foodtrace.events import flow
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import Line, check_lines
from foodtrace.events.side import Side
from foodtrace.text import CODE_LIMIT, checked


class Change(StrEnum):
    """Whether there is more (盘盈) or less (盘亏, 损耗) than the books say."""

    GAIN = "gain"
    LOSS = "loss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """Stock of the holder is more or less by the quantities of the lines, for the stated reason."""

    kind: ClassVar[str] = "adjustment"

    envelope: Envelope
    holder: Side
    change: Change
    reason: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        """Raise InvalidValue for an adjustment that can't be."""
        checked(self.reason, "reason", CODE_LIMIT)
        check_lines(self.lines, self.envelope.business_date)

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported."""
        return (self.holder,)

    def effects(self) -> Effects:
        """The holder's lots lose the amounts, or gain them: less than nothing is adjusted away."""
        cited = Effects(citations=flow.citations(self.envelope))
        return flow.union(*(self._line(line) for line in self.lines), cited)

    def _line(self, line: Line) -> Effects:
        lots = flow.given(self.holder, line, self.envelope.business_date)
        gained = self.change is Change.GAIN
        role, sign = (Role.NAMED, -1) if gained else (Role.TAKEN, 1)
        return Effects(
            claims=(*flow.claims(line, lots, role),),
            movements=(*flow.movements(line, lots, Direction.ADJUSTED, sign),),
        )
