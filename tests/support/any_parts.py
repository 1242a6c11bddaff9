"""The parts of any valid event, for Hypothesis: envelopes, sides, papers, lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from foodtrace.codes import canonical
from foodtrace.effects import Basis
from foodtrace.events.envelope import Aspect, Envelope, Precision
from foodtrace.events.line import Line, LineRef, LotCode, ProductRef
from foodtrace.events.master import Alias
from foodtrace.events.paper import Paper, Verification
from foodtrace.events.side import Side
from foodtrace.identity import event_id
from foodtrace.quantity import MASS, UNITS, Quantity

_LETTERS = st.characters(exclude_categories=("Cs", "Cc"))
_CHINESE = st.sampled_from("猪牛羊鸡肉菜鲜市厦门福建ＡＢ１２　 -_/.：")


def texts(most: int = 24) -> st.SearchStrategy[str]:
    """Any text that the domain takes."""
    any_text = st.text(_LETTERS, min_size=1, max_size=most)
    chinese = st.text(_CHINESE | st.sampled_from("A1b2"), min_size=1, max_size=most)
    return (any_text | chinese).filter(lambda text: not text.isspace())


days = st.dates(date(2000, 1, 1), date(2090, 12, 31))
units = st.sampled_from(sorted(UNITS)) | texts(8)
_masses = st.sampled_from(sorted(unit for unit, known in UNITS.items() if known.dimension == MASS))


def amounts(most: int = 9_000_000_000) -> st.SearchStrategy[Decimal]:
    """Amounts of up to six decimals, above zero, written with or without zeros at the end."""
    micro = st.integers(1, most * 1_000_000) | st.integers(1, 5_000_000)
    places = st.sampled_from((None, None, 6, 9))
    return st.builds(_written, micro, places)


def _written(micro: int, places: int | None) -> Decimal:
    amount = (Decimal(micro) / 1_000_000).normalize()
    return amount if places is None else amount.quantize(Decimal(1).scaleb(-places))


def quantities(units: st.SearchStrategy[str] = units) -> st.SearchStrategy[Quantity]:
    """Any quantity."""
    return st.builds(Quantity, amounts(), units)


@st.composite
def envelopes(draw: st.DrawFn, /, kind: str, **fixed: Any) -> Envelope:
    """Any envelope of a kind."""
    day = fixed.get("business_date") or draw(days)
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


short = st.none() | texts()
_identified = st.builds(
    Side, party=texts(), owner=short, location=short, role=short, vehicle_plate=short
)
_unidentified = st.builds(
    Side, claimed_name=texts(), phone_digest=short, document_digest=short, location=short
)
sides = _identified | _unidentified
two_sides = st.tuples(sides, sides).filter(
    lambda pair: (pair[0].holder, pair[0].place) != (pair[1].holder, pair[1].place)
)


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    """Any paper."""
    first, last = sorted((draw(days), draw(days)))
    return Paper(
        kind=draw(texts()),
        number=draw(texts()),
        issuer=draw(short),
        issued_on=draw(st.sampled_from((None, first))),
        valid_until=draw(st.sampled_from((None, last))),
        covered_quantity=draw(st.none() | quantities()),
        scope=draw(short),
        destination=draw(short),
        image_digest=draw(short),
        verification=draw(st.sampled_from(Verification)),
    )


products = st.builds(
    ProductRef,
    product_id=short,
    gtin=st.none() | st.just("06901234567892"),
    local_code=short,
    name=texts(),
    category=short,
    specification=short,
)
_lot_codes = st.lists(
    st.builds(LotCode, code=texts(), quantity=st.none() | quantities()),
    max_size=2,
    unique_by=lambda lot_code: canonical(lot_code.code),
).map(tuple)


line_nos = st.integers(1, 2**31 - 1)
line_refs = st.builds(LineRef, event_id=st.uuids(), line_no=line_nos)


@st.composite
def lines(draw: st.DrawFn, line_no: int, day: date) -> Line:
    """Any line of a document of that day."""
    made = day - timedelta(days=draw(st.integers(-1, 700)))
    mass = draw(st.none() | quantities(_masses))
    rather = draw(st.booleans())
    price = draw(st.none() | amounts())
    return Line(
        line_no=line_no,
        product=draw(products),
        origin_code=draw(short),
        origin_text=draw(short),
        manufacturer=draw(short),
        batch_code=draw(short),
        lot_codes=draw(_lot_codes),
        source_lot_codes=draw(_lot_codes),
        lot_code_source=draw(short),
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
        state=draw(short),
        refers_to=draw(st.none() | line_refs),
    )


@st.composite
def documents(draw: st.DrawFn, day: date, least: int = 1, most: int = 3) -> tuple[Line, ...]:
    """The lines of a document."""
    numbers = draw(st.lists(line_nos, min_size=least, max_size=most, unique=True))
    return tuple(draw(lines(number, day)) for number in numbers)


def citing(draw: st.DrawFn, day: date) -> tuple[Line, ...]:
    """The lines of a return or release, which cite an earlier one each."""
    return tuple(replace(each, refers_to=draw(line_refs)) for each in draw(documents(day)))


aliases = st.lists(
    st.builds(Alias, scheme=texts(), code=texts(), valid_from=st.none() | days), max_size=2
).map(tuple)
