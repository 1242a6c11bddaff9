"""From a code, a number or a name to batches, lots, receipts, vouchers and events."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from hashlib import sha256
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine

from foodtrace.events.commissioning import Commissioning
from foodtrace.events.master import Alias
from foodtrace.events.paper import Paper
from foodtrace.events.party import Party, PartyKind
from foodtrace.events.product import Product
from foodtrace.events.side import Side
from foodtrace.identity import content_digest
from foodtrace.lots import LotKey, LotKind
from foodtrace.problems import NotFound, TheirFault
from foodtrace_ledger import batches, events, lots, receipts, search, vouchers
from foodtrace_ledger.engine import make_engine, snapshot
from support.ledger import empty, goods, push, receipt, trade, void, voucher
from support.small import DAY, envelope

PAPER = Paper(kind="quarantine", number="q1", issuer="动检所", valid_until=date(2026, 6, 1))


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


FARMED = Commissioning(
    envelope=envelope("commissioning", "1"),
    holder=Side(party="FARM"),
    cause="harvest",
    lines=(goods("PIG1", 10, papers=(PAPER,)),),
)
SOLD = receipt(1, "S", goods("PIG1", 1), goods(None, 2, line_no=2))


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    """Two makers with one batch code; a pig from farm to receipt; names and aliases."""
    push(
        engine,
        FARMED,
        trade(1, "FARM", "S", goods("PIG1", 10), voucher_numbers=("v1",)),
        voucher("V1", "FARM", goods("PIG9")),
        *(
            trade(f"{maker}{n}", maker, f"{maker}-{n}", goods(batch="20260521", manufacturer=maker))
            for maker in ("M1", "M2")
            for n in range(3)
        ),
        # The same batch of M1, where the shop left the maker out.
        trade("short", "M1-0", "T", goods(batch="20260521")),
        trade(
            9, "M1-0", "U", goods(batch="OLD", manufacturer="M1", production_date=date(2026, 1, 1))
        ),
        Party(
            envelope=envelope("party", "M1"),
            party="M1",
            name="绿源乳业",
            party_kind=PartyKind.ENTERPRISE,
            aliases=(
                Alias(scheme="licence", code="sc123", valid_to=date(2026, 5, 31)),
                Alias(scheme="market", code="V1"),
            ),
        ),
        Product(
            envelope=envelope("product", "cheese"),
            product="cheese",
            name="马苏里拉奶酪",
            gtin="6901234567892",
        ),
    )
    push(engine, SOLD, topic="receipt")
    with snapshot(engine) as conn:
        yield conn


def test_only_different_batches_are_candidates(conn: Connection) -> None:
    found = lots.find(conn, " 20260521 ")
    assert [each.batch.manufacturer for each in found.batches] == ["M1", "M2"]
    assert [(each.lot_count, each.holders) for each in found.batches] == [(5, 5), (4, 4)]
    assert [each.manufacturer for each in found.batches[0].others] == [""]
    assert found.candidates == 2


def test_a_batch_is_looked_up_by_code_and_time(conn: Connection) -> None:
    assert len(lots.find(conn, "20260521", at=date(2027, 1, 1)).batches) == 2
    assert lots.find(conn, "20260521", at=date(2031, 1, 1)).batches == ()


def test_a_trace_code_in_many_hands_is_one_candidate(conn: Connection) -> None:
    (found,) = lots.find(conn, "pig1").traces
    assert [lot.holder for lot in found.lots] == ["FARM", "S"]
    assert found.product_names == ("奶酪",)


def test_one_trace_code_on_different_goods_is_two_candidates(engine: Engine) -> None:
    push(engine, trade(1, "A", "B", goods("7")), trade(2, "C", "D", goods("7")))
    with snapshot(engine) as conn:
        holders = [sorted(lot.holder for lot in each.lots) for each in lots.find(conn, "7").traces]
    assert holders == [["A", "B"], ["C", "D"]]


def test_a_code_may_also_be_a_voucher_a_receipt_or_a_party(conn: Connection) -> None:
    found = lots.find(conn, "V1")
    assert [each.document_number for each in found.vouchers] == ["V1"]
    assert [(each.kind, each.subject, each.scheme) for each in found.named] == [
        ("party", "M1", "market")
    ]
    assert [each.kind for each in lots.find(conn, "r1").receipts] == ["receipt"]
    assert lots.find(conn, "sc123").named[0].name == "绿源乳业"
    assert lots.find(conn, "SC123", at=date(2026, 6, 1)).named == ()


def test_what_was_void_is_no_candidate(engine: Engine) -> None:
    sale = trade(1, "A", "B", goods("X", batch="B1"))
    push(engine, sale, void(1, sale))
    with snapshot(engine) as conn:
        assert lots.find(conn, "B1").candidates == 0
        assert lots.find(conn, "X").candidates == 0


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({"product": "奶酪"}, {"20260521", "OLD"}),
        ({"product": "马苏"}, {"20260521", "OLD"}),
        ({"product": "6901234567892"}, {"20260521", "OLD"}),
        ({"product": "%"}, set()),
        ({"product": "milk"}, set()),
        ({"manufacturer": "绿源"}, {"20260521", "OLD"}),
        ({"manufacturer": "SC123"}, {"20260521", "OLD"}),
        ({"manufacturer": "m2"}, {"20260521"}),
        ({"first_day": date(2026, 1, 1), "last_day": date(2026, 1, 31)}, {"OLD"}),
        ({"first_day": date(2026, 2, 1)}, set()),
        ({"manufacturer": "M2", "product": "cheese"}, {"20260521"}),
    ],
)
def test_search_by_product_manufacturer_alias_and_day(
    conn: Connection, asked: dict[str, object], codes: set[str]
) -> None:
    page = search.search(conn, **asked)  # type: ignore[arg-type]
    assert {each.batch.code for each in page.batches} == codes
    assert page.next is None


def test_a_search_pages_through_everything(engine: Engine) -> None:
    push(engine, *(trade(n, "A", "B", goods(batch=f"B{n}")) for n in range(23)))
    with snapshot(engine) as conn:
        seen, after = [], None
        while True:
            page = search.search(conn, product="cheese", after=after, limit=5)
            seen += [each.batch.code for each in page.batches]
            if page.next is None:
                break
            after = page.next
        assert sorted(seen) == sorted(f"B{n}" for n in range(23))


def test_lots_of_a_batch_and_of_a_holder_are_paged(conn: Connection) -> None:
    m1 = lots.find(conn, "20260521").batches[0].batch.batch_id
    first = search.lots_of_batch(conn, m1, limit=3)
    rest = search.lots_of_batch(conn, m1, after=first.next, limit=3)
    holders = {lot.holder for lot in (*first.lots, *rest.lots)}
    assert holders == {"M1", "M1-0", "M1-1", "M1-2", "T"}
    assert rest.next is None
    assert [lot.code for lot in search.lots_of_holders(conn, ["T"]).lots] == ["20260521"]
    with pytest.raises(NotFound):
        search.lots_of_batch(conn, uuid4())


def test_a_batch_that_nothing_claims_any_more_is_unknown(engine: Engine) -> None:
    sale = trade(1, "A", "B", goods("X", batch="B1"))
    push(engine, sale)
    with snapshot(engine) as conn:
        batch = lots.find(conn, "B1").batches[0].batch.batch_id
        assert batches.by_id(conn, batch).lot_count == 2
    push(engine, void(1, sale))
    with snapshot(engine) as conn, pytest.raises(NotFound):
        batches.by_id(conn, batch)


def test_all_that_is_known_of_a_lot(conn: Connection) -> None:
    lot_id = LotKey("S", "", LotKind.TRACE, "", "PIG1").lot_id
    detail = lots.detail(conn, lot_id)
    (figures,) = detail.figures
    assert [figures.opened, figures.retail, figures.book_stock] == [10, 1, 9]
    assert (detail.receipts, detail.print_count) == (1, 1)
    assert detail.prints[0].role == "opened"
    assert {flag.code for flag in detail.flags} == {"party.unknown"}
    farm = lots.detail(conn, LotKey("FARM", "", LotKind.TRACE, "", "PIG1").lot_id)
    assert [(paper.kind, paper.number, paper.verification) for paper in farm.papers] == [
        ("quarantine", "Q1", "declared")
    ]
    with pytest.raises(NotFound):
        lots.detail(conn, uuid4())


def test_a_receipt_is_traced_back_to_its_farm(conn: Connection) -> None:
    (found,) = receipts.by_code(conn, "r1")
    assert [(each.line, str(each.amount), each.possible) for each in found.sold] == [
        (1, "1", False),
        (2, "2", True),
    ]
    (content,) = found.contents
    assert (content.total_amount, content.currency) == (Decimal("12.50"), "CNY")
    farm, pool = found.provenance
    (end,) = farm.ends
    assert (end.lot.holder, end.known, end.confirmed) == ("FARM", True, True)
    assert [step.document and step.document.kind for step in end.path.steps] == ["trade"]
    # Goods sold without a code may be those that came in under one.
    assert [(each.lot.holder, each.known, each.confirmed) for each in pool.ends] == [
        ("FARM", True, False)
    ]


def test_a_receipts_number_needs_amount_or_day(conn: Connection) -> None:
    assert receipts.by_number(conn, "N1") == ()
    assert receipts.by_number(conn, "N1", total=Decimal("12.51")) == ()
    assert len(receipts.by_number(conn, "n1", total=Decimal("12.5"))) == 1
    assert len(receipts.by_number(conn, "N1", day=DAY)) == 1
    assert receipts.by_code(conn, "nothing") == ()


def test_a_voucher_shows_its_lots_and_who_cites_it(conn: Connection) -> None:
    (found,) = vouchers.by_number(conn, "v1")
    assert [(lot.role, lot.lot.code) for lot in found.lots] == [("origin", "PIG9")]
    cited = vouchers.citations(conn, "V1")
    assert [document.kind for document in cited.documents] == ["trade"]
    assert cited.next is None
    assert vouchers.by_number(conn, "V2") == ()


def test_citations_are_paged(engine: Engine) -> None:
    push(engine, *(trade(n, "A", "B", voucher_numbers=("V1",)) for n in range(7)))
    with snapshot(engine) as conn:
        first = vouchers.citations(conn, "V1", limit=4)
        rest = vouchers.citations(conn, "V1", after=first.next, limit=4)
        assert (len(first.documents), len(rest.documents), rest.next) == (4, 3, None)
        with pytest.raises(TheirFault, match=r"request\.bad-cursor"):
            vouchers.citations(conn, "V1", after=uuid4())


def test_an_event_keeps_its_origin_bytes_and_digests(conn: Connection) -> None:
    view = events.by_id(conn, FARMED.envelope.event_id)
    (content,) = view.contents
    assert (content.origin.topic, content.origin.partition, content.origin.offset) == (
        "trade",
        0,
        0,
    )
    assert content.payload_digest == sha256(content.payload).digest()
    assert content.digest == content_digest(FARMED)
    assert (view.kind, view.dead, view.voids) == ("commissioning", False, ())


def test_an_event_shows_its_voids_and_revisions(engine: Engine) -> None:
    sale, again = trade(1, "A", "B"), trade(1, "A", "C", revision=1)
    voids = [void(1, again, line=1), void(2, again, source="other"), void(3, ("erp", "trade", "7"))]
    push(engine, sale, again, *voids)
    with snapshot(engine) as conn:
        first = events.by_id(conn, sale.envelope.event_id)
        second = events.by_id(conn, again.envelope.event_id)
        assert (first.superseded, first.dead, second.dead) == (True, True, False)
        assert [revision for revision, _ in second.revisions] == [0, 1]
        assert {(v.source, v.line, v.counts) for v in second.voids} == {
            ("erp", 1, True),
            ("other", 0, False),
        }
        assert second.dead_lines == (1,)
        with pytest.raises(NotFound, match=r"event\.unknown"):
            events.by_id(conn, voids[2].target_event_id)


def test_an_empty_ledger_finds_nothing_and_says_so(engine: Engine) -> None:
    empty(engine)
    with snapshot(engine) as conn:
        assert lots.find(conn, "X").candidates == 0
        assert search.search(conn).batches == ()
