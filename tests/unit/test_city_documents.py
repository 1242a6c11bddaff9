"""Every document of the city is a valid event, and the city has what a real one has."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime

import pytest

from foodtrace.codes import grammars_of, is_gtin
from foodtrace.events import KINDS
from foodtrace.judge import judge
from foodtrace_city import FIRST_DAY, City, Document, Scale
from foodtrace_schemas import json_form

SMALL = Scale(sites=260, products=120, trades=120, receipts=120)


@pytest.fixture(scope="module")
def city() -> City:
    return City(7)


@pytest.fixture(scope="module")
def documents(city: City) -> list[Document]:
    return [*city.day(FIRST_DAY), *city.stragglers()]


def test_every_document_is_an_event_that_is_let_in(documents: list[Document]) -> None:
    now = datetime.now(UTC)
    for document in documents:
        event = json_form.read(document.line().encode())
        judge(event, now)
        assert event.kind == document.kind
        assert event.envelope.source == document.source


def test_every_kind_of_event_occurs(documents: list[Document]) -> None:
    assert {document.kind for document in documents} == set(KINDS) - {"resolution"}


def test_every_source_is_known_and_reports_in_its_own_name(
    city: City, documents: list[Document]
) -> None:
    reporters = {source.name: source.reporter for source in city.sources}
    for document in documents:
        assert document.body["envelope"]["reporter"] == reporters[document.source]
    assert {document.source for document in documents} <= set(reporters)


@pytest.mark.parametrize("seed", [3, 7])
def test_every_reporter_has_a_mandate_of_those_it_speaks_for(seed: int) -> None:
    """By party, or by the market whose stall it is."""
    city = City(seed, SMALL)
    documents = [*city.days(3), *city.stragglers()]
    held = {(m.reporter, m.party or m.market) for m in city.mandates()}
    stalls = {
        d.body["location"]: d.body["parent"]
        for d in documents
        if d.body.get("location_kind") == "stall"
    }
    for document in documents:
        event = json_form.read(document.line().encode())
        reporter = event.envelope.reporter
        if event.kind in ("party", "location", "product", "void", "merge"):
            continue
        subjects = [(side.party, stalls.get(side.location or "")) for side in event.speakers]
        assert any((reporter, s) in held for pair in subjects for s in pair), document.line()


def test_receipt_codes_are_unguessable_and_unique(documents: list[Document]) -> None:
    codes = Counter(
        d.body["receipt_code"] for d in documents if d.kind == "receipt" and d.mistake != "retry"
    )
    assert max(codes.values()) == 1
    assert all(len(code) == 20 for code in codes)


def test_lots_and_products_carry_codes_of_the_known_grammars(documents: list[Document]) -> None:
    seen: Counter[str] = Counter()
    for document in documents:
        for line in document.body.get("lines", ()):
            for lot in line.get("lot_codes", ()):
                seen.update(grammars_of(lot["code"]) or ("typo",))
            assert is_gtin(line["product"].get("gtin", "9520000000004"))
    assert seen["vegetable_batch"] > 100
    assert seen["trace_code"] > 100
    assert 0 < seen["typo"] < 60


def test_pork_travels_with_its_three_papers(documents: list[Document]) -> None:
    deliveries = [
        line
        for d in documents
        if d.kind == "voucher"
        for line in d.body["lines"]
        if line["product"]["name"] == "白条肉"
    ]
    assert deliveries
    for line in deliveries:
        assert [p["kind"][:6] for p in line["papers"]] == [
            "动物检疫合格",
            "肉品品质检验",
            "非洲猪瘟检测",
        ]


def test_some_goods_are_sold_without_any_code(documents: list[Document]) -> None:
    uncoded = [
        d
        for d in documents
        if d.kind == "receipt"
        and not any("lot_codes" in line or "batch_code" in line for line in d.body["lines"])
    ]
    assert len(uncoded) > 50


def test_a_third_of_the_firms_keep_stock_without_lots(documents: list[Document]) -> None:
    """Seen from what they sell: never a code but on the goods of the two tidy cases."""
    sold: dict[str, set[bool]] = defaultdict(set)
    for document in documents:
        if document.kind in ("trade", "receipt") and "aspect" not in document.body["envelope"]:
            coded = any("lot_codes" in x or "batch_code" in x for x in document.body["lines"])
            sold[document.body["seller"].get("party", "?")].add(coded)
    without = sum(True not in coded for coded in sold.values())
    assert 0.2 * len(sold) <= without <= 0.5 * len(sold)


def test_some_trades_are_told_twice_and_not_always_alike(documents: list[Document]) -> None:
    told: dict[str, dict[str, Document]] = defaultdict(dict)
    for document in documents:
        envelope = document.body["envelope"]
        if document.kind == "trade" and document.mistake is None and "aspect" in envelope:
            told[envelope["trade_no"]][envelope["aspect"]] = document
    both = [each for each in told.values() if {"shipped", "received"} <= each.keys()]
    assert len(both) > 30
    assert all(each["shipped"].source != each["received"].source for each in both)
    differing = [each for each in both if amounts(each["shipped"]) != amounts(each["received"])]
    assert 0 < len(differing) < len(both) / 2
    assert any({"ordered", "paid"} <= each.keys() for each in told.values())


def amounts(document: Document) -> list[object]:
    return [(line.get("count"), line.get("net_mass")) for line in document.body["lines"]]


def test_some_documents_come_a_day_late() -> None:
    other = City(7)
    assert list(other.day(FIRST_DAY))
    late = list(other.stragglers())
    assert len(late) > 30
    assert {document.body["envelope"]["business_date"] for document in late} == {
        FIRST_DAY.isoformat()
    }
    assert list(other.stragglers()) == []


def test_night_is_wholesale_and_day_is_retail(documents: list[Document]) -> None:
    """Local hours of the first day; stalls of wholesale markets open at night, tills at seven."""
    today = [d for d in documents if d.body["envelope"]["business_date"] == FIRST_DAY.isoformat()]
    for document in today:
        local = json_form.read(document.line().encode()).envelope.occurred_at.hour + 8
        if document.kind == "receipt":
            assert 7 <= local % 24 <= 22
        if document.kind == "voucher":
            assert local % 24 <= 6
