"""`foodtrace trace` and `affected` at a real door over a real ledger."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from foodtrace.events import Event
from foodtrace.quantity import Quantity
from foodtrace_schemas import json_form
from support import shop
from support.door import catch_up
from support.events import a_line, a_receipt, a_trade
from support.fixtures import Broker
from support.outbreak import NOROVIRUS, needs_norovirus


@pytest.fixture
def door(database: str, broker: Broker, topic_prefix: str, tmp_path: Path) -> Iterator[shop.Shop]:
    with shop.opened(database, broker, topic_prefix, tmp_path / "door") as opened:
        yield opened


def tell(door: shop.Shop, folder: Path, *events: Event) -> None:
    """Push events from a file and let the ledger take them in."""
    file = folder / "events.ndjson"
    file.write_bytes(b"".join(json_form.write_bytes(event) + b"\n" for event in events))
    ran = door.run("push", str(file), "--json")
    assert ran.code == 0, ran.err + ran.out
    catch_up(door.settings, ran.json["files"][0]["after"])


def cheese(code: str, amount: int, maker: str = "M", **more: Any) -> Any:
    bags = Quantity(Decimal(amount), "袋")
    return a_line(
        product="P-1", batch_code=code, manufacturer=maker, count=bags, **{"net_mass": None, **more}
    )


def test_a_recall_by_batch_code(door: shop.Shop, tmp_path: Path) -> None:
    younger: dict[str, Any] = {"production_date": date(2026, 5, 1)}
    older: dict[str, Any] = {"production_date": date(2026, 1, 1)}
    tell(
        door,
        tmp_path,
        a_trade("t1", seller="S", buyer="W", lines=[cheese("B-7", 100, **older)]),
        a_trade("t2", seller="W", buyer="R1", lines=[cheese("B-7", 60, **younger)]),
        a_trade("t3", seller="W", buyer="R2", lines=[cheese("B-7", 30, **older)]),
        a_receipt("r1", seller="R1", lines=[cheese("B-7", 4)]),
    )
    ran = door.run("affected", "b-7", role="inspector")
    assert ran.code == 0, ran.err
    assert "100 袋 in all = 96 袋 in book stock + 4 袋 sold to consumers" in ran.out
    for seller in ("W", "R1", "R2"):
        assert f" {seller} " in ran.out
    assert "date.younger" in ran.out
    told = door.run("affected", "B-7", "--json", role="inspector").json
    assert {each["party"] for each in told["sellers"]} >= {"W", "R1", "R2"}
    assert told["milliseconds"] > 0
    in_chinese = door.run("affected", "B-7", "--lang", "zh", role="inspector")
    assert "涉事经营者" in in_chinese.out
    assert "账面结存 96袋" in in_chinese.out


def test_an_ambiguous_code_shows_how_to_choose(door: shop.Shop, tmp_path: Path) -> None:
    tell(
        door,
        tmp_path,
        a_trade("t1", seller="S", buyer="W", lines=[cheese("20260521", 100, maker="M1")]),
        a_trade("t2", seller="S", buyer="X", lines=[cheese("20260521", 50, maker="M2")]),
    )
    ran = door.run("affected", "20260521", role="inspector")
    assert ran.code == 6
    chosen = [line.split()[1] for line in ran.err.splitlines() if "--batch" in line]
    assert len(chosen) == 2
    assert "M1" in ran.err
    listed = door.run("affected", "20260521", "--json", role="inspector").json
    assert len(listed["problem"]["candidates"]) == 2
    one = door.run("affected", "--batch", chosen[0], "--json", role="inspector")
    assert (one.code, one.json["seller_count"] >= 1) == (0, True)


def test_a_trace_goes_both_ways_from_any_hand(door: shop.Shop, tmp_path: Path) -> None:
    goods = a_line(codes=["T-9"])
    tell(
        door,
        tmp_path,
        a_trade("t1", seller="FARM", buyer="W", lines=[goods]),
        a_trade("t2", seller="W", buyer="R", lines=[goods]),
    )
    ran = door.run("trace", "T-9", role="inspector")
    assert ran.code == 0, ran.err
    up, down = ran.out.split("▼")
    assert "nothing recorded before" in up
    assert down.index("FARM") < down.index("W  trade") < down.index("R  trade")
    told = door.run("trace", "T-9", "--json", role="inspector").json
    assert [each["lot"]["holder"] for each in told["downstream"]["lots"]] == ["FARM", "W", "R"]


def test_a_receipt_leads_back_to_where_its_food_came_from(door: shop.Shop, tmp_path: Path) -> None:
    goods = a_line(codes=["T-9"], production_date=date(2026, 5, 20))
    tell(
        door,
        tmp_path,
        a_trade("t1", seller="FARM", buyer="R", lines=[goods]),
        a_receipt("r1", seller="R", code="XK-777", lines=[goods], document_number="0042"),
    )
    ran = door.run("trace", "xk-777", role="inspector")
    assert ran.code == 0, ran.err
    assert "0042" in ran.out
    assert "←" in ran.out
    by_number = door.run("trace", "0042", "--date", "2026-05-21", "--json", role="inspector")
    assert (by_number.code, by_number.json["receipt"]["number"]) == (0, "0042")


def test_what_is_not_known_or_no_goods_is_told(door: shop.Shop, tmp_path: Path) -> None:
    assert door.run("affected", "never", role="inspector").code == 5
    assert door.run("trace", "never", "--json", role="inspector").code == 5
    assert door.run("affected").code == 2
    without_key = shop.run("affected", "x", env={"FOODTRACE_URL": door.url})
    assert (without_key.code, "auth.missing" in without_key.err) == (7, True)


@needs_norovirus
def test_the_outbreak_in_the_terminal(door: shop.Shop, tmp_path: Path) -> None:
    pushed = door.run("import", "foodchain-lab", str(NOROVIRUS), "--json").json
    catch_up(door.settings, pushed["after"])
    told = door.run("affected", "108", "--json", role="inspector").json
    reached = {each["party_name"] for each in told["sellers"]} - {"Frozen Fruit Sales"}
    assert len(reached) == 36
    assert {each["party_name"] for each in told["source"]} == {
        f"Strawberry Farm {number}" for number in (1, 2, 3)
    }
    shown = door.run("affected", "108", role="inspector")
    assert shown.out.count("Day-care centre 15") >= 1
    narrow = shop.run(
        "affected",
        "108",
        env={"FOODTRACE_URL": door.url, "FOODTRACE_KEY": door.keys["inspector"], "COLUMNS": "60"},
    )
    for seller in told["sellers"]:
        assert seller["party_name"] in narrow.out
