"""Worlds dense with pools, made by Hypothesis: few parties, places and products over weeks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from foodtrace.events import Event
from foodtrace.events.commissioning import Commissioning
from foodtrace.events.envelope import Envelope
from foodtrace.events.goods_return import Return
from foodtrace.events.line import Line, LineRef, LotCode, ProductRef
from foodtrace.events.master import Alias
from foodtrace.events.merge import Merge
from foodtrace.events.packing import Action, Packing
from foodtrace.events.party import Party, PartyKind
from foodtrace.events.product import Product
from foodtrace.events.receipt import Receipt
from foodtrace.events.release import Release
from foodtrace.events.side import Side
from foodtrace.events.stocktake import Counted, Stocktake
from foodtrace.events.trade import Trade
from foodtrace.events.transfer import Transfer
from foodtrace.events.void import Void, VoidReason
from foodtrace.identity import event_id
from foodtrace.quantity import Quantity
from support.small import DAY, NOON, envelope

PARTIES = ("A", "B", "C", "D")
#: Days around the table's windows: 3 (aquatic), 7 (vegetable), 90 (unstated).
DAYS = st.sampled_from([0, 0, 1, 2, 3, 4, 7, 8, 40, 90, 91])
NUMBERS = st.integers(0, 40)
CODES = st.sampled_from([None, None, None, "X", "Y"])

_parties = st.sampled_from(PARTIES)
_places = st.sampled_from([None, None, "S1", "S2"])
_products = st.sampled_from(["菜", "菜", "鱼", "FISH"])
_spans = st.sampled_from([(None, None), (None, None), (0, 3), (2, 90), (91, None)])


def day(number: int) -> date:
    """So many days after the first."""
    return DAY + timedelta(days=number)


def envelope_on(on: date, kind: str, number: str, **more: Any) -> Envelope:
    """An envelope of that business day."""
    occurred = NOON + (on - DAY)
    return replace(envelope(kind, number, **more), business_date=on, occurred_at=occurred)


@st.composite
def _envelopes(draw: st.DrawFn, /, kind: str, **more: Any) -> Any:
    return envelope_on(day(draw(DAYS)), kind, str(draw(NUMBERS)), **more)


@st.composite
def _sides(draw: st.DrawFn, party: str | None = None) -> Side:
    return Side(party=party or draw(_parties), location=draw(_places))


@st.composite
def _lines(draw: st.DrawFn, refers_to: LineRef | None = None) -> tuple[Line, ...]:
    code, batch = draw(CODES), draw(st.sampled_from([None, None, "B1"]))
    return (
        Line(
            line_no=1,
            product=ProductRef(
                product_id=draw(_products),
                category=draw(st.sampled_from([None, None, "蔬菜", "水产"])),
            ),
            lot_codes=() if code is None else (LotCode(code=code),),
            batch_code=batch,
            count=Quantity(Decimal(1), "袋"),
            refers_to=refers_to,
        ),
    )


@st.composite
def _trades(draw: st.DrawFn) -> Event:
    seller = draw(_sides())
    buyer = draw(_sides(draw(_parties.filter(lambda party: party != seller.party))))
    made = draw(_envelopes("trade"))
    return Trade(envelope=made, seller=seller, buyer=buyer, lines=draw(_lines()))


@st.composite
def _transfers(draw: st.DrawFn) -> Event:
    origin = draw(_sides())
    there = "S1" if origin.location != "S1" else "S2"
    to = Side(party=origin.party, location=there)
    made = draw(_envelopes("transfer"))
    return Transfer(envelope=made, origin=origin, destination=to, lines=draw(_lines()))


@st.composite
def _entries(draw: st.DrawFn) -> Event:
    made = draw(_envelopes("commissioning"))
    return Commissioning(
        envelope=made, holder=draw(_sides()), cause="harvest", lines=draw(_lines())
    )


@st.composite
def _receipts(draw: st.DrawFn) -> Event:
    made = draw(_envelopes("receipt"))
    code = made.source_event_id
    return Receipt(envelope=made, seller=draw(_sides()), receipt_code=code, lines=draw(_lines()))


@st.composite
def _counts(draw: st.DrawFn) -> Event:
    counted = Counted(
        line_no=1,
        product=ProductRef(product_id=draw(_products)),
        lot_code=draw(CODES),
        found=Decimal(draw(st.sampled_from([0, 0, 0, 1]))),
        unit="袋",
    )
    return Stocktake(
        envelope=draw(_envelopes("stocktake")), holder=draw(_sides()), counts=(counted,)
    )


@st.composite
def _packings(draw: st.DrawFn) -> Event:
    return Packing(
        envelope=draw(_envelopes("packing")),
        holder=draw(_sides()),
        action=draw(st.sampled_from(Action)),
        unit_code=draw(st.sampled_from(["U", "U", "V"])),
        lines=draw(_lines()),
    )


@st.composite
def _units(draw: st.DrawFn) -> Event:
    """A whole unit changes hands."""
    trade = draw(_trades())
    unit = LotCode(code=draw(st.sampled_from(["U", "U", "V"])))
    line = Line(
        line_no=1,
        product=ProductRef(name="托盘"),
        lot_codes=(unit,),
        count=Quantity(Decimal(1), "托"),
    )
    assert isinstance(trade, Trade)
    return Trade(envelope=trade.envelope, seller=trade.seller, buyer=trade.buyer, lines=(line,))


@st.composite
def _returns(draw: st.DrawFn) -> Event:
    made = draw(_envelopes("return"))
    giver = draw(_sides())
    taker = draw(_sides(draw(_parties.filter(lambda party: party != giver.party))))
    line = LineRef(event_id=event_id("erp", "trade", str(draw(NUMBERS))), line_no=1)
    lines = draw(_lines(line))
    return Return(envelope=made, returner=giver, receiver=taker, reason="quality", lines=lines)


@st.composite
def _releases(draw: st.DrawFn) -> Event:
    made = draw(_envelopes("release"))
    line = LineRef(event_id=event_id("erp", "return", str(draw(NUMBERS))), line_no=1)
    return Release(envelope=made, holder=draw(_sides()), reason="sound", lines=draw(_lines(line)))


@st.composite
def _aliases(draw: st.DrawFn, codes: tuple[str, ...]) -> tuple[Alias, ...]:
    since, until = draw(_spans)
    return (
        Alias(
            scheme="own",
            code=draw(st.sampled_from(codes)),
            valid_from=None if since is None else day(since),
            valid_to=None if until is None else day(until),
        ),
    )


@st.composite
def _registered(draw: st.DrawFn) -> Event:
    made = draw(_envelopes("party"))
    aliases = draw(_aliases((*PARTIES, "E")))
    kind = PartyKind.ENTERPRISE
    return Party(envelope=made, party=draw(_parties), name="甲", party_kind=kind, aliases=aliases)


@st.composite
def _products_known(draw: st.DrawFn) -> Event:
    return Product(
        envelope=draw(_envelopes("product")),
        product=draw(_products),
        name="鱼",
        category=draw(st.sampled_from([None, "水产", "冷冻"])),
        aliases=draw(_aliases(("鱼", "FISH", "6901"))),
    )


@st.composite
def _merges(draw: st.DrawFn) -> Event:
    party = draw(_parties)
    into = draw(st.sampled_from((*PARTIES, "E")).filter(lambda other: other != party))
    return Merge(envelope=draw(_envelopes("merge")), party=party, into=into, merged_on=DAY)


@st.composite
def _voids(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(["trade", "trade", "receipt", "stocktake", "party", "merge"]))
    return Void(
        envelope=draw(_envelopes("void")),
        target_event_id=event_id("erp", kind, str(draw(NUMBERS))),
        target_line=draw(st.sampled_from([None, None, 1])),
        reason=VoidReason.DID_NOT_OCCUR,
    )


MOVING = (_trades(), _trades(), _trades(), _entries(), _receipts(), _transfers(), _counts())
RARE = (_packings(), _packings(), _units(), _returns(), _releases(), _voids())
NAMING = (_registered(), _products_known(), _merges())


@st.composite
def pool_worlds(draw: st.DrawFn, most: int = 16) -> list[Event]:
    """Documents of a few weeks: mostly trades without codes, and some of everything that matters."""
    kinds = st.one_of(*MOVING, *MOVING, *RARE, *NAMING)
    return draw(st.lists(kinds, max_size=most))
