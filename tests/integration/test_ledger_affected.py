"""Who is affected: sellers, source, figures, each unit once, flags, completeness."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from foodtrace.events.disposal import Disposal
from foodtrace.events.line import Line
from foodtrace.events.master import Alias
from foodtrace.events.party import Party, PartyKind
from foodtrace.events.side import Side
from foodtrace.events.transformation import Transformation
from foodtrace.lots import BatchKey, LotKey, LotKind
from foodtrace.quantity import Quantity
from foodtrace_ledger import roots
from foodtrace_ledger.affected import Affected, affected
from foodtrace_ledger.answers import Figures
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.sellers import Seller
from foodtrace_ledger.totals import Total
from support.ledger import goods, push, receipt, trade, void, voucher
from support.small import envelope

BATCH = BatchKey("M", "CHEESE", "B1").batch_id
MADE = date(2026, 5, 1)


def cheese(amount: int | str = 1, *, made: date = MADE, **more: Any) -> Line:
    """Bags of the batch, with the date as printed."""
    return goods(amount=amount, batch="B1", manufacturer="M", production_date=made, **more)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    """A city: M hands over 100 bags to W, who sells 60 to A and 30 to B; A sells 20 at retail, makes
    pizza of 5, throws 1 away; B sells 10 to C."""
    pizza = goods("PIZZA", 8, line_no=2)
    push(
        engine,
        voucher("V1", "M", cheese(100), receiver="W"),
        trade(1, "W", "A", cheese(60)),
        trade(2, "W", "B", cheese(30), trade_no="T2", reporter="W"),
        trade("2b", "W", "B", cheese(29), trade_no="T2", reporter="B", source="b"),
        trade(3, "B", "C", cheese(10)),
        Transformation(
            envelope=envelope("transformation", "1"),
            holder=Side(party="A"),
            process="baking",
            inputs=(cheese(5),),
            outputs=(pizza,),
        ),
        Disposal(
            envelope=envelope("disposal", "1"),
            holder=Side(party="A"),
            reason="spoilt",
            lines=(cheese(1),),
        ),
        trade(4, "A", "D", goods("PIZZA", 3)),
        Party(
            envelope=envelope("party", "A"),
            party="A",
            name="甲店",
            party_kind=PartyKind.INDIVIDUAL_BUSINESS,
        ),
    )
    push(
        engine,
        receipt(1, "A", cheese(15), cheese(4, line_no=2)),
        receipt(2, "A", cheese(1)),
        receipt(3, "A", cheese(50)),
        void(1, receipt(3, "A")),
        topic="receipt",
    )
    with snapshot(engine) as conn:
        yield conn


def recall(conn: Connection, **more: Any) -> Affected:
    return affected(conn, roots.of_batches(conn, [BATCH]), **more)


def figures(of: tuple[Figures, ...]) -> dict[str, Decimal]:
    (only,) = of
    names = ("opened", "sold", "used", "disposed", "retail", "book_stock")
    assert only.unit == "袋"
    return {name: value for name in names if (value := getattr(only, name))}


def by_party(answer: Affected) -> dict[str, Seller]:
    return {seller.party: seller for seller in answer.sellers}


def test_sellers_and_source(conn: Connection) -> None:
    answer = recall(conn)
    sellers = by_party(answer)
    assert list(sellers) == ["A", "B", "C", "D", "W"]
    assert (answer.seller_count, answer.confirmed_count, answer.next) == (5, 5, None)
    (source,) = answer.source
    assert (source.party, source.lots[0].code) == ("M", "B1")
    assert source.documents[0].document_number == "V1"
    assert source.held is not None
    assert figures(source.held.figures) == {"opened": 100, "sold": 100}
    assert source.held.figures[0].implied == 100


def test_figures_of_each_seller(conn: Connection) -> None:
    sellers = by_party(recall(conn))
    assert figures(sellers["A"].figures) == {
        "opened": 60,
        "used": 5,
        "disposed": 1,
        "retail": 20,
        "book_stock": 34,
    }
    assert figures(sellers["A"].made_with) == {"opened": 8, "sold": 3, "book_stock": 5}
    assert (sellers["A"].receipts, sellers["A"].receipts_exact) == (2, True)
    assert (sellers["A"].party_name, sellers["B"].party_name) == ("甲店", None)
    assert figures(sellers["D"].made_with) == {"opened": 3, "book_stock": 3}
    assert sellers["D"].figures == ()


def test_two_reports_of_one_trade_count_once_each_side_as_it_says(conn: Connection) -> None:
    sellers = by_party(recall(conn))
    assert figures(sellers["W"].figures) == {"opened": 100, "sold": 90, "book_stock": 10}
    assert figures(sellers["B"].figures) == {"opened": 29, "sold": 10, "book_stock": 19}


def test_each_unit_counts_once_at_its_last_known_place(conn: Connection) -> None:
    (total,) = recall(conn).totals.all
    assert [total.opened, total.appeared, total.into_mixed] == [100, 0, 0]
    now = total.now
    assert [now.book_stock, now.retail, now.used, now.disposed] == [10 + 34 + 19 + 10, 20, 5, 1]
    assert total.unexplained == 1
    assert _holds(total)


def _holds(total: Total) -> bool:
    return total.opened + total.appeared == total.now.units + total.into_mixed + total.unexplained


def test_totals_are_split_by_source_and_sellers_and_by_kind_of_goods(conn: Connection) -> None:
    totals = recall(conn).totals
    assert [each.units for each in totals.at_source] == [0]
    assert [each.units for each in totals.at_sellers] == [99]
    assert [each.units for each in totals.made_with] == [8]
    assert totals.mixed == ()


def test_the_path_and_documents_say_why(conn: Connection) -> None:
    seller = by_party(recall(conn))["D"]
    assert seller.path.start.holder == "M"
    steps = [
        (step.document and step.document.kind, step.lot.holder, step.lot.kind)
        for step in seller.path.steps
    ]
    assert steps == [
        ("voucher", "W", "batch"),
        ("trade", "A", "batch"),
        ("transformation", "A", "process"),
        ("transformation", "A", "trace"),
        ("trade", "D", "trace"),
    ]


def test_pages_hold_each_seller_once_and_the_same_totals(conn: Connection) -> None:
    first = recall(conn, limit=2)
    second = recall(conn, limit=2, after=first.next)
    last = recall(conn, limit=2, after=second.next)
    assert [s.party for page in (first, second, last) for s in page.sellers] == list("ABCDW")
    assert last.next is None
    assert first.totals == last.totals
    assert first.seller_count == last.seller_count == 5


def test_completeness_says_how_far_and_who_was_heard(conn: Connection) -> None:
    complete = recall(conn).completeness
    assert {(p.topic, p.next_offset) for p in complete.positions} == {("receipt", 4), ("trade", 9)}
    assert [heard.source for heard in complete.heard] == ["b", "erp"]
    assert complete.as_of is not None
    assert (complete.unknown_parents, complete.possible_links, complete.dead_letters) == (0, 0, 0)


def codes(answer: Affected) -> set[tuple[str, str | None]]:
    return {(flag.code, flag.holder) for flag in answer.flags if flag.code != "party.unknown"}


def test_only_unknown_parties_and_the_trade_told_twice_are_odd(conn: Connection) -> None:
    answer = recall(conn)
    assert codes(answer) == {("trade.reports-differ", "W")}
    unknown = {flag.holder for flag in answer.flags}
    assert unknown == {"B", "C", "D", "M", "W"}


def test_dates_that_grow_younger_name_the_party(engine: Engine) -> None:
    push(
        engine,
        voucher("V1", "M", cheese(10), receiver="W"),
        trade(1, "W", "A", cheese(4)),
        trade(2, "W", "B", cheese(4, made=date(2026, 5, 9))),
        trade(3, "B", "C", cheese(4, made=date(2026, 5, 9))),
    )
    with snapshot(engine) as conn:
        answer = recall(conn)
    (flag,) = (flag for flag in answer.flags if flag.code == "date.younger")
    assert (flag.holder, flag.detail) == ("W", "production_date: 2026-05-01 → 2026-05-09")


def test_same_batch_without_a_path_is_taken_and_marked(engine: Engine) -> None:
    push(
        engine,
        voucher("V1", "M", cheese(10), receiver="W"),
        trade(1, "S", "T", cheese(4, made=date(2026, 5, 9))),
    )
    with snapshot(engine) as conn:
        answer = recall(conn)
    sellers = by_party(answer)
    assert {party: seller.unlinked for party, seller in sellers.items()} == {
        "W": False,
        "S": True,
        "T": False,
    }
    assert sellers["S"].documents[0].kind == "trade"
    assert codes(answer) == {("date.younger", "S"), ("lot.never-received", "S")}
    (total,) = answer.totals.all
    assert [total.opened, total.appeared, total.now.units] == [10, 4, 14]
    assert _holds(total)
    assert answer.completeness.unknown_parents == 1


def test_what_goes_through_a_pool_is_possible_and_listed_apart(engine: Engine) -> None:
    push(
        engine,
        voucher("V1", "M", cheese(10), receiver="W"),
        trade(1, "W", "A", cheese(6)),
        # A puts its cheese into the day's pool, sells from it, and so may have sold the batch.
        Transformation(
            envelope=envelope("transformation", "1"),
            holder=Side(party="A"),
            process="unpacking",
            inputs=(cheese(6),),
            outputs=(goods(None, 6, line_no=2),),
        ),
        trade(2, "A", "B", goods(None, 5)),
    )
    with snapshot(engine) as conn:
        answer = recall(conn)
    confirmed = {party: seller.confirmed for party, seller in by_party(answer).items()}
    assert confirmed == {"A": True, "B": False, "W": True}
    assert answer.completeness.possible_links > 0


def test_oversold_and_unknown_unit(engine: Engine) -> None:
    push(
        engine,
        voucher("V1", "M", cheese(10), receiver="W"),
        trade(1, "W", "A", cheese(12)),
        trade(2, "A", "B", replace(cheese(), count=Quantity(Decimal(1), "篓"))),
    )
    with snapshot(engine) as conn:
        answer = recall(conn)
    odd = {"lot.oversold", "unit.unknown", "unit.incomparable"}
    assert {code for code, _ in codes(answer)} == odd


def test_one_id_with_two_contents_is_flagged(engine: Engine) -> None:
    push(
        engine,
        voucher("V1", "M", cheese(10), receiver="W"),
        trade(1, "W", "A", cheese(2)),
        trade(1, "W", "A", cheese(3)),
    )
    with snapshot(engine) as conn:
        answer = recall(conn)
    assert {code for code, _ in codes(answer)} == {"event.two-contents"}
    assert figures(by_party(answer)["A"].figures) == {"opened": 5, "book_stock": 5}


def test_a_recall_by_lot_starts_where_the_lot_is(conn: Connection) -> None:
    lot = LotKey("B", "", LotKind.BATCH, "CHEESE", "B1")
    answer = affected(conn, roots.of_lots(conn, [lot.lot_id]))
    assert [seller.party for seller in answer.sellers] == ["B", "C"]
    (source,) = answer.source
    assert (source.party, source.held) == ("M", None)
    assert [step.lot.holder for step in source.path.steps] == ["W", "M"]


def test_a_wrong_check_character_is_flagged(engine: Engine) -> None:
    push(
        engine,
        voucher("V1", "M", cheese(10), receiver="W"),
        Party(
            envelope=envelope("party", "W"),
            party="W",
            name="乙店",
            party_kind=PartyKind.ENTERPRISE,
            aliases=(
                Alias(scheme="uscc", code="91350100M000100Y42"),
                Alias(scheme="uscc", code="91350100M000100Y43"),
                Alias(scheme="licence", code="123"),
            ),
        ),
    )
    with snapshot(engine) as conn:
        answer = recall(conn)
    (flag,) = (flag for flag in answer.flags if flag.code == "code.check-character")
    assert (flag.holder, flag.detail) == ("W", "party W: uscc 91350100M000100Y42")
