"""The list of flags and a trade as people read them, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from foodtrace.flags import FLAGS
from foodtrace_deploy.rendering.flag_list import show_flag_list
from foodtrace_deploy.rendering.trade import show_trade
from foodtrace_deploy.texts import speak

Json = dict[str, Any]
COMPLETE: Json = {
    "as_of": "2026-05-21T08:00:00Z",
    "positions": [],
    "in_flight": 0,
    "heard": [],
    "dead_letters": 0,
    "unknown_parents": 0,
    "possible_links": 0,
}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    speak("en")
    yield
    speak(None)


def shown(show: Callable[[Console, Any], None], answer: Json) -> str:
    out = StringIO()
    show(Console(file=out, width=160, highlight=False, soft_wrap=True), answer)
    return out.getvalue()


def flag(code: str, number: int, **more: Any) -> Json:
    text = FLAGS[code]
    return {
        "code": code,
        "zh": text.zh,
        "en": text.en,
        "detail": f"{number} → 90 袋",
        "day": "2026-05-21",
        "holder": "SHOP",
        "holder_name": "张记",
        "location": None,
        "location_name": None,
        "product": "CHEESE",
        "event_id": "e",
        "document": document("receipt"),
        "lot_id": "l",
        "lot": {"code": "20260521"},
        **more,
    }


def document(kind: str, event: str = "e") -> Json:
    return {
        "event_id": event,
        "kind": kind,
        "source": "erp",
        "document_type": None,
        "document_number": f"N-{event}",
        "business_date": "2026-05-21",
        "received_at": "2026-05-21T08:00:00Z",
    }


def page(*flags: Json, onward: str | None = None) -> Json:
    days = {"first_day": "2026-05-15", "last_day": "2026-05-21"}
    return {"flags": list(flags), "next": onward, **days, "completeness": COMPLETE}


def test_flags_are_grouped_with_their_counts_the_most_frequent_first() -> None:
    few = flag("lot.oversold", 1)
    many = [flag("party.unidentified", n, lot=None, product=None) for n in (2, 3)]
    text = shown(show_flag_list, page(few, *many, onward="more"))
    assert "flags: 3 (2026-05-15 to 2026-05-21)" in text
    assert text.index("[party.unidentified]") < text.index("[lot.oversold]")
    assert f"{FLAGS['lot.oversold'].en}: 1  [lot.oversold]" in text
    assert "张记" in text
    assert "20260521 CHEESE" in text
    assert "only the first 3 are listed" in text


def test_nothing_odd_says_so_for_which_days_in_either_language() -> None:
    assert "nothing is odd (2026-05-15 to 2026-05-21)" in shown(show_flag_list, page())
    speak("zh")
    assert "未见疑点" in shown(show_flag_list, page())
    assert FLAGS["lot.oversold"].zh in shown(show_flag_list, page(flag("lot.oversold", 1)))


def report(told_by: str | None, aspect: str, event: str) -> Json:
    return {"told_by": told_by, "aspect": aspect, "document": document("trade", event)}


def test_a_trade_shows_reports_side_by_side_and_what_counts() -> None:
    said = [{"event_id": "a", "amount": "20"}, {"event_id": "b", "amount": "18"}]
    trade = {
        "seller": "W",
        "seller_name": "批发商",
        "trade_no": "T-1",
        "buyers": ["S"],
        "reports": [report("seller", "shipped", "a"), report("buyer", "received", "b")],
        "orders": [report(None, "ordered", "o")],
        "payments": [report(None, "paid", "p")],
        "lines": [
            {
                "product": "CHEESE",
                "batch": "B",
                "codes": [],
                "unit": "袋",
                "said": said,
                "out": "20",
                "into": "18",
                "differs": True,
            }
        ],
        "limited": True,
        "completeness": COMPLETE,
    }
    text = shown(show_trade, trade)
    assert "trade T-1: 批发商 → S" in text
    row = next(line for line in text.splitlines() if line.startswith("CHEESE B"))
    assert row.split() == ["CHEESE", "B", "20", "18", "20", "袋", "18", "袋", "differs"]
    assert "joined by reference, moving nothing:" in text
    assert text.count("ordered") == text.count(" paid ") == 1
    assert "only the reports that this key may read" in text
