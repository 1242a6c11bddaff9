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
Named = tuple[str | None, str | None, str]
#: Trace code, batch and product, as somebody states them.
NAMED: st.SearchStrategy[Named] = st.sampled_from(
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


#: Two namings, and whether two reports that use them speak of the same goods.
PAIRS: list[tuple[Named, Named, bool]] = [
    (("X", None, "cheese"), (None, None, "cheese"), True),
    (("X", None, "cheese"), ("Y", None, "cheese"), False),
    (("X", None, "cheese"), ("X", None, "奶酪"), True),
    ((None, "B1", "cheese"), (None, None, "cheese"), True),
    ((None, "B1", "cheese"), (None, "B2", "cheese"), False),
    ((None, "B1", "cheese"), ("X", None, "cheese"), True),
    ((None, "B1", "cheese"), (None, "b1", "奶酪"), True),
    ((None, None, "cheese"), (None, None, "奶酪"), False),
    (("X", "B1", "cheese"), ("Y", "B1", "cheese"), False),
    (("X", "B1", "cheese"), (None, "B1", "奶酪"), True),
    (("X", "B1", "cheese"), (None, "B2", "cheese"), False),
]


def line_of(named: Named, amount: int, *, line_no: int = 1, unit: str = "袋") -> Line:
    """A line in those words."""
    code, batch, product = named
    return Line(
        line_no=line_no,
        product=ProductRef(product_id=product),
        lot_codes=() if code is None else (LotCode(code=code),),
        batch_code=batch,
        count=Quantity(Decimal(amount), unit),
    )


def both(number: int, mine: Named, theirs: Named) -> tuple[Trade, Trade]:
    """The seller's report of 10 and the buyer's of 8, of a trade of two parties of its own."""
    return _told(number, f"A{number}", "erp", line_of(mine, 10)), _told(
        number, f"B{number}", "shop", line_of(theirs, 8)
    )


def _told(number: int, reporter: str, source: str, line: Line) -> Trade:
    told = envelope("trade", str(number), source=source, reporter=reporter, trade_no="T1")
    return Trade(
        envelope=told,
        seller=Side(party=f"A{number}"),
        buyer=Side(party=f"B{number}"),
        lines=(line,),
    )


@st.composite
def _line(draw: st.DrawFn, /, line_no: int, named: st.SearchStrategy[Named]) -> Line:
    unit = draw(st.sampled_from(["袋", "袋", "袋", "kg"]))
    return line_of(draw(named), draw(st.integers(1, 9)), line_no=line_no, unit=unit)


@st.composite
def reports(draw: st.DrawFn, /, named: st.SearchStrategy[Named] = NAMED) -> Trade:
    """One document of the trade T1 (rarely T2) from A to B."""
    reporter, source = draw(TELLERS)
    told = envelope(
        "trade",
        str(draw(st.integers(0, 2))),
        source=source,
        reporter=reporter,
        revision=draw(st.sampled_from([0, 0, 0, 1])),
        trade_no=draw(st.sampled_from(["T1", "T1", "T1", "T1", "T2", None])),
        aspect=draw(st.sampled_from([Aspect.SHIPPED, Aspect.RECEIVED])),
    )
    places = st.sampled_from([None, None, None, "S1"])
    return Trade(
        envelope=told,
        seller=Side(party="A"),
        buyer=Side(party="B", location=draw(places)),
        lines=tuple(draw(_line(n, named)) for n in range(1, 1 + draw(st.integers(1, 2)))),
    )


@st.composite
def told_in_any_way(draw: st.DrawFn) -> list[Event]:
    """Two to five reports, some doubled, some taken back in whole or by a line, in any order."""
    # Few namings at a time, so that they meet.
    named = st.sampled_from(draw(st.lists(NAMED, min_size=1, max_size=3, unique=True)))
    events: list[Event] = list(draw(st.lists(reports(named), min_size=2, max_size=5)))
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
