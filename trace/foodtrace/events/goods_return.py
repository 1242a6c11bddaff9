"""Return (退货): goods go back to who sold them, citing the line by which they came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foodtrace.effects import Basis, Direction, Effects, Link, Role
from foodtrace.events import flow
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import Line, LineRef, check_citing, check_lines
from foodtrace.events.parties import check_two_sides
from foodtrace.events.side import Side
from foodtrace.text import CODE_LIMIT, checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """What `returner` bought goes back to `receiver`; each line's `refers_to` is the original line.

    The goods wait in a lot of their own and may not be sold until a release says so. That somebody
    sells them all the same under their old code can't be excluded, so a possible link leads there.
    """

    kind: ClassVar[str] = "return"

    envelope: Envelope
    returner: Side
    receiver: Side
    reason: str
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        """Raise InvalidValue for a return that can't be or cites nothing."""
        checked(self.reason, "reason", CODE_LIMIT)
        check_two_sides(self.returner, self.receiver, "receiver")
        check_lines(self.lines, self.envelope.business_date)
        check_citing(self.lines, "return.cites-nothing")

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported: either side's."""
        return (self.returner, self.receiver)

    def effects(self) -> Effects:
        """Goods leave the returner's lots for one that waits at the receiver's."""
        cited = Effects(citations=flow.citations(self.envelope))
        if not self.envelope.aspect.moves_goods:
            return cited
        return flow.union(*(self._line(line) for line in self.lines), cited)

    def _line(self, line: Line) -> Effects:
        day = self.envelope.business_date
        own = LineRef(event_id=self.envelope.event_id, line_no=line.line_no)
        waiting = flow.returned(self.receiver, own)
        givers = flow.given(self.returner, line, day)
        back = flow.Held(waiting, line.measures())
        shelf = flow.taken(self.receiver, line, day)
        return Effects(
            claims=(
                *flow.claims(line, givers, Role.TAKEN),
                *flow.claims(line, (back,), Role.OPENED),
            ),
            links=(
                *(
                    Link(line.line_no, item.lot, waiting, flow.basis_of(line, item.lot))
                    for item in givers
                ),
                *(Link(line.line_no, waiting, item.lot, Basis.POSSIBLE) for item in shelf),
            ),
            movements=(
                *flow.movements(line, givers, Direction.RETURNED),
                *flow.movements(line, (back,), Direction.OPENED),
            ),
            papers=(*flow.papers(line, (back,)),),
        )
