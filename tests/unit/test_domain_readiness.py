"""What makes a recall vague is counted the same in any order, with its numerator and denominator."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foodtrace.events import Event
from foodtrace.events.line import LotCode, ProductRef
from foodtrace.events.paper import Paper
from foodtrace.events.product import Conversion, Product
from foodtrace.events.side import Side
from foodtrace.quantity import Quantity
from foodtrace.readiness import RULES, Grade, Verdict, readiness
from support.any_events import events
from support.events import (
    a_commissioning,
    a_line,
    a_receipt,
    a_trade,
    a_void,
    an_envelope,
    kg,
)

GOOD: dict[str, Any] = {
    "codes": ("X1",),
    "batch_code": "B1",
    "manufacturer": "M",
    "production_date": date(2026, 5, 20),
    "expiry_date": date(2026, 5, 25),
}
A, B = Side(party="A", location="A-1"), Side(party="B", location="B-1")


def line(number: int = 1, /, **more: Any) -> Any:
    """A line that lacks nothing, but for what is changed; a value of `...` takes a field away."""
    usual = ProductRef(product_id="P-1", name="草莓", category=more.pop("category", "水果"))
    product = more.pop("product", usual)
    fields = {name: each for name, each in {**GOOD, **more}.items() if each is not ...}
    made = a_line(number, **fields)
    return replace(made, product=product)


def deal(*lines: Any, **more: Any) -> Event:
    return a_trade(
        more.pop("number", "t-1"),
        seller=more.pop("seller", A),
        buyer=more.pop("buyer", B),
        lines=lines or (line(),),
        **{"trade_no": "N-1", "voucher_numbers": ("V-1",), **more},
    )


def counted(code: str, *sample: Event) -> tuple[int, int]:
    [share] = [each for each in readiness(sample).shares if each.rule.code == code]
    return share.count, share.of


def test_a_tidy_sample_is_exact() -> None:
    sample = (deal(), a_receipt(seller=B, lines=(line(),)))
    found = readiness(sample)
    assert [each.rule.code for each in found.shares if each.count] == []
    assert (found.verdict, found.events, found.kinds) == (
        Verdict.EXACT,
        2,
        (("receipt", 1), ("trade", 1)),
    )
    assert readiness(()).verdict is Verdict.EMPTY


@pytest.mark.parametrize(
    ("code", "changed"),
    [
        ("line.no-code", {"codes": (), "batch_code": ...}),
        ("line.no-trace-code", {"codes": ()}),
        ("line.no-batch-code", {"batch_code": ...}),
        ("batch.no-manufacturer", {"manufacturer": ...}),
        ("line.codes-unsplit", {"codes": ("X1", "X2")}),
        ("unit.unknown", {"count": Quantity(Decimal(2), "串")}),
        ("product.no-id", {"product": ProductRef(local_code="17", category="水果")}),
        ("product.name-only", {"product": ProductRef(name="草莓", category="水果")}),
        ("category.unknown", {"category": "好吃的"}),
        ("category.unknown", {"category": None}),
        ("date.no-production", {"production_date": ...}),
        ("date.no-expiry", {"expiry_date": ...}),
        ("paper.unknown-kind", {"papers": (Paper(kind="奖状", number="1"),)}),
    ],
)
def test_a_line_that_lacks_something_is_counted_among_the_lines(
    code: str, changed: dict[str, Any]
) -> None:
    count, _ = counted(code, deal(line()))
    assert count == 0
    bad, of = counted(code, deal(line(1), line(2, **changed), line(3)))
    assert bad == 1
    assert of == (1 if code in ("line.codes-unsplit", "paper.unknown-kind") else 3)


def test_stock_without_codes_is_kept_for_as_long_as_its_category_says() -> None:
    bare = {"codes": (), "batch_code": ...}
    assert counted("pool.days-unstated", deal(line())) == (0, 0)
    assert counted("pool.days-unstated", deal(line(**bare))) == (0, 1)
    unstated = deal(line(category=None, **bare))
    assert counted("pool.days-unstated", unstated) == (1, 1)
    master = Product(
        envelope=an_envelope("product", "p"), product="P-1", name="草莓", category="水果"
    )
    assert counted("pool.days-unstated", unstated, master) == (0, 1)


def test_a_unit_that_the_product_declares_is_known() -> None:
    sold = deal(line(count=Quantity(Decimal(2), "串")))
    master = Product(
        envelope=an_envelope("product", "p"),
        product="P-1",
        name="草莓",
        conversions=(Conversion(unit="串", equals=kg("0.2")),),
    )
    assert counted("unit.unknown", sold) == (1, 1)
    assert counted("unit.unknown", sold, master) == (0, 1)


PORK = tuple(
    Paper(kind=kind, number="1")
    for kind in ("动物产品检疫合格证明", "肉品品质检验合格证", "非洲猪瘟检测报告")
)


@pytest.mark.parametrize(
    ("category", "papers", "vouchers", "expected"),
    [
        ("猪肉", PORK, (), (0, 1)),
        ("猪肉", PORK[:2], (), (1, 1)),
        ("猪肉", (), ("V-1",), (0, 1)),
        ("蔬菜", (), (), (1, 1)),
        ("蔬菜", (Paper(kind="产地证明", number="1"),), (), (0, 1)),
        ("蔬菜", (Paper(kind="入境货物检验检疫证明", number="1"),), (), (0, 1)),
        ("饮料", (), (), (0, 0)),
    ],
)
def test_papers_that_are_due_are_shown_or_left_to_a_voucher(
    category: str, papers: Any, vouchers: Any, expected: tuple[int, int]
) -> None:
    sold = deal(line(category=category, papers=papers), voucher_numbers=vouchers)
    assert counted("paper.missing", sold) == expected
    assert counted("paper.missing", a_receipt(lines=(line(category=category),))) == (0, 0)


def test_sides_and_numbers() -> None:
    stranger = Side(claimed_name="老张")
    assert counted("side.unidentified", deal(seller=stranger)) == (1, 2)
    assert counted("side.no-location", deal(seller=stranger)) == (1, 2)
    assert counted("trade.no-number", deal(trade_no=None), a_receipt()) == (1, 1)
    assert counted("event.two-contents", deal(), deal(line(codes=("Z",)))) == (2, 2)
    assert counted("shop.no-incoming", a_receipt(seller=B)) == (1, 1)
    assert counted("shop.no-incoming", a_receipt(seller=B), deal()) == (0, 1)
    grown = a_commissioning("c", holder=B)
    assert counted("shop.no-incoming", a_receipt(seller=B), grown) == (0, 1)


def test_what_is_void_or_superseded_is_not_judged() -> None:
    bad = deal(line(codes=(), batch_code=...))
    better = deal(revision=1)
    found = readiness((bad, better, bad))
    assert (found.events, found.void, found.repeated) == (1, 1, 1)
    assert found.verdict is Verdict.EXACT
    voided = readiness((bad, a_void(bad)))
    assert dict(voided.kinds) == {"void": 1}


def test_what_is_no_fault_never_lowers_the_verdict_and_papers_only_a_little() -> None:
    assert readiness((deal(line(codes=(), expiry_date=...)),)).verdict is Verdict.EXACT
    bare = deal(line(category="蔬菜"), voucher_numbers=())
    assert readiness((bare,)).verdict is Verdict.UNCHECKED
    assert readiness((bare, deal(number="t-2", trade_no=None))).verdict is Verdict.VAGUE


def test_a_few_among_many_are_some_and_no_verdict() -> None:
    lines = [line(number) for number in range(1, 100)]
    few = deal(*lines, line(100, codes=(), batch_code=...))
    [share] = [each for each in readiness((few,)).shares if each.rule.code == "line.no-code"]
    assert (share.count, share.of, share.grade) == (1, 100, Grade.SOME)
    assert [(each.source_event_id, each.path) for each in share.examples] == [("t-1", "lines[99]")]


def test_every_rule_says_in_both_languages_what_it_counts_and_what_to_send() -> None:
    for code, rule in RULES.items():
        assert rule.code == code
        assert all((rule.zh, rule.en, rule.advice_zh, rule.advice_en))
        assert not rule.en.isspace()


@settings(max_examples=12)
@given(st.lists(events(), max_size=4), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(sample: list[Event], random: Any) -> None:
    first = readiness(sample)
    again = [*sample, *random.sample(sample, random.randint(0, len(sample)))]
    random.shuffle(again)
    other = readiness(again)
    assert other.shares == first.shares
    assert (other.events, other.kinds, other.verdict) == (first.events, first.kinds, first.verdict)
    assert all(share.count <= share.of for share in first.shares)


@settings(max_examples=12)
@given(st.lists(events("trade"), max_size=3, unique_by=lambda each: each.envelope.event_id))
def test_lines_are_counted_once_each(sample: list[Event]) -> None:
    found = readiness(sample)
    moving = [each for each in sample if each.envelope.aspect.moves_goods]
    latest = {
        (each.envelope.source, each.envelope.source_event_id): max(
            other.envelope.revision
            for other in sample
            if (other.envelope.source, other.envelope.source_event_id)
            == (each.envelope.source, each.envelope.source_event_id)
        )
        for each in sample
    }
    valid = [
        each
        for each in moving
        if each.envelope.revision == latest[each.envelope.source, each.envelope.source_event_id]
    ]
    lines = sum(len(getattr(each, "lines", ())) for each in valid)
    of = {share.rule.code: share.of for share in found.shares}
    assert of["line.no-code"] == of["unit.unknown"] == lines
    assert of["side.unidentified"] == 2 * len(valid)


def test_a_code_with_its_quantity_needs_no_splitting() -> None:
    codes = (LotCode(code="X1", quantity=kg(4)), LotCode(code="X2", quantity=kg(6)))
    split = replace(line(), lot_codes=codes)
    assert counted("line.codes-unsplit", deal(split)) == (0, 1)
