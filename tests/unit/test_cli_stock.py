"""The book of stock in the terminal: the equation, what was counted, and what doesn't add up."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from foodtrace.flags import FLAGS
from foodtrace_api.examples import example
from foodtrace_deploy.rendering.stock import show_lots, show_stock
from foodtrace_deploy.texts import speak

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    speak("en")
    yield
    speak(None)


def figures(unit: str = "袋", **amounts: str) -> Json:
    names = (
        "opening",
        "opened",
        "implied",
        "sold",
        "used",
        "disposed",
        "moved",
        "returned",
        "adjusted",
    )
    nothing = dict.fromkeys((*names, "retail", "book_stock"), "0")
    return {"dimension": unit, "unit": unit, **nothing, **amounts}


def book(**more: Any) -> Json:
    """The documentation's example with other facts in its line."""
    answer: Json = deepcopy(example("stock"))
    answer["lines"][0] |= more
    return answer


def shown(answer: Json, width: int = 120) -> str:
    out = StringIO()
    console = Console(file=out, width=width, highlight=False, soft_wrap=True)
    show_stock(console, answer, "stock of SHOP-1")
    return out.getvalue()


def odd(code: str, **more: Any) -> Json:
    text = FLAGS[code]
    nothing = {"unit": None, "first": None, "until": None, "lowest": None, "detail": ""}
    return {"code": code, "zh": text.zh, "en": text.en, **nothing, **more}


COUNT: Json = {"lot": None, "day": "2026-05-21", "unit": "袋", "found": "7", "book_stock": "15"}


def test_the_equation_stands_in_columns_with_the_count_beside_it() -> None:
    told = shown(book(found=[COUNT], found_count=1))
    head, row = (
        next(line for line in told.splitlines() if name in line)
        for name in (" product ", "再制干酪")
    )
    assert head.split() == ["product", "received", "retail", "book", "stock", "unit", "counted"]
    assert row.split()[:5] == ["再制干酪", "20", "5", "15", "袋"]
    assert "7 (05-21; books then 15)" in row


def test_on_a_narrow_screen_the_equation_is_a_line() -> None:
    told = shown(book(found=[COUNT]), width=30)
    assert "received 20 − retail 5 = book stock 15 袋  7 (05-21; books then 15)" in told


def test_what_does_not_add_up_is_told_below() -> None:
    short = odd("lot.oversold", unit="袋", first="2026-05-20", lowest="-6")
    covered = {**short, "until": "2026-05-22"}
    told = shown(book(odd=[short, covered, odd("unit.incomparable", detail="kg, 箱")]))
    assert "what doesn't add up: 3" in told
    assert "from 2026-05-20  down to -6 袋  [lot.oversold]" in told
    assert "from 2026-05-20, covered again on 2026-05-22" in told
    assert "kg, 箱  [unit.incomparable]" in told


def test_units_that_convert_have_a_row_of_their_own() -> None:
    told = shown(book(comparable=figures(opened="48", book_stock="-2")))
    assert "再制干酪 (converted)" in told
    assert "-2" in told


def test_goods_that_may_not_be_sold_stand_apart() -> None:
    told = shown(book(keeping="waiting"))
    assert "returned and not released, not for sale" in told


def test_goods_kept_for_somebody_say_by_whom() -> None:
    other = book(kept_by=["SLAUGHTERHOUSE"])
    other["lines"].append({**other["lines"][0], "party": "B", "kept_by": [], "partial": True})
    told = shown(other)
    assert "SHOP-1 (kept by SLAUGHTERHOUSE)" in told
    assert "B (only what lies here)" in told


def test_nothing_recorded_is_said_in_words() -> None:
    told = shown({**book(), "lines": []})
    assert "nothing is recorded as coming in or going out" in told
    assert "as of" in told


def test_lots_of_one_code_stand_in_one_table() -> None:
    out = StringIO()
    console = Console(file=out, width=120, highlight=False, soft_wrap=True)
    show_lots(console, [example("lot_stock")], "stock of lot X", more=3)
    assert "SHOP-1" in out.getvalue()
    assert "and 3 more hands" in out.getvalue()


def test_the_same_in_chinese() -> None:
    speak("zh")
    told = shown(
        book(found=[COUNT], odd=[odd("lot.oversold", unit="袋", first="2026-05-20", lowest="-6")])
    )
    for word in ("账面结存", "实盘", "账不平 1 处", "2026-05-20 起", "最低 -6袋"):
        assert word in told
