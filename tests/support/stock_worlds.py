"""Small dense worlds of stock, made by Hypothesis: few parties, goods and days, every kind of movement.

Two reports of one trade, goods kept for an owner, units and returns come up often.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from foodtrace.events import Event
from foodtrace.events.adjustment import Adjustment, Change
from foodtrace.events.commissioning import Commissioning
from foodtrace.events.consumption import Consumption
from foodtrace.events.disposal import Disposal
from foodtrace.events.envelope import Aspect, Envelope
from foodtrace.events.goods_return import Return
from foodtrace.events.line import Line, LineRef, LotCode, ProductRef
from foodtrace.events.master import Alias
from foodtrace.events.packing import Action, Packing
from foodtrace.events.product import Conversion, Product
from foodtrace.events.receipt import Receipt
from foodtrace.events.release import Release
from foodtrace.events.side import Side
from foodtrace.events.stocktake import Counted, Stocktake
from foodtrace.events.trade import Trade
from foodtrace.events.transfer import Transfer
from foodtrace.events.transformation import Transformation
from foodtrace.events.void import Void, VoidReason
from foodtrace.events.voucher import Voucher
from foodtrace.identity import event_id
from foodtrace.quantity import Quantity

FIRST = date(2026, 5, 18)
DAYS = 5
PARTIES = "ABC"
PLACES = ("", "M1", "M2")
PRODUCTS = ("CHEESE", "MILK", "GTIN-9")

_parties = st.sampled_from(PARTIES)
_places = st.sampled_from(PLACES)
_amounts = st.integers(1, 5).map(Decimal)
_returns = st.builds(
    lambda number, line: LineRef(event_id=event_id("erp", "return", str(number)), line_no=line),
    st.integers(0, 2),
    st.integers(1, 2),
)


def an_envelope(kind: str, number: int, day: date, source: str = "erp", **more: Any) -> Envelope:
    """An envelope of a business day."""
    return Envelope(
        event_id=event_id(source, kind, str(number), 0),
        source=source,
        source_event_id=str(number),
        occurred_at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC),
        business_date=day,
        **more,
    )


@st.composite
def sides(draw: st.DrawFn, party: st.SearchStrategy[str] = _parties) -> Side:
    """A party at a place, keeping goods for somebody now and then."""
    owner = draw(st.sampled_from([None, None, None, "A", "C"]))
    return Side(party=draw(party), location=draw(_places) or None, owner=owner)


@st.composite
def lines(draw: st.DrawFn, first: int = 1) -> tuple[Line, ...]:
    """One or two lines, with and without codes, in units that may or may not be compared."""
    made = []
    for line_no in range(first, first + draw(st.integers(1, 2))):
        codes = draw(st.sampled_from([(), (), ("X",), ("Y",), ("X", "Y")]))
        count = draw(st.sampled_from([None, "箱", "袋"]))
        made.append(
            Line(
                line_no=line_no,
                product=ProductRef(product_id=draw(st.sampled_from(PRODUCTS))),
                lot_codes=tuple(LotCode(code=code) for code in codes),
                batch_code=draw(st.sampled_from([None, None, "B1"])),
                count=None if count is None else Quantity(draw(_amounts), count),
                net_mass=Quantity(draw(_amounts), "kg")
                if count is None or draw(st.booleans())
                else None,
                refers_to=draw(_returns),
            )
        )
    return tuple(made)


@st.composite
def movements(draw: st.DrawFn) -> Event:
    """A document that moves goods."""
    number, day = draw(st.integers(0, 3)), FIRST + timedelta(draw(st.integers(0, DAYS - 1)))
    kind = draw(st.sampled_from(sorted(_MOVING)))
    return _MOVING[kind](draw, number, day)


def _trade(draw: st.DrawFn, number: int, day: date) -> Event:
    seller = draw(sides())
    buyer = draw(sides(_parties.filter(lambda party: party != seller.party)))
    told = an_envelope(
        "trade",
        number,
        day,
        draw(st.sampled_from(["erp", "market"])),
        trade_no=draw(st.sampled_from([None, "T1", "T1", "T2"])),
        reporter=draw(st.sampled_from([None, seller.party, buyer.party])),
        aspect=draw(st.sampled_from([Aspect.SHIPPED, Aspect.RECEIVED])),
    )
    return Trade(envelope=told, seller=seller, buyer=buyer, lines=draw(lines()))


def _voucher(draw: st.DrawFn, number: int, day: date) -> Event:
    issuer = draw(sides())
    receiver = draw(st.none() | sides(_parties.filter(lambda party: party != issuer.party)))
    told = an_envelope("voucher", number, day, document_number=f"V{number}")
    return Voucher(envelope=told, issuer=issuer, receiver=receiver, lines=draw(lines()))


def _return(draw: st.DrawFn, number: int, day: date) -> Event:
    back = draw(sides())
    receiver = draw(sides(_parties.filter(lambda party: party != back.party)))
    told = an_envelope("return", number, day)
    return Return(
        envelope=told, returner=back, receiver=receiver, reason="spoilt", lines=draw(lines())
    )


def _transfer(draw: st.DrawFn, number: int, day: date) -> Event:
    origin = draw(sides())
    place = draw(_places.filter(lambda name: name != (origin.location or "")))
    destination = Side(party=origin.party, location=place or None)
    told = an_envelope("transfer", number, day)
    return Transfer(envelope=told, origin=origin, destination=destination, lines=draw(lines()))


def _transformation(draw: st.DrawFn, number: int, day: date) -> Event:
    return Transformation(
        envelope=an_envelope("transformation", number, day),
        holder=draw(sides()),
        process="cutting",
        inputs=draw(lines()),
        outputs=draw(lines(first=3)),
    )


def _packing(draw: st.DrawFn, number: int, day: date) -> Event:
    return Packing(
        envelope=an_envelope("packing", number, day),
        holder=draw(sides()),
        action=draw(st.sampled_from(Action)),
        unit_code=draw(st.sampled_from(["U", "U", "Z"])),
        lines=draw(lines()),
    )


def _receipt(draw: st.DrawFn, number: int, day: date) -> Event:
    told = an_envelope("receipt", number, day, document_number=f"N{number}")
    return Receipt(envelope=told, seller=draw(sides()), lines=draw(lines()))


def _of_holder(kind: str, make: Callable[..., Event]) -> Callable[[st.DrawFn, int, date], Event]:
    def made(draw: st.DrawFn, number: int, day: date) -> Event:
        told = an_envelope(kind, number, day)
        return make(envelope=told, holder=draw(sides()), lines=draw(lines()))

    return made


_MOVING: dict[str, Callable[[st.DrawFn, int, date], Event]] = {
    "trade": _trade,
    "trade again": _trade,
    "voucher": _voucher,
    "return": _return,
    "transfer": _transfer,
    "transformation": _transformation,
    "packing": _packing,
    "receipt": _receipt,
    "commissioning": _of_holder("commissioning", lambda **w: Commissioning(cause="harvest", **w)),
    "release": _of_holder("release", lambda **w: Release(reason="sound", **w)),
    "disposal": _of_holder("disposal", lambda **w: Disposal(reason="spoilt", **w)),
    "consumption": _of_holder("consumption", lambda **w: Consumption(purpose="meal", **w)),
    "gain": _of_holder("adjustment", lambda **w: Adjustment(change=Change.GAIN, reason="?", **w)),
    "loss": _of_holder("adjustment", lambda **w: Adjustment(change=Change.LOSS, reason="?", **w)),
}


@st.composite
def stocktakes(draw: st.DrawFn) -> Event:
    """Something counted on one of the days."""
    number, day = draw(st.integers(0, 3)), FIRST + timedelta(draw(st.integers(0, DAYS - 1)))
    count = Counted(
        line_no=1,
        product=ProductRef(product_id=draw(st.sampled_from(PRODUCTS))),
        lot_code=draw(st.sampled_from([None, None, "X"])),
        found=Decimal(draw(st.integers(0, 3))),
        unit=draw(st.sampled_from(["箱", "袋", "kg"])),
    )
    told = an_envelope("stocktake", number, day)
    return Stocktake(envelope=told, holder=draw(sides()), counts=(count,))


@st.composite
def voids(draw: st.DrawFn) -> Event:
    """A void of a document or of its first line."""
    kind = draw(st.sampled_from(["trade", "receipt", "transfer", "packing"]))
    return Void(
        envelope=an_envelope("void", draw(st.integers(0, 3)), FIRST),
        target_event_id=event_id("erp", kind, str(draw(st.integers(0, 3))), 0),
        target_line=draw(st.sampled_from([None, 1])),
        reason=VoidReason.DID_NOT_OCCUR,
    )


#: 1 箱 = 24 袋, and one product goes under two keys.
CHEESE = Product(
    envelope=an_envelope("product", 1, FIRST),
    product="CHEESE",
    name="奶酪",
    gtin="GTIN-9",
    aliases=(Alias(scheme="shop", code="C-1"),),
    conversions=(Conversion(unit="箱", equals=Quantity(Decimal(24), "袋")),),
)

WORLDS = st.lists(
    movements() | movements() | movements() | stocktakes() | voids(), max_size=14
).map(lambda events: [CHEESE, *events])
