"""Events for tests: the plainest valid one of each kind; a test names only what it is about.

`a_trade("t-1", seller="A", buyer="B", lines=[a_line(1, batch_code="X")])`. Any valid event at all
comes from `support.any_events`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from foodtrace.events import Event
from foodtrace.events.commissioning import Commissioning
from foodtrace.events.disposal import Disposal
from foodtrace.events.envelope import Envelope
from foodtrace.events.inspection import Inspection, Stage, Verdict
from foodtrace.events.line import Line, LotCode, ProductRef
from foodtrace.events.location import Location
from foodtrace.events.party import Party, PartyKind
from foodtrace.events.product import Product
from foodtrace.events.receipt import Receipt
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.events.transformation import Transformation
from foodtrace.events.void import Void, VoidReason
from foodtrace.events.voucher import Voucher
from foodtrace.identity import event_id
from foodtrace.quantity import Quantity

DAY = date(2026, 5, 21)
NOON = datetime(2026, 5, 21, 4, tzinfo=UTC)


def an_envelope(kind: str, number: str, *, source: str = "erp", **more: Any) -> Envelope:
    """An envelope on one fixed day, with the id that follows from its identity."""
    return Envelope(
        event_id=event_id(source, kind, number, more.get("revision", 0)),
        source=source,
        source_event_id=number,
        **{"occurred_at": NOON, "business_date": DAY, **more},
    )


def kg(amount: str | int) -> Quantity:
    """A mass in kilograms."""
    return Quantity(Decimal(amount), "kg")


def a_line(line_no: int = 1, product: str = "P-1", **more: Any) -> Line:
    """A line of 10 kg of a product, unless told otherwise; `codes` are its trace codes."""
    codes = tuple(LotCode(code=code) for code in more.pop("codes", ()))
    plain: dict[str, Any] = {"net_mass": kg(10)} if "count" not in more else {}
    return Line(
        line_no=line_no,
        product=ProductRef(product_id=product),
        **{**plain, "lot_codes": codes, **more},
    )


def a_side(party: str | Side, location: str | None = None) -> Side:
    """A party at a place."""
    return party if isinstance(party, Side) else Side(party=party, location=location)


def _lines(lines: Sequence[Line] | None) -> tuple[Line, ...]:
    return (a_line(),) if lines is None else tuple(lines)


def a_voucher(
    number: str = "v-1",
    *,
    issuer: str | Side = "A",
    receiver: str | Side | None = "B",
    lines: Sequence[Line] | None = None,
    **envelope: Any,
) -> Voucher:
    """A voucher whose own number is `number`."""
    return Voucher(
        envelope=an_envelope("voucher", number, **{"document_number": number, **envelope}),
        issuer=a_side(issuer),
        receiver=None if receiver is None else a_side(receiver),
        lines=_lines(lines),
    )


def a_trade(
    number: str = "t-1",
    *,
    seller: str | Side = "A",
    buyer: str | Side = "B",
    lines: Sequence[Line] | None = None,
    **envelope: Any,
) -> Trade:
    """A trade from A to B."""
    return Trade(
        envelope=an_envelope("trade", number, **envelope),
        seller=a_side(seller),
        buyer=a_side(buyer),
        lines=_lines(lines),
    )


def a_receipt(
    number: str = "r-1",
    *,
    seller: str | Side = "B",
    lines: Sequence[Line] | None = None,
    code: str | None = None,
    **envelope: Any,
) -> Receipt:
    """A receipt of B; `code` opens the public look-up."""
    return Receipt(
        envelope=an_envelope("receipt", number, **{"document_number": number, **envelope}),
        seller=a_side(seller),
        receipt_code=code,
        lines=_lines(lines),
    )


def a_transformation(
    number: str = "x-1",
    *,
    holder: str | Side = "A",
    inputs: Sequence[Line] | None = None,
    outputs: Sequence[Line] | None = None,
    **envelope: Any,
) -> Transformation:
    """P-1 becomes P-2 at A's."""
    return Transformation(
        envelope=an_envelope("transformation", number, **envelope),
        holder=a_side(holder),
        process="mixing",
        inputs=(a_line(1, "P-1"),) if inputs is None else tuple(inputs),
        outputs=(a_line(2, "P-2"),) if outputs is None else tuple(outputs),
    )


def a_commissioning(
    number: str = "c-1",
    *,
    holder: str | Side = "A",
    lines: Sequence[Line] | None = None,
    **envelope: Any,
) -> Commissioning:
    """A's lots begin."""
    return Commissioning(
        envelope=an_envelope("commissioning", number, **envelope),
        holder=a_side(holder),
        cause="harvest",
        lines=_lines(lines),
    )


def a_disposal(
    number: str = "d-1",
    *,
    holder: str | Side = "B",
    lines: Sequence[Line] | None = None,
    **envelope: Any,
) -> Disposal:
    """Goods of B are destroyed."""
    return Disposal(
        envelope=an_envelope("disposal", number, **envelope),
        holder=a_side(holder),
        reason="destroyed",
        lines=_lines(lines),
    )


def an_inspection(
    number: str = "i-1",
    *,
    holder: str | Side | None = "B",
    lines: Sequence[Line] | None = None,
    verdict: Verdict = Verdict.PASSED,
    stage: Stage = Stage.SCREENING,
    **envelope: Any,
) -> Inspection:
    """A rapid test at B's."""
    return Inspection(
        envelope=an_envelope("inspection", number, **envelope),
        holder=None if holder is None else a_side(holder),
        lines=_lines(lines),
        method="rapid",
        stage=stage,
        verdict=verdict,
    )


def a_void(
    target: Event | UUID, number: str = "w-1", *, line: int | None = None, **envelope: Any
) -> Void:
    """The target, or one line of it, did not occur; by default the target's source says so."""
    if not isinstance(target, UUID):
        envelope = {"source": target.envelope.source, **envelope}
        target = target.envelope.event_id
    return Void(
        envelope=an_envelope("void", number, **envelope),
        target_event_id=target,
        target_line=line,
        reason=VoidReason.DID_NOT_OCCUR,
    )


def a_party(party: str = "A", name: str = "张记肉铺", **more: Any) -> Party:
    """Master data of a party."""
    fields: dict[str, Any] = {"party_kind": PartyKind.ENTERPRISE, **more}
    return Party(envelope=an_envelope("party", party), party=party, name=name, **fields)


def a_product(product: str = "P-1", name: str = "猪后腿肉", **more: Any) -> Product:
    """Master data of a product."""
    return Product(envelope=an_envelope("product", product), product=product, name=name, **more)


def a_location(location: str = "M-1", name: str = "八市", **more: Any) -> Location:
    """Master data of a location."""
    fields: dict[str, Any] = {"location_kind": "market", **more}
    return Location(
        envelope=an_envelope("location", location), location=location, name=name, **fields
    )


def with_envelope(event: Event, **more: Any) -> Event:
    """The event with another envelope and the id that follows from it."""
    told = event.envelope
    source, number = more.get("source", told.source), more.get("source_event_id")
    identity = event_id(
        source, event.kind, number or told.source_event_id, more.get("revision", told.revision)
    )
    return replace(event, envelope=replace(told, **{**more, "event_id": identity}))
