"""Chains as people read them: names, codes where they change, stock carried over, what is left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from foodtrace_deploy.rendering.chain import show_chains
from foodtrace_deploy.texts import speak
from support.told import COMPLETE, Json, document, lot, shown


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    speak("en")
    yield
    speak(None)


def reached(lot_: Json, before: Json | None, depth: int, **more: Any) -> Json:
    plain = {
        "lot": lot_,
        "party_name": None,
        "location_name": None,
        "depth": depth,
        "confirmed": True,
        "unlinked": False,
        "before": before,
        "reason": "linked" if before else None,
        "document": document() if before else None,
        "line": 1 if before else None,
        "delivered": None,
        "drawn": None,
    }
    return {**plain, **more}


def chain(*lots: Json, **more: Any) -> Json:
    return {
        "lots": list(lots),
        "next": None,
        "lot_count": len(lots),
        "circle": [],
        "completeness": COMPLETE,
        **more,
    }


def tree(up: Json, down: Json, depth: int = 12) -> str:
    return shown(lambda console: show_chains(console, "subject", up, down, depth=depth))


def test_a_process_is_seen_through() -> None:
    start, node, child = lot("1", "A"), lot("2", "A", "x", "process"), lot("3", "A", "D")
    down = chain(reached(start, None, 0), reached(node, start, 1), reached(child, node, 2))
    text = tree(chain(reached(start, None, 0)), down)
    assert "nothing recorded before" in text
    lines = [line for line in text.splitlines() if "─ A" in line]
    assert len(lines) == 2
    assert lines[1].index("A") - lines[0].index("A") == 4


def test_a_code_is_told_where_it_changes_and_possible_links_are_marked() -> None:
    start, same, other = lot("1", "A"), lot("2", "B"), lot("3", "C", "NEW")
    down = chain(
        reached(start, None, 0),
        reached(same, start, 1),
        reached(other, same, 2, confirmed=False),
    )
    lines = tree(chain(reached(start, None, 0)), down).splitlines()
    assert [line for line in lines if "─ B  trade T-1" in line]
    assert [line for line in lines if "─ C  NEW  trade T-1 2026-05-21  possible" in line]


def test_names_and_places_stand_for_ids_and_stock_carried_over_tells_its_days() -> None:
    start, pool = lot("1", "A"), {**lot("2", "B", "2026-05-23", "pool"), "location": "S1"}
    days = {"delivered": "2026-05-21", "drawn": "2026-05-23"}
    carried = reached(
        pool, start, 1, reason="carried_over", document=None, line=None, confirmed=False, **days
    )
    named = {**carried, "party_name": "菜摊", "location_name": "一号摊"}
    text = tree(chain(reached(start, None, 0)), chain(reached(start, None, 0), named))
    assert "菜摊 · 一号摊  2026-05-23  carried over in stock 2026-05-21 → 2026-05-23" in text
    assert "possible" in text


def test_a_chain_of_ten_thousand_says_how_much_lies_below() -> None:
    lots = [lot(str(number), f"P{number}") for number in range(10_000)]
    steps = [reached(lots[0], None, 0)]
    steps += [reached(lots[n], lots[n - 1], n) for n in range(1, 10_000)]
    text = tree(chain(reached(lots[0], None, 0)), chain(*steps))
    assert "P11 " in text
    assert "... 9,988 more below" in text


def test_lots_not_fetched_and_circles_are_told() -> None:
    start = lot("1", "A")
    down = chain(reached(start, None, 0), lot_count=500, circle=[lot("9", "X", "LOOP")])
    text = tree(chain(reached(start, None, 0)), down)
    assert "and 499 more lots" in text
    assert "runs in a circle: LOOP" in text
