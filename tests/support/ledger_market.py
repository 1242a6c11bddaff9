"""Generated documents of all kinds but voids, in a world so small that they meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from foodtrace.events import KINDS, Event
from foodtrace.events.adjustment import Change
from foodtrace.events.goods_return import Return
from foodtrace.events.inspection import Inspection, Stage, Subject, Verdict
from foodtrace.events.packing import Action
from foodtrace.events.receipt import Receipt
from foodtrace.events.release import Release
from foodtrace.events.stocktake import Counted, Stocktake
from foodtrace.events.trade import Trade
from foodtrace.events.transfer import Transfer
from foodtrace.events.transformation import Transformation
from foodtrace.events.voucher import Voucher
from foodtrace.identity import event_id
from support.ledger_parts import HOLDERS, NUMBERS, envelopes, lines, reports, sides

# Kinds of one holder: what each needs beside envelope, holder and lines.
_OF_ONE: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "commissioning": {"cause": st.just("harvest")},
    "disposal": {"reason": st.just("destroyed")},
    "adjustment": {"change": st.sampled_from(Change), "reason": st.just("loss")},
    "consumption": {"purpose": st.just("meal")},
    # A unit under a code that goods bear too: bad data, which must do no harm.
    "packing": {"action": st.sampled_from(Action), "unit_code": st.sampled_from(["U", "Z"])},
}


@st.composite
def of_one(draw: st.DrawFn) -> Event:
    """A document of one holder."""
    kind = draw(st.sampled_from(sorted(_OF_ONE)))
    make: Callable[..., Event] = KINDS[kind]
    more = {name: draw(value) for name, value in _OF_ONE[kind].items()}
    return make(envelope=draw(envelopes(kind)), holder=draw(sides()), lines=draw(lines()), **more)


def _two(draw: st.DrawFn) -> tuple[Any, Any]:
    giver = draw(sides())
    party = draw(HOLDERS.filter(lambda other: other != giver.party))
    return giver, draw(sides(party))


@st.composite
def trades(draw: st.DrawFn) -> Event:
    """A sale, perhaps one of several reports of it."""
    seller, buyer = _two(draw)
    cited = draw(st.sampled_from([(), ("V1",)]))
    told = draw(reports("trade", voucher_numbers=cited))
    return Trade(envelope=told, seller=seller, buyer=buyer, lines=draw(lines()))


@st.composite
def transfers(draw: st.DrawFn) -> Event:
    """Goods of one party move to another place."""
    origin = draw(sides())
    place = draw(st.sampled_from([p for p in (None, "S1", "S2") if p != origin.location]))
    there = replace(origin, location=place)
    told = draw(reports("transfer"))
    return Transfer(envelope=told, origin=origin, destination=there, lines=draw(lines()))


@st.composite
def returns(draw: st.DrawFn) -> Event:
    """Goods go back."""
    returner, receiver = _two(draw)
    return Return(
        envelope=draw(reports("return")),
        returner=returner,
        receiver=receiver,
        reason="quality",
        lines=draw(lines(cites="trade")),
    )


@st.composite
def releases(draw: st.DrawFn) -> Event:
    """Returned goods are sold again."""
    return Release(
        envelope=draw(envelopes("release")),
        holder=draw(sides()),
        reason="sound",
        lines=draw(lines(cites="return")),
    )


@st.composite
def vouchers(draw: st.DrawFn) -> Event:
    """A voucher, with or without one who takes the goods."""
    issuer, receiver = _two(draw)
    number = f"V{draw(NUMBERS)}"
    return Voucher(
        envelope=draw(reports("voucher", document_number=number)),
        issuer=issuer,
        receiver=draw(st.sampled_from([None, receiver])),
        lines=draw(lines()),
    )


@st.composite
def receipts(draw: st.DrawFn) -> Event:
    """A sale to a consumer."""
    number = draw(NUMBERS)
    return Receipt(
        envelope=draw(envelopes("receipt", document_number=f"N{number}")),
        seller=draw(sides()),
        receipt_code=f"R{number}",
        lines=tuple(replace(line, source_lot_codes=()) for line in draw(lines())),
    )


@st.composite
def transformations(draw: st.DrawFn) -> Event:
    """Lots become others."""
    return Transformation(
        envelope=draw(envelopes("transformation")),
        holder=draw(sides()),
        process="mixing",
        inputs=draw(lines()),
        outputs=draw(lines(first=3)),
    )


@st.composite
def stocktakes(draw: st.DrawFn) -> Event:
    """Somebody counts, and finds nothing at times."""
    (line, *_) = draw(lines())
    code = line.lot_codes[0].code if line.lot_codes else None
    counted = Counted(
        line_no=1,
        product=line.product,
        lot_code=code,
        batch_code=line.batch_code,
        found=Decimal(draw(st.integers(0, 2))),
        unit="袋",
    )
    return Stocktake(envelope=draw(envelopes("stocktake")), holder=draw(sides()), counts=(counted,))


@st.composite
def inspections(draw: st.DrawFn) -> Event:
    """Of any subject."""
    subject, holder = draw(st.sampled_from(Subject)), draw(st.none() | sides())
    if subject is Subject.LOCATION:
        holder = replace(holder or draw(sides()), location="S1")
    retest_of = draw(st.sampled_from([None, event_id("erp", "inspection", "0")]))
    return Inspection(
        envelope=draw(envelopes("inspection")),
        holder=holder,
        lines=draw(lines()),
        method="rapid",
        stage=draw(st.sampled_from(Stage)),
        verdict=draw(st.sampled_from(Verdict)),
        laboratory=draw(st.sampled_from([None, "厦门市检"])),
        subject=subject,
        receipt_reference="R1" if subject is Subject.RECEIPT else None,
        sample_number="S-1" if subject is Subject.SAMPLE else None,
        retest_of=retest_of,
    )


#: What moves goods, and what is found of them.
GOODS = (
    *(of_one(), of_one(), trades(), trades(), transfers(), returns(), releases(), vouchers()),
    *(receipts(), receipts(), transformations(), stocktakes(), inspections()),
)
