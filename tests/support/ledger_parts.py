"""The parts of generated documents: few holders, places, codes and numbers, so that much meets."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from foodtrace.events.envelope import Aspect, Envelope
from foodtrace.events.line import Line, LineRef, LotCode, ProductRef
from foodtrace.events.paper import Paper
from foodtrace.events.side import Side
from foodtrace.identity import event_id
from foodtrace.quantity import Quantity
from support.small import DAY, envelope

HOLDERS = st.sampled_from("ABC")
NUMBERS = st.integers(0, 3)
PLACES = st.sampled_from([None, None, "S1", "S2"])
DAYS: st.SearchStrategy[date] = st.sampled_from([DAY, DAY, DAY + timedelta(1)])
_CODES = st.sampled_from(
    [(("X",), None), (("X",), None), (("Y",), "B1"), (("X", "Y"), None), ((), "B1"), ((), None)]
)


def bags(amount: int) -> Quantity:
    """So many 袋."""
    return Quantity(Decimal(amount), "袋")


@st.composite
def envelopes(draw: st.DrawFn, /, kind: str, **more: Any) -> Envelope:
    """An envelope of a few numbers and days, sometimes a later revision."""
    number, revision = str(draw(NUMBERS)), draw(st.sampled_from([0, 0, 0, 1, 2]))
    return envelope(kind, number, revision=revision, business_date=draw(DAYS), **more)


@st.composite
def reports(draw: st.DrawFn, /, kind: str, **more: Any) -> Envelope:
    """An envelope of a document that another teller may send too."""
    return draw(
        envelopes(
            kind,
            source=draw(st.sampled_from(["erp", "erp", "market"])),
            reporter=draw(st.sampled_from([None, "A", "B", "C"])),
            trade_no=draw(st.sampled_from([None, "T1", "T1", "T2"])),
            aspect=draw(st.sampled_from([*Aspect, Aspect.SHIPPED, Aspect.RECEIVED])),
            order_reference=draw(st.sampled_from([None, None, "O1"])),
            **more,
        )
    )


@st.composite
def sides(draw: st.DrawFn, party: str | None = None) -> Side:
    """A holder at a place, rarely with goods of another owner."""
    owner = draw(st.sampled_from([None, None, None, "A"]))
    return Side(party=party or draw(HOLDERS), location=draw(PLACES), owner=owner)


@st.composite
def papers(draw: st.DrawFn) -> tuple[Paper, ...]:
    """Mostly none, else one that covers so much."""
    if draw(st.integers(0, 3)):
        return ()
    covered = draw(st.sampled_from([None, bags(2), Quantity(Decimal("1.5"), "t")]))
    return (
        Paper(
            kind="animal_certificate",
            number=draw(st.sampled_from(["D1", "D2"])),
            issued_on=draw(st.none() | DAYS),
            covered_quantity=covered,
            scope=draw(st.sampled_from([None, "in-province"])),
            destination=draw(st.sampled_from([None, "厦门"])),
        ),
    )


@st.composite
def lines(draw: st.DrawFn, first: int = 1, cites: str | None = None) -> tuple[Line, ...]:
    """One or two lines, under trace codes, a batch code or none; `cites` is the kind referred to."""
    return tuple(draw(_line(n, cites)) for n in range(first, first + draw(st.integers(1, 2))))


@st.composite
def _line(draw: st.DrawFn, line_no: int, cites: str | None) -> Line:
    codes, batch = draw(_CODES)
    old = draw(st.sampled_from([(), (), (), ("Z",), ("X", "Z")]))
    return Line(
        line_no=line_no,
        product=ProductRef(
            product_id=draw(st.sampled_from(["cheese", "cheese", "whey"])),
            name="奶酪",
            category=draw(st.sampled_from([None, "dairy"])),
        ),
        lot_codes=tuple(LotCode(code=code, quantity=draw(_SHARES)) for code in codes),
        source_lot_codes=tuple(LotCode(code=code) for code in old),
        batch_code=batch,
        count=bags(draw(st.integers(1, 3))),
        net_mass=draw(st.sampled_from([None, None, Quantity(Decimal("0.25"), "kg")])),
        papers=draw(papers()),
        refers_to=None if cites is None else _earlier(cites, draw(NUMBERS)),
    )


_SHARES = st.sampled_from([None, None, bags(1)])


def _earlier(kind: str, number: int) -> LineRef:
    return LineRef(event_id=event_id("erp", kind, str(number)), line_no=1)
