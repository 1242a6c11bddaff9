"""Any valid event, for Hypothesis: `events()` of every kind, `events("trade")` of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from foodtrace.codes import canonical
from foodtrace.events import KINDS, Event
from foodtrace.events.adjustment import Adjustment, Change
from foodtrace.events.commissioning import Commissioning
from foodtrace.events.consumption import Consumption
from foodtrace.events.disposal import Disposal
from foodtrace.events.goods_return import Return
from foodtrace.events.inspection import Inspection, InspectionResult, Stage, Subject, Verdict
from foodtrace.events.location import Location
from foodtrace.events.merge import Merge
from foodtrace.events.packing import Action, Packing
from foodtrace.events.party import Party, PartyKind
from foodtrace.events.product import Conversion, Product
from foodtrace.events.receipt import Receipt
from foodtrace.events.release import Release
from foodtrace.events.resolution import Resolution, ResolutionAction
from foodtrace.events.stocktake import Counted, Stocktake
from foodtrace.events.trade import Trade
from foodtrace.events.transfer import Transfer
from foodtrace.events.transformation import SLAUGHTER, Transformation
from foodtrace.events.void import Void, VoidReason
from foodtrace.events.voucher import Voucher
from foodtrace.letters import LetterPlace
from support.any_parts import (
    aliases,
    amounts,
    citing,
    days,
    documents,
    envelopes,
    line_nos,
    products,
    quantities,
    short,
    sides,
    texts,
    two_sides,
    units,
)


def _voucher(draw: st.DrawFn, day: date) -> Voucher:
    issuer, receiver = draw(two_sides)
    return Voucher(
        envelope=draw(envelopes("voucher", business_date=day, document_number="V-1")),
        issuer=issuer,
        receiver=draw(st.sampled_from((None, receiver))),
        lines=draw(documents(day)),
    )


def _trade(draw: st.DrawFn, day: date) -> Trade:
    seller, buyer = draw(two_sides)
    return Trade(
        envelope=draw(envelopes("trade", business_date=day)),
        seller=seller,
        buyer=buyer,
        lines=draw(documents(day)),
    )


def _receipt(draw: st.DrawFn, day: date) -> Receipt:
    total = draw(st.none() | amounts() | st.just(Decimal(0)))
    return Receipt(
        envelope=draw(envelopes("receipt", business_date=day)),
        seller=draw(sides),
        receipt_code=draw(texts()),
        total_amount=total,
        currency=None if total is None else "CNY",
        lines=draw(documents(day)),
    )


def _transformation(draw: st.DrawFn, day: date) -> Transformation:
    all_lines = draw(documents(day, least=2, most=4))
    middle = draw(st.integers(1, len(all_lines) - 1))
    low, high = sorted((draw(amounts(1000)), draw(amounts(1000))))
    return Transformation(
        envelope=draw(envelopes("transformation", business_date=day)),
        holder=draw(sides),
        process=draw(texts().filter(lambda process: process not in SLAUGHTER)),
        inputs=all_lines[:middle],
        outputs=all_lines[middle:],
        minimum_yield=draw(st.sampled_from((None, low))),
        maximum_yield=draw(st.sampled_from((None, high))),
    )


def _commissioning(draw: st.DrawFn, day: date) -> Commissioning:
    return Commissioning(
        envelope=draw(envelopes("commissioning", business_date=day)),
        holder=draw(sides),
        cause=draw(texts()),
        lines=draw(documents(day)),
    )


def _disposal(draw: st.DrawFn, day: date) -> Disposal:
    return Disposal(
        envelope=draw(envelopes("disposal", business_date=day)),
        holder=draw(sides),
        reason=draw(texts()),
        lines=draw(documents(day)),
    )


def _transfer(draw: st.DrawFn, day: date) -> Transfer:
    origin = draw(sides)
    places = short.filter(lambda place: (canonical(place) if place else "") != origin.place)
    return Transfer(
        envelope=draw(envelopes("transfer", business_date=day)),
        origin=origin,
        destination=replace(origin, location=draw(places), role=draw(short)),
        lines=draw(documents(day)),
    )


def _return(draw: st.DrawFn, day: date) -> Return:
    returner, receiver = draw(two_sides)
    return Return(
        envelope=draw(envelopes("return", business_date=day)),
        returner=returner,
        receiver=receiver,
        reason=draw(texts()),
        lines=citing(draw, day),
    )


def _release(draw: st.DrawFn, day: date) -> Release:
    return Release(
        envelope=draw(envelopes("release", business_date=day)),
        holder=draw(sides),
        reason=draw(texts()),
        lines=citing(draw, day),
    )


def _adjustment(draw: st.DrawFn, day: date) -> Adjustment:
    return Adjustment(
        envelope=draw(envelopes("adjustment", business_date=day)),
        holder=draw(sides),
        change=draw(st.sampled_from(Change)),
        reason=draw(texts()),
        lines=draw(documents(day)),
    )


_counted = st.builds(
    Counted,
    line_no=line_nos,
    product=products,
    batch_code=short,
    lot_code=short,
    found=st.just(Decimal(0)) | amounts(),
    unit=units,
)


def _stocktake(draw: st.DrawFn, day: date) -> Stocktake:
    counts = st.lists(_counted, min_size=1, max_size=3, unique_by=lambda each: each.line_no)
    return Stocktake(
        envelope=draw(envelopes("stocktake", business_date=day)),
        holder=draw(sides),
        counts=tuple(draw(counts)),
    )


def _consumption(draw: st.DrawFn, day: date) -> Consumption:
    return Consumption(
        envelope=draw(envelopes("consumption", business_date=day)),
        holder=draw(sides),
        purpose=draw(texts()),
        lines=draw(documents(day)),
    )


def _packing(draw: st.DrawFn, day: date) -> Packing:
    contents = draw(documents(day))
    inside = {canonical(code.code) for line in contents for code in line.lot_codes}
    return Packing(
        envelope=draw(envelopes("packing", business_date=day)),
        holder=draw(sides),
        action=draw(st.sampled_from(Action)),
        unit_code=draw(texts().filter(lambda code: canonical(code) not in inside)),
        lines=contents,
    )


_results = st.builds(
    InspectionResult,
    analyte=texts(),
    value=short,
    unit=short,
    limit=short,
    standard=short,
    verdict=st.sampled_from(Verdict),
)


def _inspection(draw: st.DrawFn, day: date) -> Inspection:
    subject = draw(st.sampled_from(Subject))
    place = draw(texts())
    holder = draw(st.none() | sides)
    if subject is Subject.LOCATION:
        holder = replace(draw(sides), location=place)
    return Inspection(
        envelope=draw(envelopes("inspection", business_date=day)),
        holder=holder,
        lines=draw(documents(day)),
        method=draw(texts()),
        stage=draw(st.sampled_from(Stage)),
        verdict=draw(st.sampled_from(Verdict)),
        laboratory=draw(short),
        results=tuple(draw(st.lists(_results, max_size=2))),
        subject=subject,
        receipt_reference=draw(texts() if subject is Subject.RECEIPT else short),
        sample_number=draw(texts() if subject is Subject.SAMPLE else short),
        retest_of=draw(st.none() | st.uuids()),
    )


def _party(draw: st.DrawFn, day: date) -> Party:
    return Party(
        envelope=draw(envelopes("party", business_date=day)),
        party=draw(texts()),
        name=draw(texts()),
        party_kind=draw(st.sampled_from(PartyKind)),
        node_kind=draw(short),
        aliases=draw(aliases),
        region=draw(short),
    )


def _product(draw: st.DrawFn, day: date) -> Product:
    conversions = st.lists(st.builds(Conversion, unit=texts(8), equals=quantities()), max_size=2)
    return Product(
        envelope=draw(envelopes("product", business_date=day)),
        product=draw(texts()),
        name=draw(texts()),
        category=draw(short),
        specification=draw(short),
        gtin=draw(short),
        manufacturer=draw(short),
        aliases=draw(aliases),
        conversions=tuple(draw(conversions)),
    )


def _location(draw: st.DrawFn, day: date) -> Location:
    first, last = sorted((draw(days), draw(days)))
    return Location(
        envelope=draw(envelopes("location", business_date=day)),
        location=draw(texts()),
        name=draw(texts()),
        location_kind=draw(texts()),
        parent=draw(short),
        occupant=draw(short),
        occupied_from=draw(st.sampled_from((None, first))),
        occupied_to=draw(st.sampled_from((None, last))),
        region=draw(short),
        aliases=draw(aliases),
    )


def _merge(draw: st.DrawFn, day: date) -> Merge:
    two = st.tuples(texts(), texts()).filter(lambda ids: canonical(ids[0]) != canonical(ids[1]))
    party, into = draw(two)
    return Merge(
        envelope=draw(envelopes("merge", business_date=day)),
        party=party,
        into=into,
        merged_on=draw(days),
    )


def _void(draw: st.DrawFn, day: date) -> Void:
    return Void(
        envelope=draw(envelopes("void", business_date=day)),
        target_event_id=draw(st.uuids()),
        target_line=draw(st.none() | line_nos),
        reason=draw(st.sampled_from(VoidReason)),
        corrective_event_ids=tuple(draw(st.lists(st.uuids(), max_size=2))),
    )


def _resolution(draw: st.DrawFn, day: date) -> Resolution:
    action = draw(st.sampled_from(ResolutionAction))
    place = LetterPlace(
        log=draw(st.sampled_from(("log-1", "q7Yt-w"))),
        topic=draw(st.sampled_from(("foodtrace.trade", "foodtrace.in.erp"))),
        partition=draw(st.integers(0, 5)),
        offset=draw(st.integers(0, 2**63 - 1)),
    )
    reason = texts() if action is ResolutionAction.DISMISSED else st.none() | texts()
    return Resolution(
        envelope=draw(envelopes("resolution", business_date=day)),
        letter=place.text,
        action=action,
        reason=draw(reason),
        corrected_event_id=draw(st.uuids()) if action is ResolutionAction.FIXED else None,
        actor=draw(st.none() | texts()),
    )


_MADE: dict[str, Callable[[st.DrawFn, date], Event]] = {
    "voucher": _voucher,
    "trade": _trade,
    "receipt": _receipt,
    "transformation": _transformation,
    "commissioning": _commissioning,
    "disposal": _disposal,
    "transfer": _transfer,
    "return": _return,
    "release": _release,
    "adjustment": _adjustment,
    "stocktake": _stocktake,
    "consumption": _consumption,
    "packing": _packing,
    "inspection": _inspection,
    "party": _party,
    "product": _product,
    "location": _location,
    "merge": _merge,
    "void": _void,
    "resolution": _resolution,
}


@st.composite
def events(draw: st.DrawFn, kind: str | None = None) -> Event:
    """Any valid event, of one kind or of any."""
    chosen = draw(st.sampled_from(sorted(KINDS))) if kind is None else kind
    return _MADE[chosen](draw, draw(days))
