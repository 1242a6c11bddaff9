"""Generated reports of one trade by its parties and others, in their own words for its goods."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import strategies as st

from foodtrace.events import Event
from foodtrace.events.envelope import Aspect
from foodtrace.events.line import Line, LotCode, ProductRef
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.quantity import Quantity
from support.ledger import void
from support.small import envelope

#: Who tells: the reporter and the source it sends by.
TELLERS = st.sampled_from(
    [("A", "erp"), ("B", "shop"), (None, "market"), (None, "erp"), ("C", "market"), ("A", "shop")]
)
_NAMED = st.sampled_from(
    [
        ("X", None, "cheese"),
        ("Y", None, "cheese"),
        (None, "B1", "cheese"),
        ("X", "B1", "cheese"),
        (None, "B2", "cheese"),
        (None, None, "cheese"),
        (None, "B1", "奶酪"),
        (None, None, "奶酪"),
    ]
)


@st.composite
def _line(draw: st.DrawFn, /, line_no: int) -> Line:
    code, batch, product = draw(_NAMED)
    return Line(
        line_no=line_no,
        product=ProductRef(product_id=product),
        lot_codes=() if code is None else (LotCode(code=code),),
        batch_code=batch,
        count=Quantity(Decimal(draw(st.integers(1, 9))), draw(st.sampled_from(["袋", "袋", "kg"]))),
    )


@st.composite
def reports(draw: st.DrawFn) -> Trade:
    """One document of the trade T1 (rarely T2) from A to B."""
    reporter, source = draw(TELLERS)
    told = envelope(
        "trade",
        str(draw(st.integers(0, 2))),
        source=source,
        reporter=reporter,
        revision=draw(st.sampled_from([0, 0, 0, 1])),
        trade_no=draw(st.sampled_from(["T1", "T1", "T1", "T2", None])),
        aspect=draw(st.sampled_from([Aspect.SHIPPED, Aspect.RECEIVED])),
    )
    places = st.sampled_from([None, None, None, "S1"])
    return Trade(
        envelope=told,
        seller=Side(party="A"),
        buyer=Side(party="B", location=draw(places)),
        lines=tuple(draw(_line(n)) for n in range(1, 1 + draw(st.integers(1, 2)))),
    )


@st.composite
def told_in_any_way(draw: st.DrawFn) -> list[Event]:
    """Up to five reports, some doubled, some taken back in whole or by a line, in any order."""
    events: list[Event] = list(draw(st.lists(reports(), min_size=1, max_size=5)))
    doubled = draw(st.lists(st.sampled_from(events), max_size=2))
    backs = draw(st.lists(st.sampled_from(events), max_size=2))
    events += doubled
    events += [
        void(n, each, line=draw(st.sampled_from([None, 1])), source=each.envelope.source)
        for n, each in enumerate(backs)
    ]
    return draw(st.permutations(events))


def retold(trade: Trade, *, reporter: str | None, source: str) -> Trade:
    """The same trade as another teller reports it."""
    told = envelope(
        "trade",
        "again",
        source=source,
        reporter=reporter,
        trade_no=trade.envelope.trade_no,
        aspect=trade.envelope.aspect,
    )
    return replace(trade, envelope=told)
