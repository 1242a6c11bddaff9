"""Receipt (小票, 零售凭证): a retail sale to a consumer, a leaf of the lineage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from foodtrace.effects import Basis, Claim, Effects, Retail, Role
from foodtrace.events import flow
from foodtrace.events.envelope import Envelope
from foodtrace.events.line import Line, check_lines
from foodtrace.events.side import Side
from foodtrace.lots import LotKind
from foodtrace.problems import InvalidValue
from foodtrace.quantity import check_money, measure
from foodtrace.text import CODE_LIMIT, optional


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a consumer bought. `receipt_code` can't be guessed and opens the public look-up; the
    till's own number is the envelope's document number and needs the amount or date beside it."""

    kind: ClassVar[str] = "receipt"

    envelope: Envelope
    seller: Side
    receipt_code: str | None = None
    total_amount: Decimal | None = None
    currency: str | None = None
    lines: tuple[Line, ...]

    def __post_init__(self) -> None:
        """Raise InvalidValue for a receipt that can't be."""
        optional(self.receipt_code, "receipt_code", CODE_LIMIT)
        if self.receipt_code is None and self.envelope.document_number is None:
            raise InvalidValue("event.missing-field", "a code or a number", "receipt_code")
        try:
            check_money(self.total_amount, self.currency)
        except InvalidValue as problem:
            path = problem.path.replace("price_amount", "total_amount")
            raise InvalidValue(problem.code, problem.detail, path) from problem
        check_lines(self.lines, self.envelope.business_date)

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported."""
        return (self.seller,)

    def effects(self) -> Effects:
        """Goods leave the seller's lots for consumers; no lot opens."""
        if not self.envelope.aspect.moves_goods:
            return Effects(citations=flow.citations(self.envelope))
        return flow.union(
            Effects(
                claims=tuple(claim for line in self.lines for claim in self._claims(line)),
                retail=tuple(fact for line in self.lines for fact in self._retail(line)),
                citations=flow.citations(self.envelope),
            )
        )

    def _claims(self, line: Line) -> Iterator[Claim]:
        """What a receipt prints matters where it states a batch or a date; else the lot is enough."""
        if line.batch_code or line.production_date or line.expiry_date:
            sold = flow.given(self.seller, line, self.envelope.business_date)
            yield from flow.claims(line, sold, Role.TAKEN)

    def _retail(self, line: Line) -> Iterator[Retail]:
        for item in flow.given(self.seller, line, self.envelope.business_date):
            if not item.quantities:
                size = measure(line.measures()[0])
                yield Retail(line.line_no, item.lot, size.dimension, 0, Basis.POSSIBLE)
                continue
            basis = Basis.POSSIBLE if item.lot.kind is LotKind.POOL else line.basis
            for quantity in item.quantities:
                size = measure(quantity)
                yield Retail(line.line_no, item.lot, size.dimension, size.micro, basis)
