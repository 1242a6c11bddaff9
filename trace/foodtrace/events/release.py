"""Release (放行): returned goods may be sold again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foodtrace.effects import Direction, Effects, Link, Role
from foodtrace.events import flow
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import Line, check_citing, check_lines
from foodtrace.events.side import Side
from foodtrace.text import CODE_LIMIT, checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """The holder puts returned goods back into its stock; each line's `refers_to` is the line of
    the return, and `reason` says why they are sound."""

    kind: ClassVar[str] = "release"

    envelope: Envelope
    holder: Side
    reason: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        """Raise InvalidValue for a release that can't be or cites nothing."""
        checked(self.reason, "reason", CODE_LIMIT)
        check_lines(self.lines, self.envelope.business_date)
        check_citing(self.lines, "release.cites-nothing")

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported."""
        return (self.holder,)

    def effects(self) -> Effects:
        """Goods move from the lot in which they waited back into the holder's own."""
        cited = Effects(citations=flow.citations(self.envelope))
        return flow.union(*(self._line(line) for line in self.lines), cited)

    def _line(self, line: Line) -> Effects:
        assert line.refers_to is not None
        waiting = flow.Held(flow.returned(self.holder, line.refers_to), line.measures())
        shelf = flow.taken(self.holder, line, self.envelope.business_date)
        return Effects(
            claims=(
                *flow.claims(line, (waiting,), Role.TAKEN),
                *flow.claims(line, shelf, Role.OPENED),
            ),
            links=tuple(Link(line.line_no, waiting.lot, item.lot, line.basis) for item in shelf),
            movements=(
                *flow.movements(line, (waiting,), Direction.MOVED),
                *flow.movements(line, shelf, Direction.MOVED, sign=-1),
            ),
        )
