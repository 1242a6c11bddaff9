"""Any valid event, for Hypothesis: `events()` of every kind, `events("trade")` of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from foodtrace.codes import canonical
from foodtrace.effects import Basis
from foodtrace.events import KINDS, Event
from foodtrace.events.adjustment import Adjustment, Change
from foodtrace.events.commissioning import Commissioning
from foodtrace.events.consumption import Consumption
from foodtrace.events.disposal import Disposal
from foodtrace.events.envelope import Aspect, Envelope, Precision
from foodtrace.events.goods_return import Return
from foodtrace.events.inspection import Inspection, InspectionResult, Stage, Subject, Verdict
from foodtrace.events.line import Line, LineRef, LotCode, ProductRef
from foodtrace.events.location import Location
from foodtrace.events.master import Alias
from foodtrace.events.merge import Merge
from foodtrace.events.packing import Action, Packing
from foodtrace.events.paper import Paper, Verification
from foodtrace.events.party import Party, PartyKind
from foodtrace.events.product import Conversion, Product
from foodtrace.events.receipt import Receipt
from foodtrace.events.release import Release
from foodtrace.events.side import Side
from foodtrace.events.stocktake import Counted, Stocktake
from foodtrace.events.trade import Trade
from foodtrace.events.transfer import Transfer
from foodtrace.events.transformation import SLAUGHTER, Transformation
from foodtrace.events.void import Void, VoidReason
from foodtrace.events.voucher import Voucher
from foodtrace.identity import event_id
from foodtrace.quantity import MASS, UNITS, Quantity

_LETTERS = st.characters(exclude_categories=("Cs", "Cc"))
_CHINESE = st.sampled_from("猪牛羊鸡肉菜鲜市厦门福建ＡＢ１２　 -_/.：")


def texts(most: int = 24) -> st.SearchStrategy[str]:
    """Any text that the domain takes."""
    any_text = st.text(_LETTERS, min_size=1, max_size=most)
    chinese = st.text(_CHINESE | st.sampled_from("A1b2"), min_size=1, max_size=most)
    return (any_text | chinese).filter(lambda text: not text.isspace())


_days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
_units = st.sampled_from(sorted(UNITS)) | texts(8)
_masses = st.sampled_from(sorted(unit for unit, known in UNITS.items() if known.dimension == MASS))


def amounts(most: int = 9_000_000_000) -> st.SearchStrategy[Decimal]:
    """Amounts of up to six decimals, above zero, written with or without zeros at the end."""
    micro = st.integers(1, most * 1_000_000) | st.integers(1, 5_000_000)
    places = st.sampled_from((None, None, 6, 9))
    return st.builds(_written, micro, places)


def _written(micro: int, places: int | None) -> Decimal:
    amount = (Decimal(micro) / 1_000_000).normalize()
    return amount if places is None else amount.quantize(Decimal(1).scaleb(-places))


def quantities(units: st.SearchStrategy[str] = _units) -> st.SearchStrategy[Quantity]:
    """Any quantity."""
    return st.builds(Quantity, amounts(), units)


@st.composite
def envelopes(draw: st.DrawFn, /, kind: str, **fixed: Any) -> Envelope:
    """Any envelope of a kind."""
    day = fixed.get("business_date") or draw(_days)
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + draw(
        st.timedeltas(timedelta(days=-1), timedelta(days=1))
    )
    short = st.none() | texts()
    made = {
        "source": draw(st.sampled_from(("erp", "pos", "市场-1")) | texts()),
        "source_event_id": draw(texts()),
        "revision": draw(st.sampled_from((0, 0, 1, 2**31 - 1))),
        "reporter": draw(short),
        "mandate": draw(short),
        "occurred_at": moment,
        "occurred_offset_minutes": draw(st.sampled_from((480, 0, -720, 840))),
        "occurred_precision": draw(st.sampled_from(Precision)),
        "business_date": day,
        "reported_at": draw(
            st.none() | st.datetimes(datetime(1980, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
        ),
        "document_type": draw(short),
        "document_number": draw(short),
        "trade_no": draw(short),
        "aspect": draw(st.sampled_from(Aspect)),
        "voucher_numbers": tuple(draw(st.lists(texts(), max_size=2))),
        "order_reference": draw(short),
        "payment_digest": draw(short),
        "invoice_reference": draw(short),
        "region": draw(short),
        "extra": draw(st.dictionaries(texts(), texts(), max_size=2)),
        **fixed,
    }
    identity = event_id(made["source"], kind, made["source_event_id"], made["revision"])
    return Envelope(event_id=identity, **made)


_short = st.none() | texts()
_identified = st.builds(
    Side, party=texts(), owner=_short, location=_short, role=_short, vehicle_plate=_short
)
_unidentified = st.builds(
    Side, claimed_name=texts(), phone_digest=_short, document_digest=_short, location=_short
)
sides = _identified | _unidentified
_two_sides = st.tuples(sides, sides).filter(
    lambda pair: (pair[0].holder, pair[0].place) != (pair[1].holder, pair[1].place)
)


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    """Any paper."""
    first, last = sorted((draw(_days), draw(_days)))
    return Paper(
        kind=draw(texts()),
        number=draw(texts()),
        issuer=draw(_short),
        issued_on=draw(st.sampled_from((None, first))),
        valid_until=draw(st.sampled_from((None, last))),
        covered_quantity=draw(st.none() | quantities()),
        scope=draw(_short),
        destination=draw(_short),
        image_digest=draw(_short),
        verification=draw(st.sampled_from(Verification)),
    )


_products = st.builds(
    ProductRef,
    product_id=_short,
    gtin=st.none() | st.just("06901234567892"),
    local_code=_short,
    name=texts(),
    category=_short,
    specification=_short,
)
_lot_codes = st.lists(
    st.builds(LotCode, code=texts(), quantity=st.none() | quantities()),
    max_size=2,
    unique_by=lambda lot_code: canonical(lot_code.code),
).map(tuple)


_line_nos = st.integers(1, 2**31 - 1)
_line_refs = st.builds(LineRef, event_id=st.uuids(), line_no=_line_nos)


@st.composite
def lines(draw: st.DrawFn, line_no: int, day: date) -> Line:
    """Any line of a document of that day."""
    made = day - timedelta(days=draw(st.integers(-1, 700)))
    mass = draw(st.none() | quantities(_masses))
    rather = draw(st.booleans())
    price = draw(st.none() | amounts())
    return Line(
        line_no=line_no,
        product=draw(_products),
        origin_code=draw(_short),
        origin_text=draw(_short),
        manufacturer=draw(_short),
        batch_code=draw(_short),
        lot_codes=draw(_lot_codes),
        source_lot_codes=draw(_lot_codes),
        lot_code_source=draw(_short),
        production_date=made if draw(st.booleans()) else None,
        expiry_date=made + timedelta(days=draw(st.integers(0, 900))) if rather else None,
        basis=draw(st.sampled_from(Basis)),
        count=draw(quantities()) if mass is None or rather else None,
        net_mass=mass,
        gross_mass=mass if rather else None,
        tare_mass=draw(st.none() | quantities(_masses)),
        deduction=draw(st.none() | quantities(_masses)),
        price_amount=price,
        currency=None if price is None else "CNY",
        papers=tuple(draw(st.lists(papers(), max_size=1))),
        state=draw(_short),
        refers_to=draw(st.none() | _line_refs),
    )


@st.composite
def documents(draw: st.DrawFn, day: date, least: int = 1, most: int = 3) -> tuple[Line, ...]:
    """The lines of a document."""
    numbers = draw(st.lists(_line_nos, min_size=least, max_size=most, unique=True))
    return tuple(draw(lines(number, day)) for number in numbers)


def _citing(draw: st.DrawFn, day: date) -> tuple[Line, ...]:
    """The lines of a return or release, which cite an earlier one each."""
    return tuple(replace(each, refers_to=draw(_line_refs)) for each in draw(documents(day)))


_aliases = st.lists(
    st.builds(Alias, scheme=texts(), code=texts(), valid_from=st.none() | _days), max_size=2
).map(tuple)


def _voucher(draw: st.DrawFn, day: date) -> Voucher:
    issuer, receiver = draw(_two_sides)
    return Voucher(
        envelope=draw(envelopes("voucher", business_date=day, document_number="V-1")),
        issuer=issuer,
        receiver=draw(st.sampled_from((None, receiver))),
        lines=draw(documents(day)),
    )


def _trade(draw: st.DrawFn, day: date) -> Trade:
    seller, buyer = draw(_two_sides)
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
    places = _short.filter(lambda place: (canonical(place) if place else "") != origin.place)
    return Transfer(
        envelope=draw(envelopes("transfer", business_date=day)),
        origin=origin,
        destination=replace(origin, location=draw(places), role=draw(_short)),
        lines=draw(documents(day)),
    )


def _return(draw: st.DrawFn, day: date) -> Return:
    returner, receiver = draw(_two_sides)
    return Return(
        envelope=draw(envelopes("return", business_date=day)),
        returner=returner,
        receiver=receiver,
        reason=draw(texts()),
        lines=_citing(draw, day),
    )


def _release(draw: st.DrawFn, day: date) -> Release:
    return Release(
        envelope=draw(envelopes("release", business_date=day)),
        holder=draw(sides),
        reason=draw(texts()),
        lines=_citing(draw, day),
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
    line_no=_line_nos,
    product=_products,
    batch_code=_short,
    lot_code=_short,
    found=st.just(Decimal(0)) | amounts(),
    unit=_units,
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
    value=_short,
    unit=_short,
    limit=_short,
    standard=_short,
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
        laboratory=draw(_short),
        results=tuple(draw(st.lists(_results, max_size=2))),
        subject=subject,
        receipt_reference=draw(texts() if subject is Subject.RECEIPT else _short),
        sample_number=draw(texts() if subject is Subject.SAMPLE else _short),
        retest_of=draw(st.none() | st.uuids()),
    )


def _party(draw: st.DrawFn, day: date) -> Party:
    return Party(
        envelope=draw(envelopes("party", business_date=day)),
        party=draw(texts()),
        name=draw(texts()),
        party_kind=draw(st.sampled_from(PartyKind)),
        node_kind=draw(_short),
        aliases=draw(_aliases),
        region=draw(_short),
    )


def _product(draw: st.DrawFn, day: date) -> Product:
    conversions = st.lists(st.builds(Conversion, unit=texts(8), equals=quantities()), max_size=2)
    return Product(
        envelope=draw(envelopes("product", business_date=day)),
        product=draw(texts()),
        name=draw(texts()),
        category=draw(_short),
        specification=draw(_short),
        gtin=draw(_short),
        manufacturer=draw(_short),
        aliases=draw(_aliases),
        conversions=tuple(draw(conversions)),
    )


def _location(draw: st.DrawFn, day: date) -> Location:
    first, last = sorted((draw(_days), draw(_days)))
    return Location(
        envelope=draw(envelopes("location", business_date=day)),
        location=draw(texts()),
        name=draw(texts()),
        location_kind=draw(texts()),
        parent=draw(_short),
        occupant=draw(_short),
        occupied_from=draw(st.sampled_from((None, first))),
        occupied_to=draw(st.sampled_from((None, last))),
        region=draw(_short),
        aliases=draw(_aliases),
    )


def _merge(draw: st.DrawFn, day: date) -> Merge:
    two = st.tuples(texts(), texts()).filter(lambda ids: canonical(ids[0]) != canonical(ids[1]))
    party, into = draw(two)
    return Merge(
        envelope=draw(envelopes("merge", business_date=day)),
        party=party,
        into=into,
        merged_on=draw(_days),
    )


def _void(draw: st.DrawFn, day: date) -> Void:
    return Void(
        envelope=draw(envelopes("void", business_date=day)),
        target_event_id=draw(st.uuids()),
        target_line=draw(st.none() | _line_nos),
        reason=draw(st.sampled_from(VoidReason)),
        corrective_event_ids=tuple(draw(st.lists(st.uuids(), max_size=2))),
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
}


@st.composite
def events(draw: st.DrawFn, kind: str | None = None) -> Event:
    """Any valid event, of one kind or of any."""
    chosen = draw(st.sampled_from(sorted(KINDS))) if kind is None else kind
    return _MADE[chosen](draw, draw(_days))
