"""Answers as people read them: nothing squeezed out, nothing left out without a word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace_client import Problem
from foodtrace_deploy.rendering import places, quantities
from foodtrace_deploy.rendering.affected import show_affected
from foodtrace_deploy.rendering.candidates import show_candidates
from foodtrace_deploy.rendering.completeness import show_completeness
from foodtrace_deploy.rendering.problem import problem_json, show_problem
from foodtrace_deploy.rendering.receipt import show_receipt
from foodtrace_deploy.texts import speak
from support.told import COMPLETE, Json, document, lot, shown


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    speak("en")
    yield
    speak(None)


def figures(unit: str = "袋", **amounts: str) -> Json:
    names = (
        *("opened", "sold", "used", "disposed", "moved", "returned", "adjusted"),
        *("retail", "book_stock", "implied"),
    )
    return {"dimension": unit, "unit": unit, **dict.fromkeys(names, "0"), **amounts}


def seller(party: str, name: str | None = None, **more: Any) -> Json:
    plain: Json = {
        "party": party,
        "location": "",
        "party_name": name,
        "location_name": None,
        "confirmed": True,
        "reasons": ["linked"],
        "unlinked": False,
        "lots": 1,
        "figures": [figures(opened="10", book_stock="10")],
        "made_with": [],
        "mixed": [],
        "receipts": 0,
        "possible_receipts": 0,
        "receipts_exact": True,
        "first_day": "2026-05-20",
        "last_day": "2026-05-21",
        "path": {"start": lot("0", "S"), "steps": [], "left_out": 0},
        "documents": [document()],
    }
    return {**plain, **more}


def affected(*sellers: Json, **more: Any) -> Json:
    now = {"units": "10", "book_stock": "10", "retail": "0", "used": "0", "disposed": "0"}
    total = {"dimension": "袋", "unit": "袋", "opened": "10", "appeared": "0", "into_mixed": "0"}
    plain: Json = {
        "sellers": list(sellers),
        "next": None,
        "seller_count": len(sellers),
        "confirmed_count": sum(each["confirmed"] for each in sellers),
        "lot_count": 3,
        "source": [],
        "source_count": 0,
        "totals": {
            "all": [{**total, "unexplained": "0", "now": {**now, "adjusted": "0"}}],
            "at_source": [],
            "at_sellers": [],
            "made_with": [],
            "mixed": [],
        },
        "flags": [],
        "flag_count": 0,
        "completeness": COMPLETE,
    }
    return {**plain, **more}


def tell(answer: Json, width: int = 120) -> str:
    return shown(lambda console: show_affected(console, answer, milliseconds=1.5), width)


def test_possible_sellers_stand_apart() -> None:
    text = tell(affected(seller("A"), seller("B", confirmed=False)))
    sure, possible = text.split("possible (1)")
    assert " A " in sure
    assert " B " in possible
    assert "1 of them confirmed" in sure


def test_one_unit_stands_in_the_title_and_several_beside_their_amounts() -> None:
    one = tell(affected(seller("A"), seller("B")))
    assert "in 袋" in one
    assert "10 袋  " not in one.split("confirmed (2)")[1]
    mixed = tell(affected(seller("A"), seller("B", figures=[figures("kg", opened="2.50")])))
    assert "10 袋" in mixed
    assert "2.5 kg" in mixed


def test_what_was_made_with_it_is_marked() -> None:
    text = tell(affected(seller("A", made_with=[figures("箱", opened="3")])))
    assert "⊃ 3 箱" in text
    assert "⊃ products with the goods inside" in text


@given(st.integers(30, 200))
def test_no_seller_is_squeezed_out_on_any_screen(width: int) -> None:
    every = {"sold": "7", "retail": "9", "used": "8", "disposed": "6", "moved": "5"}
    many = [
        seller(f"P{n}", figures=[figures("750g packets", opened="1", **every)]) for n in range(3)
    ]
    text = tell(affected(*many), width)
    for number in range(3):
        assert f"P{number}" in text
    assert "packets" in text


def test_names_with_brackets_are_shown_as_they_are() -> None:
    assert "[red]甲[/]" in tell(affected(seller("A", "[red]甲[/]")))


def test_two_parties_of_one_name_are_told_apart() -> None:
    text = tell(
        affected(seller("P-1", "老王肉铺"), seller("P-2", "老王肉铺"), seller("P-3", "新店"))
    )
    assert "老王肉铺 (P-1)" in text
    assert "老王肉铺 (P-2)" in text
    assert "新店 (P-3)" not in text


def test_a_seller_no_path_leads_to_is_told_with_its_documents() -> None:
    text = tell(affected(seller("A", unlinked=True)), 160)
    assert "same batch, no path: trade T-1" in text


def test_flags_and_gaps_are_never_silent() -> None:
    flag = {
        "code": "date.younger",
        "zh": "变晚",
        "en": "The dates grow younger",
        "lot_id": None,
        "holder": "W",
        "location": None,
        "event_id": None,
        "detail": "2026-01-01 → 2026-05-01",
    }
    complete = {**COMPLETE, "in_flight": "unknown", "unknown_parents": 2, "dead_letters": 1}
    text = tell(
        affected(
            seller("A"),
            seller("W"),
            flags=[flag] * 12,
            flag_count=40,
            completeness=complete,
            source=[],
            source_count=7,
        )
    )
    assert "flags: 40" in text
    assert " W ⚠" in text
    assert "A ⚠" not in text
    assert "and 30 more" in text
    assert "date.younger" in text
    assert "events not yet in the ledger: unknown" in text
    assert "lots of unknown origin: 2" in text
    assert "can't be read: 1" in text
    assert "and 7 more sources" in text


def test_sources_longest_silent_come_first() -> None:
    heard = [
        {"source": f"s{day}", "received_at": f"2026-05-{day:02}T00:00:00Z"} for day in (9, 3, 5, 7)
    ]
    text = shown(lambda console: show_completeness(console, {**COMPLETE, "heard": heard}))
    assert text.index("s3") < text.index("s5") < text.index("s7")
    assert "s9" not in text


def test_what_a_possible_path_rests_on_is_told() -> None:
    last = {"lot": lot("2", "B"), "document": None, "line": None, "reason": "carried_over"}
    first = {"lot": lot("1", "B"), "document": document(), "line": 1, "reason": "linked"}
    path = {"start": lot("0", "S"), "steps": [first, last], "left_out": 0}
    doubted = seller("B", confirmed=False, reasons=["pool", "carried_over"], path=path)
    text = tell(affected(seller("A"), doubted), 200)
    assert "S → B  [trade T-1]  (sold without a lot code, carried over in stock)" in text


def test_a_receipt_names_hands_and_what_is_not_recorded() -> None:
    line = {
        "line": 1,
        "product": "五花肉",
        "specification": None,
        "amounts": [{"amount": "0.500", "unit": "kg"}],
        "batch_code": "B1",
        "production_date": "2026-05-20",
        "expiry_date": None,
        "origin_text": None,
        "papers": [
            {
                "kind": "ASF",
                "number": "N1",
                "issuer": None,
                "valid_until": None,
                "verification": "declared",
            }
        ],
        "one_of": [
            {"code": "X1", "giver": "甲", "delivered": "2026-05-19", "confirmed": False},
            {"code": None, "giver": None, "delivered": "2026-05-20", "confirmed": False},
        ],
        "one_of_count": 3,
        "origins": [{"way": ["Farm", None, "Stall"], "known": False, "confirmed": False}],
        "origin_count": 3,
        "void": False,
    }
    receipt = {
        "number": "0042",
        "business_date": "2026-05-21",
        "shop": {"party": "P", "name": "肉铺", "location": "L", "location_name": None},
        "total_amount": "12.50",
        "currency": "CNY",
        "lines": [line],
        "event_id": None,
        "as_of": None,
    }
    text = shown(lambda console: show_receipt(console, receipt))
    assert "肉铺  L  0042  2026-05-21  12.5 CNY" in text
    assert "五花肉  0.5 kg  batch B1  produced 2026-05-20" in text
    assert "Stall ← one whose name isn't registered ← Farm ← nothing recorded before" in text
    assert "possible" in text
    assert "and 2 more origins" in text
    assert "五花肉 you bought came from one of these 3 lots" in text
    assert "X1  from 甲  delivered 2026-05-19" in text
    assert "no lot code  delivered 2026-05-20" in text
    assert "and 1 more" in text
    assert "ASF N1 (declared)" in text


def test_candidates_say_how_to_choose() -> None:
    batch = {"batch_id": "b1", "manufacturer": "M", "product": "P", "code": "7"}
    goods = {
        "batch": batch,
        "product_names": ["奶酪"],
        "production_dates": ["2026-01-01"],
        "lot_count": 45,
        "first_day": "2026-05-01",
        "last_day": "2026-05-21",
        "lots": [],
    }
    trace = {
        "code": "7",
        "product_names": [],
        "batches": [],
        "lots": [lot("l1", "A")],
        "lot_count": 1,
        "first_day": None,
        "last_day": None,
    }
    named = {"kind": "party", "subject": "P-9", "name": "王记", "scheme": "licence"}
    text = shown(lambda console: show_candidates(console, [goods, trace, document("V-1"), named]))
    assert "--batch b1" in text
    assert "--lot l1" in text
    assert "45" in text
    assert "trade V-1" in text
    assert "party 王记 (P-9)" in text


def test_a_problem_says_what_to_do_and_its_code() -> None:
    problem = Problem(status=404, code="code.unknown", zh="未知", en="Unknown", detail="[x]")
    text = shown(lambda console: show_problem(console, problem))
    assert "Unknown" in text
    assert "[x]  [code.unknown]" in text
    assert problem_json(problem)["code"] == "code.unknown"


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [("1234.500", "kg", "1,234.5 kg"), ("4890", "袋", "4,890 袋"), ("-0.25", "t", "-0.25 t")],
)
def test_quantities(amount: str, unit: str, text: str) -> None:
    assert quantities.quantity(amount, unit) == text


def test_a_long_path_counts_its_middle() -> None:
    steps = [{"lot": lot(str(n), f"P{n}"), "document": document(), "line": 1} for n in range(1, 9)]
    entry = {"start": lot("0", "P0"), "steps": steps, "left_out": 100}
    told = places.path(entry, places.Names([]))
    assert told == "P0 → P1 → ... 105 more ... → P7 → P8"
