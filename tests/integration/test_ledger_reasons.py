"""What a walk through pools, units, returns and merged parties says of each step and seller."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from foodtrace.events import Event
from foodtrace.events.commissioning import Commissioning
from foodtrace.events.goods_return import Return
from foodtrace.events.line import Line, LineRef, LotCode, ProductRef
from foodtrace.events.merge import Merge
from foodtrace.events.packing import Action, Packing
from foodtrace.events.receipt import Receipt
from foodtrace.events.release import Release
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.lots import LotKey, LotKind
from foodtrace.quantity import Quantity
from foodtrace_ledger import receipts, roots, traces
from foodtrace_ledger.affected import Affected, affected
from foodtrace_ledger.answers import Reason
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.sellers import Seller
from support.ledger import empty, push, void
from support.pool_worlds import envelope_on
from support.small import DAY


@pytest.fixture(scope="module")
def made(module_database: str) -> Iterator[Engine]:
    engine = make_engine(module_database)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(made: Engine) -> Engine:
    empty(made)
    return made


def on(day: int) -> date:
    return DAY + timedelta(days=day)


def line(*codes: str, refers_to: LineRef | None = None, line_no: int = 1) -> Line:
    return Line(
        line_no=line_no,
        product=ProductRef(product_id="菜", category="蔬菜"),
        lot_codes=tuple(LotCode(code=code) for code in codes),
        count=Quantity(Decimal(2), "袋"),
        refers_to=refers_to,
    )


def sale(number: int, day: int, seller: str, buyer: str, *codes: str) -> Trade:
    return Trade(
        envelope=envelope_on(on(day), "trade", str(number)),
        seller=Side(party=seller),
        buyer=Side(party=buyer),
        lines=(line(*codes),),
    )


def entry(day: int, holder: str, *codes: str) -> Commissioning:
    return Commissioning(
        envelope=envelope_on(on(day), "commissioning", f"{holder}{day}"),
        holder=Side(party=holder),
        cause="harvest",
        lines=(line(*codes),),
    )


def till(number: int, day: int, seller: str, *lines: Line) -> Receipt:
    return Receipt(
        envelope=envelope_on(on(day), "receipt", str(number)),
        seller=Side(party=seller),
        receipt_code=f"R{number}",
        lines=lines,
    )


def packing(number: int, holder: str, action: Action, *codes: str) -> Packing:
    return Packing(
        envelope=envelope_on(on(0), "packing", str(number)),
        holder=Side(party=holder),
        action=action,
        unit_code="U",
        lines=(line(*codes),),
    )


def trace(holder: str, code: str = "X") -> LotKey:
    return LotKey(holder, "", LotKind.TRACE, "", code)


def recall(conn: Connection, lot: LotKey) -> Affected:
    return affected(conn, roots.of_lots(conn, [lot.lot_id]))


def found(engine: Engine, *events: Event, of: LotKey | None = None) -> dict[str, Seller]:
    push(engine, *events)
    with snapshot(engine) as conn:
        answer = recall(conn, of or trace("F"))
        every = [*answer.sellers, *(each.held for each in answer.source if each.held)]
        return {seller.party: seller for seller in every}


def told(seller: Seller) -> list[tuple[str, Reason, Any]]:
    return [
        (step.lot.holder, step.reason, step.document.kind if step.document else None)
        for step in seller.path.steps
    ]


def test_carried_over_stock_says_from_which_day_to_which(engine: Engine) -> None:
    sellers = found(
        engine,
        entry(0, "F", "X"),
        sale(1, 0, "F", "S", "X"),
        sale(2, 3, "S", "R"),
        sale(3, 9, "S", "T"),
    )
    assert set(sellers) == {"F", "S", "R"}
    assert (sellers["S"].confirmed, sellers["S"].reasons) == (True, (Reason.LINKED,))
    assert (sellers["R"].confirmed, sellers["R"].reasons) == (
        False,
        (Reason.LINKED, Reason.POOL, Reason.CARRIED_OVER),
    )
    assert told(sellers["R"]) == [
        ("S", Reason.LINKED, "trade"),
        ("S", Reason.CARRIED_OVER, None),
        ("R", Reason.POOL, "trade"),
    ]
    carried = sellers["R"].path.steps[1]
    assert (carried.delivered, carried.drawn, carried.line) == (on(0), on(3), None)


def test_a_void_of_the_delivery_ends_what_was_carried_over(engine: Engine) -> None:
    delivery = sale(1, 0, "F", "S", "X")
    events: list[Event] = [entry(0, "F", "X"), delivery, sale(2, 3, "S", "R"), void(1, delivery)]
    assert set(found(engine, *events)) == {"F"}


def test_merged_parties_are_one_and_the_merge_says_so(engine: Engine) -> None:
    merge = Merge(
        envelope=envelope_on(on(0), "merge", "1"), party="OLD", into="NEW", merged_on=on(5)
    )
    sellers = found(
        engine, entry(0, "F", "X"), sale(1, 0, "F", "OLD", "X"), sale(2, 1, "NEW", "R", "X"), merge
    )
    assert told(sellers["R"]) == [
        ("OLD", Reason.LINKED, "trade"),
        ("NEW", Reason.SAME_PARTY, "merge"),
        ("R", Reason.LINKED, "trade"),
    ]
    assert sellers["R"].confirmed


def test_the_source_is_found_though_its_lot_has_two_ids(engine: Engine) -> None:
    merge = Merge(envelope=envelope_on(on(0), "merge", "1"), party="F", into="G", merged_on=on(0))
    push(engine, entry(0, "F", "X"), sale(1, 0, "G", "R", "X"), merge)
    with snapshot(engine) as conn:
        answer = recall(conn, trace("R"))
    assert [source.party for source in answer.source] == ["F"]
    assert answer.completeness.unknown_parents == 0


def test_contents_of_a_unit_are_confirmed_again_by_their_code(engine: Engine) -> None:
    sellers = found(
        engine,
        entry(0, "F", "X"),
        entry(1, "F", "Y"),
        packing(1, "F", Action.PACK, "X"),
        packing(2, "F", Action.PACK, "Y"),
        sale(1, 0, "F", "S", "U"),
        packing(3, "S", Action.UNPACK, "X"),
        packing(4, "S", Action.UNPACK, "Y"),
        sale(2, 0, "S", "R", "X"),
        sale(3, 0, "S", "T", "Y"),
    )
    assert sellers["R"].confirmed
    assert Reason.NAMED_AGAIN in sellers["R"].reasons
    assert [each.opened for each in sellers["R"].figures] == [Decimal(2)]
    assert (sellers["T"].confirmed, sellers["T"].reasons) == (
        False,
        (Reason.LINKED, Reason.UNALLOCATED),
    )
    assert sellers["T"].figures == ()


def test_goods_that_went_back_are_themselves_and_no_circle(engine: Engine) -> None:
    sold = sale(1, 0, "F", "S", "X")
    back = Return(
        envelope=envelope_on(on(1), "return", "1"),
        returner=Side(party="S"),
        receiver=Side(party="F"),
        reason="quality",
        lines=(line("X", refers_to=LineRef(event_id=sold.envelope.event_id, line_no=1)),),
    )
    again = Release(
        envelope=envelope_on(on(2), "release", "1"),
        holder=Side(party="F"),
        reason="sound",
        lines=(line("X", refers_to=LineRef(event_id=back.envelope.event_id, line_no=1)),),
    )
    push(engine, entry(0, "F", "X"), sold, back, again, sale(2, 3, "F", "R", "X"))
    with snapshot(engine) as conn:
        answer = recall(conn, trace("F"))
    assert "lineage.cycle" not in {flag.code for flag in answer.flags}
    assert answer.totals.mixed == ()
    assert {seller.party for seller in answer.sellers if seller.confirmed} == {"S", "R"}


def test_receipts_of_possible_lots_are_possible(engine: Engine) -> None:
    """A till that names a code knows the code; whether the goods are the recalled ones it doesn't."""
    sellers = found(
        engine,
        entry(0, "F", "X"),
        sale(1, 0, "F", "S", "X"),
        till(1, 0, "S", line("X")),
        till(2, 0, "S", line()),
        till(3, 0, "S", line("X"), line(line_no=2)),
        sale(2, 0, "S", "R"),
        till(4, 0, "R", line()),
    )
    assert (sellers["S"].receipts, sellers["S"].possible_receipts) == (2, 1)
    assert (sellers["R"].receipts, sellers["R"].possible_receipts) == (0, 1)


