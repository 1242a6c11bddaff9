"""Two reports of one trade: one link and one figure, whichever comes first or alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import Engine, text

from foodtrace.events import Event
from foodtrace.events.envelope import Aspect
from foodtrace.events.line import LotCode
from foodtrace.problems import NotFound
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.trades import TradeView, by_number
from support.events import a_line, a_trade, an_envelope, kg
from support.ledger import empty, push


@pytest.fixture(scope="module")
def whole(module_database: str) -> Iterator[Engine]:
    made = make_engine(module_database)
    yield made
    made.dispose()


@pytest.fixture
def engine(whole: Engine) -> Engine:
    empty(whole)
    return whole


def told(source: str, amount: int, code: str | None = "X", **more: Any) -> Event:
    codes = [] if code is None else [code]
    line = a_line(codes=codes, net_mass=kg(amount))
    return a_trade("t", source=source, lines=[line], trade_no="T-1", **more)


TEN = Decimal(10)
SELLER = told("erp-a", 10, reporter="A", order_reference="PO-9")
BUYER = told("erp-b", 9, reporter="B")
MARKET = told("market", 10, aspect=Aspect.SHIPPED)
ORDER = replace(SELLER, envelope=an_envelope("trade", "o", trade_no="T-1", aspect=Aspect.ORDERED))
PAID = a_trade("p", aspect=Aspect.PAID, order_reference="po-9", payment_digest="D")
OTHERS = a_trade("q", seller="Y", buyer="Z", order_reference="PO-9", aspect=Aspect.PAID)


def view(engine: Engine) -> TradeView:
    with snapshot(engine) as conn:
        return by_number(conn, "a", "t-1")


def links(engine: Engine) -> set[tuple[int, int]]:
    with snapshot(engine) as conn:
        rows = conn.execute(text("SELECT DISTINCT parent, child FROM ledger.live_link"))
        return {(row.parent, row.child) for row in rows}


@pytest.mark.parametrize("reports", [*permutations((SELLER, BUYER, MARKET)), (SELLER,), (BUYER,)])
def test_one_link_whichever_report_comes_first_or_alone(
    engine: Engine, reports: tuple[Event, ...]
) -> None:
    push(engine, *reports)
    assert len(links(engine)) == 1
    (line,) = view(engine).lines
    sold = 10 if SELLER in reports else 9
    came = 9 if BUYER in reports else 10
    assert (line.out, line.into, line.differs) == (Decimal(sold), Decimal(came), len(reports) > 1)
    assert len(line.said) == len(reports)


def test_a_report_without_codes_meets_one_with_codes(engine: Engine) -> None:
    push(engine, SELLER, told("erp-b", 10, None, reporter="B"))
    found = view(engine)
    (line,) = found.lines
    assert (line.out, line.into, line.codes, line.differs) == (TEN, TEN, ("X",), False)
    assert found.differences == ()


def test_new_codes_from_the_buyer_are_the_same_goods(engine: Engine) -> None:
    new = a_line(codes=["N1"], source_lot_codes=(LotCode(code="X"),), net_mass=kg(10))
    push(engine, a_trade("t", lines=[new], trade_no="T-1"))
    (line,) = view(engine).lines
    assert (line.out, line.into, line.codes) == (TEN, TEN, ("X",))


def test_orders_and_payments_join_and_move_nothing(engine: Engine) -> None:
    push(engine, SELLER, ORDER, PAID, OTHERS)
    found = view(engine)
    assert [each.voice is None for each in found.reports] == [False, True]
    assert [each.document.event_id for each in found.joined] == [PAID.envelope.event_id]
    assert len(links(engine)) == 1
    (line,) = found.lines
    assert (line.out, line.into) == (TEN, TEN)


def test_an_unknown_trade_is_named(engine: Engine) -> None:
    with snapshot(engine) as conn, pytest.raises(NotFound) as problem:
        by_number(conn, "A", "T-1")
    assert problem.value.code == "trade.unknown"
