"""Walks through pools: whoever really got recalled goods is found, and nobody surely through a pool."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from foodtrace.events import Event
from foodtrace.events.goods_return import Return
from foodtrace.events.line import Line, LineRef, LotCode, ProductRef
from foodtrace.events.side import Side
from foodtrace.events.stocktake import Counted, Stocktake
from foodtrace.events.trade import Trade
from foodtrace.lineage import Lineage
from foodtrace.lots import LotKey, LotKind
from foodtrace.quantity import Quantity
from support.physical import Market, markets
from support.pool_worlds import envelope_on, pool_worlds
from support.small import DAY


def on(day: int) -> date:
    return DAY + timedelta(days=day)


def sale(
    number: int, day: int, seller: str, buyer: str, code: str | None = None, **stated: Any
) -> Trade:
    """One bag of vegetables, kept for 7 days by the table."""
    line = Line(
        line_no=1,
        product=ProductRef(product_id="菜", category="蔬菜"),
        lot_codes=() if code is None else (LotCode(code=code),),
        count=Quantity(Decimal(1), "袋"),
    )
    return Trade(
        envelope=envelope_on(on(day), "trade", str(number)),
        seller=Side(party=seller, location=stated.get("at")),
        buyer=Side(party=buyer, location=stated.get("to")),
        lines=(line,),
    )


def nothing_left(number: int, day: int, holder: str, found: int = 0) -> Stocktake:
    counted = Counted(
        line_no=1, product=ProductRef(product_id="菜"), found=Decimal(found), unit="袋"
    )
    made = envelope_on(on(day), "stocktake", str(number))
    return Stocktake(envelope=made, holder=Side(party=holder), counts=(counted,))


def trace(holder: str, code: str = "X", place: str = "") -> LotKey:
    return LotKey(holder, place, LotKind.TRACE, "", code)


def pool(holder: str, day: int, place: str = "") -> LotKey:
    return LotKey(holder, place, LotKind.POOL, "菜", on(day).isoformat())


def down(events: list[Event], lot: LotKey) -> dict[LotKey, bool]:
    reached = Lineage(events).downstream([lot])
    return {found: reach.confirmed for found, reach in reached.items()}


@given(markets(), st.randoms(use_true_random=False))
def test_nobody_who_got_recalled_goods_is_missed(market: Market, random: Any) -> None:
    """However pieces really went through shelves, each lot they were in leads to all later ones."""
    random.shuffle(market.events)
    lineage = Lineage(market.events)
    for piece in market.pieces():
        for place, lot in enumerate(piece.lots):
            reached = lineage.downstream([lot])
            assert reached.keys() >= set(piece.lots[place:])
            assert lot in lineage.upstream([piece.lots[-1]])


@given(markets())
def test_confirmed_means_that_no_pool_lies_between(market: Market) -> None:
    lineage = Lineage(market.events)
    for piece in market.pieces():
        first = piece.lots[0]
        for lot, reach in lineage.downstream([first]).items():
            if reach.confirmed and lot != first:
                assert first.kind is not LotKind.POOL


@given(pool_worlds(), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(events: list[Event], random: Any) -> None:
    again = [*events, *events[::2]]
    random.shuffle(again)
    one, other = Lineage(events).graph, Lineage(again).graph
    assert (one.down, one.up, one.units) == (other.down, other.up, other.units)


@given(pool_worlds())
def test_down_and_up_are_one_relation(events: list[Event]) -> None:
    lineage = Lineage(events)
    lots = {lot for lot, _ in (*lineage.graph.down, *lineage.graph.up)}
    down = {(lot, end) for lot in lots for end in lineage.downstream([lot])}
    up = {(end, lot) for lot in lots for end in lineage.upstream([lot])}
    assert down == up


@given(st.integers(1, 6), st.integers(1, 6))
def test_m_deliveries_and_n_sales_need_m_and_n_links(m: int, n: int) -> None:
    deliveries = [sale(k, 0, f"W{k}", "S") for k in range(m)]
    sales = [sale(m + k, 0, "S", f"R{k}") for k in range(n)]
    lineage = Lineage([*deliveries, *sales])
    assert sum(fact.name == "links" for fact in lineage.facts) == m + n
    reached = lineage.downstream([pool("W0", 0)])
    assert {pool(f"R{k}", 0) for k in range(n)} <= reached.keys()


@given(st.integers(0, 12))
def test_drawn_on_the_day_and_later_as_far_as_the_table_says(later: int) -> None:
    delivered = sale(1, 0, "W", "S", "X")
    assert (pool("S", later) in down([delivered, sale(2, later, "S", "R")], trace("W"))) is (
        later <= 7
    )


def test_never_before_the_delivery() -> None:
    events: list[Event] = [sale(1, 1, "W", "S", "X"), sale(2, 0, "S", "R")]
    assert pool("S", 0) not in down(events, trace("W"))


def test_what_was_carried_over_isnt_once_more() -> None:
    """Each window is counted from the delivery, not from the day before."""
    events: list[Event] = [sale(1, 0, "W", "S", "X"), sale(2, 6, "S", "R"), sale(3, 9, "S", "T")]
    reached = down(events, trace("W"))
    assert pool("R", 6) in reached
    assert pool("T", 9) not in reached


def test_a_count_of_nothing_ends_what_came_before() -> None:
    sales: list[Event] = [sale(1, 0, "W", "S"), sale(2, 2, "S", "R"), sale(3, 3, "S", "T")]
    counted: list[Event] = [*sales, nothing_left(1, 2, "S")]
    assert pool("T", 3) not in down(counted, pool("S", 0))
    assert pool("R", 2) in down(counted, pool("S", 0))
    contradicted = [*counted, nothing_left(2, 2, "S", found=1)]
    assert pool("T", 3) in down(contradicted, pool("S", 0))


def test_through_a_pool_it_is_only_possible() -> None:
    events: list[Event] = [sale(1, 0, "W", "S", "X"), sale(2, 0, "S", "R")]
    reached = down(events, trace("W"))
    assert (reached[trace("S")], reached[pool("R", 0)]) == (True, False)


def test_returned_goods_may_be_sold_without_their_code_before_their_release() -> None:
    """By one who sold them on long ago, or sold them under another code: the return is a delivery."""
    sold = sale(1, 0, "W", "S", "X")
    back = Return(
        envelope=envelope_on(on(40), "return", "b"),
        returner=Side(party="S"),
        receiver=Side(party="W"),
        reason="quality",
        lines=(
            replace(sold.lines[0], refers_to=LineRef(event_id=sold.envelope.event_id, line_no=1)),
        ),
    )
    reached = down([sold, back, sale(2, 42, "W", "R")], trace("S"))
    assert reached[pool("R", 42)] is False
    assert pool("R", 48) not in down([sold, back, sale(2, 48, "W", "R")], trace("S"))


def test_a_shop_that_isnt_named_is_any_shop_of_the_buyer() -> None:
    for code in (None, "X"):
        events: list[Event] = [sale(1, 0, "W", "S", code), sale(2, 0, "S", "R", code, at="S1")]
        start, end = (trace("W"), trace("R")) if code else (pool("W", 0), pool("R", 0))
        assert down(events, start)[end] is (code is not None)


def test_shops_that_are_named_are_two() -> None:
    events: list[Event] = [sale(1, 0, "W", "S", to="S2"), sale(2, 0, "S", "R", at="S1")]
    assert pool("R", 0) not in down(events, pool("W", 0))
