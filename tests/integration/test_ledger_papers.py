"""Papers in the ledger: which a lot has, from where, how they stand, what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text

from foodtrace_ledger import papers
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.paper_views import LotPapers
from support.ledger import empty, push, void
from support.pork import market, meat, meat_papers, paper, pork_chain, sale, voucher
from support.small import DAY, NOON


@pytest.fixture
def ledger(module_database: str) -> Iterator[Engine]:
    """An empty ledger."""
    engine = make_engine(module_database)
    empty(engine)
    yield engine
    engine.dispose()


def papers_of(ledger: Engine, holder: str, code: str) -> LotPapers:
    """The papers of a holder's lot under a trace code."""
    with snapshot(ledger) as conn:
        number = conn.execute(
            text("SELECT id FROM ledger.lot WHERE holder = :holder AND code = :code"),
            {"holder": holder, "code": code},
        ).scalar_one()
        return papers.of_lot(conn, number)


def test_two_certificates_and_a_report_reach_the_retail_cut(ledger: Engine) -> None:
    push(ledger, *pork_chain())
    found = papers_of(ledger, "SHOP", "C1")
    assert {
        (each.own, each.notes, each.lot and each.lot.holder, each.certain) for each in found.papers
    } == {(False, ("cut",), "STALL", True)}
    assert {each.document and each.document.document_number for each in found.papers} == {"SZ-1"}
    assert {each.kind: each.green for each in found.papers} == {
        "product_quarantine_a": True,
        "meat_inspection": False,
        "asf_test": False,
    }
    assert len(found.due) == 3
    assert found.missing == ()


def test_sausage_inherits_nothing_and_the_slaughterhouse_owes_its_papers(ledger: Engine) -> None:
    push(ledger, *pork_chain())
    sausage = papers_of(ledger, "PLANT", "W1")
    assert (sausage.papers, sausage.missing, sausage.due) == ((), (), ())
    halves = papers_of(ledger, "HOUSE", "H1")
    assert halves.papers == ()
    # The test of the pigs would have gone with the halves, so it lacks since the pigs came.
    assert {(gap.any_of, gap.why, gap.own) for gap in halves.missing} == {
        (("product_quarantine",), "new_due", True),
        (("meat_inspection",), "new_due", True),
        (("asf_test",), "not_shown", False),
    }


def test_two_children_together_overdraw_a_paper(ledger: Engine) -> None:
    stall, shop = ("STALL", None), ("SHOP", None)
    push(
        ledger,
        voucher("SZ-1", "HOUSE", "STALL", meat("H1", 100, papers=meat_papers("1", 100))),
        sale("a", stall, shop, meat("H1", 70, papers=meat_papers("1", 100))),
    )
    quarantine = {p.kind: p for p in papers_of(ledger, "SHOP", "H1").papers}["product_quarantine_a"]
    assert quarantine.faults == ()
    assert quarantine.green
    assert quarantine.use is not None
    assert quarantine.use.covered == quarantine.use.used == Decimal(100)
    second = sale("b", stall, ("CANTEEN", None), meat("H1", 60))
    push(ledger, second)
    for holder in ("STALL", "SHOP", "CANTEEN"):
        found = {p.kind: p for p in papers_of(ledger, holder, "H1").papers}
        assert found["product_quarantine_a"].faults == ("paper.overdrawn",)
        assert found["product_quarantine_a"].use is not None
        assert found["product_quarantine_a"].use.used == Decimal(130)
        assert found["asf_test"].use is None
    push(ledger, void("v", second))
    found = {p.kind: p for p in papers_of(ledger, "SHOP", "H1").papers}
    assert found["product_quarantine_a"].faults == ()


def test_one_trade_told_by_both_sides_draws_once(ledger: Engine) -> None:
    stall, shop = ("STALL", None), ("SHOP", None)
    shown = meat("H1", 60, papers=meat_papers("1", 100))
    push(
        ledger,
        sale("out", stall, shop, shown, trade_no="T-1", reporter="STALL"),
        sale("in", stall, shop, meat("H1", 60, line_no=7), trade_no="T-1", reporter="SHOP"),
    )
    found = papers_of(ledger, "SHOP", "H1")
    assert found.missing == ()
    assert {p.use.used for p in found.papers if p.use is not None} == {Decimal(60)}


def test_a_strip_test_is_sold_out_of_its_province(ledger: Engine) -> None:
    inside, outside = ("STALL", "XM"), ("FAR", "NC")
    push(
        ledger,
        market("XM", "350203"),
        market("NC", "360100"),
        market("HOUSE-AT", "350100"),
        sale(
            "in",
            ("HOUSE", "HOUSE-AT"),
            inside,
            meat("H1", 100, papers=meat_papers("1", 100, strip=True)),
        ),
        sale("out", inside, outside, meat("H1", 40)),
    )
    near = {p.kind: p.faults for p in papers_of(ledger, "STALL", "H1").papers}
    far = {p.kind: p.faults for p in papers_of(ledger, "FAR", "H1").papers}
    assert near["asf_test"] == ()
    assert far["asf_test"] == ("paper.wrong-scope",)
    assert far["product_quarantine_a"] == ()


def test_a_paper_that_ran_out_before_the_sale(ledger: Engine) -> None:
    late = DAY + timedelta(days=3)
    push(
        ledger,
        *pork_chain(),
        sale(
            "late",
            ("SHOP", None),
            ("CANTEEN", None),
            meat("C1", 5),
            business_date=late,
            occurred_at=NOON + timedelta(days=3),
        ),
    )
    assert {p.faults for p in papers_of(ledger, "SHOP", "C1").papers} == {("paper.expired",)}


def test_what_the_issuer_rejects_is_missing(ledger: Engine) -> None:
    bad = paper("承诺达标合格证", "CN-1", verification="rejected")
    push(
        ledger,
        voucher("SZ-2", "FARM", "STALL", meat("V1", 10, category="蔬菜", papers=(bad,))),
    )
    found = papers_of(ledger, "STALL", "V1")
    assert [p.faults for p in found.papers] == [("paper.rejected",)]
    (gap,) = found.missing
    assert gap.lot is not None
    assert gap.lot.holder == "FARM"
    assert gap.any_of == ("conformity_promise", "origin_proof", "test_certificate")
