"""Inspections in the ledger: what suspends, clears and condemns a lot, and what stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from foodtrace.events.inspection import Inspection, Subject
from foodtrace.events.side import Side
from foodtrace_ledger import findings
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.findings import LotInspected
from support.ledger import empty, push, void
from support.pork import inspected, meat, pork_chain, sale


@pytest.fixture
def ledger(module_database: str) -> Iterator[Engine]:
    """A ledger with a pork chain in it."""
    engine = make_engine(module_database)
    empty(engine)
    push(engine, *pork_chain())
    yield engine
    engine.dispose()


def state_of(ledger: Engine, holder: str, code: str) -> LotInspected:
    """What holds for a holder's lot under a trace code."""
    with snapshot(ledger) as conn:
        number = conn.execute(
            text("SELECT id FROM ledger.lot WHERE holder = :holder AND code = :code"),
            {"holder": holder, "code": code},
        ).scalar_one()
        return findings.of_lot(conn, number)


def at_stall(number: str, stage: str, verdict: str, hours: int, **more: object) -> Inspection:
    """An inspection of the halves at the stall."""
    return inspected(number, "STALL", meat("H1", 1), stage, verdict, hours=hours, **more)


def test_screening_suspends_the_retest_clears_and_the_final_word_condemns(ledger: Engine) -> None:
    assert state_of(ledger, "STALL", "H1").state == "open"
    screening = at_stall("i-1", "screening", "failed", 0)
    push(ledger, screening)
    held = state_of(ledger, "STALL", "H1")
    assert held.state == "suspended"
    assert held.own.since == screening.envelope.event_id
    push(ledger, at_stall("i-2", "re_test", "passed", 5, retest_of=screening.envelope.event_id))
    held = state_of(ledger, "STALL", "H1")
    assert held.state == "cleared"
    assert held.own.findings[-1].notes == ("retest_late",)
    final = at_stall("i-3", "final", "failed", 30)
    push(ledger, final)
    held = state_of(ledger, "STALL", "H1")
    assert (held.state, held.own.finding_count) == ("condemned", 3)
    assert [each.state for each in held.own.findings] == ["suspended", "cleared", "condemned"]
    push(ledger, void("v", final))
    assert state_of(ledger, "STALL", "H1").state == "cleared"


def test_goods_of_a_condemned_lot_are_condemned_wherever_they_went(ledger: Engine) -> None:
    push(ledger, at_stall("i-1", "confirmed", "failed", 0))
    for holder, code in (("SHOP", "C1"), ("PLANT", "W1")):
        held = state_of(ledger, holder, code)
        assert (held.state, held.own.state, held.condemned_count) == ("condemned", "open", 1)
        assert held.condemned[0].lot.holder == "STALL"
        assert held.condemned[0].certain
    assert state_of(ledger, "HOUSE", "H1").state == "open"


def test_where_goods_only_may_come_from_a_condemned_lot_the_state_stays(ledger: Engine) -> None:
    uncoded = replace(meat("C1", 2), lot_codes=())
    push(
        ledger,
        inspected("i-1", "SHOP", meat("C1", 1), "confirmed", "failed"),
        sale("p", ("SHOP", None), ("CANTEEN", None), uncoded),
    )
    with snapshot(ledger) as conn:
        number = conn.execute(
            text("SELECT id FROM ledger.lot WHERE holder = 'CANTEEN' AND kind = 'pool'")
        ).scalar_one()
        held = findings.of_lot(conn, number)
    assert held.state == "open"
    assert [(each.lot.holder, each.certain) for each in held.condemned] == [("SHOP", False)]


def test_findings_about_the_product_place_or_sample_stand_beside_the_lot(ledger: Engine) -> None:
    about_product = replace(
        inspected("i-1", "SHOP", meat("C1", 1), "screening", "failed"), subject=Subject.PRODUCT
    )
    sample = replace(
        inspected("i-2", "SHOP", meat("C1", 1), "confirmed", "failed"),
        subject=Subject.SAMPLE,
        sample_number="s-77",
    )
    place = replace(
        inspected("i-3", "SHOP", meat("C9", 1), "screening", "passed"),
        subject=Subject.LOCATION,
        holder=Side(party="SHOP", location="L-1"),
    )
    push(ledger, about_product, sample, place)
    held = state_of(ledger, "SHOP", "C1")
    assert held.state == "open"
    assert {(each.kind, each.subject, each.state) for each in held.context} == {
        ("product", "PORK", "suspended"),
        ("sample", "S-77", "condemned"),
    }
    with snapshot(ledger) as conn:
        (found,) = findings.of_subjects(conn, [("location", "L-1"), ("location", "L-2")])
        assert (found.state, found.finding_count) == ("cleared", 1)
        nothing = findings.of_subjects(conn, [("sample", "S-77")], readable=lambda _events: ())
        assert nothing == ()