def test_a_receipt_names_the_lots_that_the_goods_may_be(engine: Engine) -> None:
    push(
        engine,
        entry(0, "F", "X"),
        sale(1, 0, "F", "S", "X"),
        sale(2, 1, "G", "S"),
        sale(3, 2, "H", "S", "Y"),
        till(1, 3, "S", line()),
        till(2, 3, "S", line("Y", line_no=1)),
    )
    with snapshot(engine) as conn:
        (uncoded,) = receipts.by_code(conn, "R1")
        (coded,) = receipts.by_code(conn, "R2")
    (way,) = uncoded.provenance
    assert [(each.lot.code, each.delivered) for each in way.one_of] == [
        ("Y", on(2)),
        (on(1).isoformat(), on(1)),
        ("X", on(0)),
    ]
    assert [each.lot.holder for each in way.one_of] == ["S", "G", "S"]
    assert way.one_of_count == 3
    assert all(sold.possible for sold in uncoded.sold)
    (way,) = coded.provenance
    assert [each.lot.code for each in way.one_of] == ["Y"]
    assert not any(sold.possible for sold in coded.sold)


def test_a_code_is_one_candidate_though_only_one_document_names_the_shop(engine: Engine) -> None:
    named = Trade(
        envelope=envelope_on(on(1), "trade", "2"),
        seller=Side(party="S", location="S1"),
        buyer=Side(party="R"),
        lines=(line("X"),),
    )
    push(engine, sale(1, 0, "F", "S", "X"), named)
    with snapshot(engine) as conn:
        (candidate,) = traces.by_code(conn, "X")
    assert candidate.lot_count == 4
