"""What a voucher's number joins: purchase, stock, processing, inspection and flow."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from foodtrace_ledger import voucher_view, vouchers
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.voucher_view import VoucherJoined
from support.ledger import empty, push
from support.pork import inspected, meat, pork_chain, sale, voucher


@pytest.fixture
def ledger(module_database: str) -> Iterator[Engine]:
    """A ledger with a pork chain, an inspection and a sale besides."""
    engine = make_engine(module_database)
    empty(engine)
    push(
        engine,
        *pork_chain(),
        inspected("i-1", "STALL", meat("H1", 1), "screening", "failed"),
        sale("more", ("STALL", None), ("CANTEEN", None), meat("H1", 40)),
    )
    yield engine
    engine.dispose()


def joined(ledger: Engine, number: str) -> VoucherJoined:
    """What the one voucher of that number joins."""
    with snapshot(ledger) as conn:
        (found,) = vouchers.by_number(conn, number)
        return voucher_view.joined(conn, found.document.event_id)


def test_a_voucher_joins_what_became_of_its_goods(ledger: Engine) -> None:
    found = joined(ledger, "SZ-1")
    stock = {each.lot.holder: each.figures[0] for each in found.stock}
    assert set(stock) == {"HOUSE", "STALL"}
    stall = stock["STALL"]
    amounts = (stall.opened, stall.used, stall.sold, stall.book_stock)
    assert amounts == tuple(map(Decimal, (100, 80, 40, -20)))
    moved = {(m.lot.holder, m.direction, m.document.kind, m.taker) for m in found.movements}
    assert moved == {
        ("HOUSE", "opened", "transformation", None),
        ("STALL", "used", "transformation", None),
        ("STALL", "sold", "trade", "CANTEEN"),
    }
    assert found.movement_count == len(found.movements)
    (making,) = found.makings
    assert making.process == "分割"
    assert [lot.code for lot in making.outputs] == ["C1", "C2"]
    (inspection,) = found.inspections
    assert (inspection.state, inspection.lot and inspection.lot.holder) == ("suspended", "STALL")


def test_a_voucher_tells_how_much_was_dealt_in_under_its_papers(ledger: Engine) -> None:
    papers = {each.kind: each for each in joined(ledger, "SZ-1").papers}
    quarantine = papers["product_quarantine_a"]
    assert quarantine.use is not None
    assert (quarantine.use.covered, quarantine.use.used) == (Decimal(100), Decimal(120))
    assert quarantine.faults == ("paper.overdrawn",)
    assert not quarantine.green
    assert papers["asf_test"].use is None
    assert papers["asf_test"].faults == ()


def test_a_voucher_that_nothing_met_joins_nothing(ledger: Engine) -> None:
    push(ledger, voucher("SZ-9", "FARM", "STALL", meat("V9", 10, category="蔬菜")))
    found = joined(ledger, "SZ-9")
    assert (found.movements, found.makings, found.inspections, found.papers) == ((), (), (), ())
    assert found.movement_count == 0
