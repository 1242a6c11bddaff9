"""Market-entry voucher (上市凭证): the seller's sales record and the buyer's purchase record in one.

办法 (2023): an electronic 销售凭证 with the same items is both records. Each line takes from lots of
the issuer, or opens the first lot where the source lies outside the system.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foodtrace.effects import Direction, Effects, Role
from foodtrace.events import flow
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import Line, check_lines
from foodtrace.events.parties import check_two_sides
from foodtrace.events.side import Side
from foodtrace.problems import InvalidValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """A consignment with its papers; its number is the envelope's document number.

    Without a receiver the goods enter the market in the issuer's own hands.
    """

    kind: ClassVar[str] = "voucher"

    envelope: Envelope
    issuer: Side
    receiver: Side | None = None
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        """Raise InvalidValue for a voucher that can't be."""
        if self.envelope.document_number is None:
            raise InvalidValue("event.no-number", "", "envelope.document_number")
        if self.receiver is not None:
            check_two_sides(self.issuer, self.receiver, "receiver")
        check_lines(self.lines, self.envelope.business_date)

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported."""
        return (self.issuer,) if self.receiver is None else (self.issuer, self.receiver)

    def effects(self) -> Effects:
        """Lots of the issuer, and of the receiver where there is one, joined line by line."""
        if not self.envelope.aspect.moves_goods:
            return Effects(citations=flow.citations(self.envelope))
        parts = (self._entry, self._handover)[self.receiver is not None]
        return flow.union(
            *(parts(line) for line in self.lines),
            Effects(citations=flow.citations(self.envelope)),
        )

    def _entry(self, line: Line) -> Effects:
        day = self.envelope.business_date
        opened = flow.taken(self.issuer, line, day)
        own = Effects(
            claims=(*flow.claims(line, opened, Role.ORIGIN),),
            movements=(*flow.movements(line, opened, Direction.OPENED),),
            papers=(*flow.papers(line, opened),),
        )
        if not line.source_lot_codes:
            return own
        before = flow.given(self.issuer, line, day)
        relabelled = Effects(
            claims=(*flow.claims(line, before, Role.TAKEN),),
            links=(*flow.links(line, self.envelope.event_id, before, opened),),
            movements=(*flow.movements(line, before, Direction.MOVED),),
        )
        return flow.union(own, relabelled)

    def _handover(self, line: Line) -> Effects:
        assert self.receiver is not None
        return flow.sale(self.envelope, line, self.issuer, self.receiver, Role.ORIGIN)
