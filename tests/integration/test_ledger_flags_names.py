"""Honest stock raises no flag where its goods came in under another name than they left under."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from foodtrace.events import Event
from foodtrace.events.goods_return import Return
from foodtrace.events.line import LineRef
from foodtrace.events.master import Alias
from foodtrace.events.merge import Merge
from foodtrace.events.paper import Paper, Verification
from foodtrace.events.product import Conversion
from foodtrace.events.side import Side
from foodtrace.quantity import Quantity
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.flagging.listing import Wanted, listing
from support.events import (
    DAY,
    NOON,
    a_commissioning,
    a_line,
    a_party,
    a_product,
    a_receipt,
    a_trade,
    an_envelope,
    kg,
)
from support.ledger import empty, push

SOLD = a_receipt("r", seller="B", lines=[a_line(product="P", net_mass=kg(8))])
MORE = a_receipt("more", seller="B", lines=[a_line(product="P", net_mass=kg(8))])


@pytest.fixture(scope="module")
def whole(module_database: str) -> Iterator[Engine]:
    made = make_engine(module_database)
    yield made
    made.dispose()


@pytest.fixture
def engine(whole: Engine) -> Engine:
    empty(whole)
    return whole


def flagged(engine: Engine, *events: Event) -> list[tuple[str, str | None, str]]:
    """The flags of these events among registered parties: code, holder, detail."""
    push(engine, *(a_party(name) for name in "ABD"), *events)
    with snapshot(engine) as conn:
        found = listing(conn, Wanted(), limit=100).flags
    return [(each.flag.code, each.flag.holder, each.flag.detail) for each in found]


def bought(product: str = "P", buyer: str = "B", **more: Any) -> list[Event]:
    """10 kg, unless told otherwise, that A made and sold."""
    line = a_line(product=product, **more)
    return [
        a_commissioning("c", holder="A", lines=[line]),
        a_trade("t", seller="A", buyer=buyer, lines=[line]),
    ]


def test_stock_bought_under_another_code_of_the_product(engine: Engine) -> None:
    product = a_product("P", aliases=(Alias(scheme="market_code", code="M7"),))
    bad = [("pool.negative", "B", "-8 kg")]
    assert flagged(engine, *bought("M7"), SOLD) == bad
    assert flagged(engine, product) == []
    assert flagged(engine, MORE) == [("pool.negative", "B", "-6 kg")]


def test_stock_bought_under_another_id_of_the_party(engine: Engine) -> None:
    merge = Merge(envelope=an_envelope("merge", "m"), party="D", into="B", merged_on=DAY)
    assert flagged(engine, *bought(buyer="D"), SOLD) == [("pool.negative", "B", "-8 kg")]
    assert flagged(engine, merge) == []


def test_stock_sold_in_a_unit_in_which_nothing_came_in(engine: Engine) -> None:
    cases = Quantity(Decimal(2), "箱")
    events = bought(count=cases, net_mass=None)
    assert flagged(engine, *events, SOLD) == [("unit.incomparable", "B", "8 kg")]
    case = Conversion(unit="箱", equals=kg(5))
    assert flagged(engine, a_product("P", conversions=(case,))) == []


def test_stock_without_codes_sold_with_that_of_the_day_before(engine: Engine) -> None:
    """A paper covers what came with it; what else the shelf held is no sale under the paper."""
    covering = Paper(
        kind="product_quarantine_a",
        number="Q1",
        covered_quantity=kg(10),
        verification=Verification.CONFIRMED_BY_ISSUER,
    )
    eve = {"business_date": DAY - timedelta(days=1), "occurred_at": NOON - timedelta(days=1)}
    events: list[Event] = [
        a_commissioning("c", holder="A", lines=[a_line(net_mass=kg(20))], **eve),
        a_trade("t", seller="A", buyer="B", lines=[a_line()], **eve),
        a_trade("u", seller="A", buyer="B", lines=[a_line(papers=(covering,))]),
    ]
    sold = a_receipt("s", seller="B", lines=[a_line(net_mass=kg(18))])
    assert flagged(engine, *events, sold) == []


def test_goods_given_back_under_another_code_of_the_product(engine: Engine) -> None:
    product = a_product("P", aliases=(Alias(scheme="market_code", code="M7"),))
    sold = bought("M7")
    cited = LineRef(event_id=sold[1].envelope.event_id, line_no=1)

    def back(number: str, amount: int) -> Return:
        line = a_line(product="P", net_mass=kg(amount), refers_to=cited)
        return Return(
            envelope=an_envelope("return", number),
            returner=Side(party="B"),
            receiver=Side(party="A"),
            reason="quality",
            lines=(line,),
        )

    codes = [code for code, *_ in flagged(engine, *sold, back("1", 3))]
    assert codes == ["pool.negative", "return.never-sold"]
    assert flagged(engine, product) == []
    codes = [code for code, *_ in flagged(engine, back("2", 8))]
    assert codes == ["pool.negative", "return.never-sold"]


def test_goods_with_codes_bought_under_another_id_of_the_party(engine: Engine) -> None:
    merge = Merge(envelope=an_envelope("merge", "m"), party="D", into="B", merged_on=DAY)
    sold = a_trade("s", seller="B", buyer="A", lines=[a_line(codes=["X"], net_mass=kg(8))])
    more = a_trade("u", seller="B", buyer="A", lines=[a_line(codes=["X"], net_mass=kg(8))])
    assert flagged(engine, *bought("P-1", "D", codes=["X"]), sold) == [
        ("lot.never-received", "B", "0 → 8 kg")
    ]
    assert flagged(engine, merge) == []
    assert flagged(engine, more) == [("lot.oversold", "B", "10 → 16 kg")]


@pytest.mark.parametrize(("brought", "named"), [([], []), (["X"], ["X"]), (["X"], [])])
def test_goods_that_somebody_keeps_for_their_owner(
    engine: Engine, brought: list[str], named: list[str]
) -> None:
    """He sells them under his own name; more than was kept is too much all the same."""
    bad = [("lot.oversold", "B", "10 → 16 kg")] if named else [("pool.negative", "B", "-6 kg")]
    line, part = a_line(codes=brought), a_line(codes=named, net_mass=kg(8))
    store, owner = Side(party="D", location="S", owner="B"), Side(party="B", location="S")
    events: list[Event] = [
        a_commissioning("c", holder="A", lines=[line]),
        a_trade("t", seller="A", buyer=store, lines=[line]),
        a_trade("s", seller=owner, buyer="A", lines=[part]),
    ]
    assert flagged(engine, *events) == []
    assert flagged(engine, a_trade("u", seller=owner, buyer="A", lines=[part])) == bad


def test_stock_bought_in_cases_and_sold_by_weight(engine: Engine) -> None:
    cases = Quantity(Decimal(2), "箱")
    case = Conversion(unit="箱", equals=kg(5))
    both = a_trade("u", seller="A", buyer="B", lines=[a_line(product="P", net_mass=kg(1))])
    more = a_commissioning("d", holder="A", lines=[a_line(product="P", net_mass=kg(1))])
    events = [*bought(count=cases, net_mass=None), more, both, SOLD]
    assert flagged(engine, *events) == [("pool.negative", "B", "-7 kg")]
    assert flagged(engine, a_product("P", conversions=(case,))) == []
    assert flagged(engine, MORE) == [("pool.negative", "B", "-5 kg")]
