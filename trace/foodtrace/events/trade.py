"""Trade (交易, 猪肉交易): a sale between two parties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from foodtrace.effects import Effects
from foodtrace.events import flow
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import Line, check_lines
from foodtrace.events.parties import check_two_sides
from foodtrace.events.side import Side


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """Each line takes from lots of the seller and opens a lot of the buyer."""

    kind: ClassVar[str] = "trade"

    envelope: Envelope
    seller: Side
    buyer: Side
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        """Raise InvalidValue for a trade that can't be."""
        check_two_sides(self.seller, self.buyer, "buyer")
        check_lines(self.lines, self.envelope.business_date)

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported: either side's."""
        return (self.seller, self.buyer)

    def effects(self) -> Effects:
        """Goods leave the seller's lots and enter the buyer's; orders and payments move nothing."""
        cited = Effects(citations=flow.citations(self.envelope))
        if not self.envelope.aspect.moves_goods:
            return cited
        sold = (flow.sale(self.envelope, line, self.seller, self.buyer) for line in self.lines)
        return flow.union(*sold, cited)
