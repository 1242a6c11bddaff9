"""`foodtrace location`, `party` and a recall from one place, at a real door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from foodtrace_deploy.commands.exits import Exit
from support import shop
from support.door import catch_up
from support.fixtures import Broker
from support.market import CODE, MARKET, SHOPS, STALLS, STRANGERS_KEY, market, sold_there


@pytest.fixture(scope="module")
def door(
    module_database: str, broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[shop.Shop]:
    folder: Path = tmp_path_factory.mktemp("door")
    with shop.opened(module_database, broker, "places.", folder / "door") as opened:
        file = folder / "events.ndjson"
        lines = (json.dumps(each, ensure_ascii=False) for each in (*market(), *sold_there()))
        file.write_text("\n".join(lines), encoding="utf-8")
        ran = opened.run("push", str(file), "--json")
        assert ran.code == 0, ran.err + ran.out
        catch_up(opened.settings, ran.json["files"][0]["after"])
        yield opened


def test_a_location_with_what_stands_in_it_and_its_tenants(door: shop.Shop) -> None:
    ran = door.run("location", MARKET, "--at", "2026-05-25", role="inspector")
    assert ran.code == 0, ran.err
    assert "第十七市场  M17  market" in ran.out
    assert "in 思明区 → 350200 → 350000" in ran.out
    assert "老李干酪 (now 李记奶酪) (SHOP-1)" in ran.out
    stall = door.run("location", STALLS[0], "--json", role="inspector")
    assert [each["occupant"] for each in stall.json["location"]["history"]] == list(SHOPS[:2])
    region = door.run("location", "350200", "--deep", "--json", role="inspector").json
    assert [each["depth"] for each in region["children"]] == [1, 2, 3, 3]


def test_a_party_by_a_code_on_a_day(door: shop.Shop) -> None:
    ran = door.run("party", "a1", "--at", "2026-05-25", role="inspector")
    assert ran.code == 0, ran.err
    assert "老李干酪 (now 李记奶酪)  SHOP-1" in ran.out
    assert "M17-A1" in ran.out
    both = door.run("party", "A1", role="inspector")
    assert both.code == Exit.AMBIGUOUS
    assert "阿二食品" in both.err
    stranger = door.run("party", STRANGERS_KEY, role="inspector")
    assert "unidentified (claims to be 张记水产, plate 闽D12345)" in stranger.out
    assert door.run("party", "NOBODY", role="inspector").code == Exit.NOT_KNOWN


def test_a_recall_from_one_market_and_in_groups(door: shop.Shop) -> None:
    ran = door.run("affected", CODE, "--within", MARKET, role="inspector")
    assert ran.code == 0, ran.err
    assert "outside: 4 sellers (4 confirmed, 0 possible), 3 of them at no known place" in ran.out
    assert "1 name no place in documents" in ran.out
    assert "STORE-1" not in ran.out
    grouped = door.run("--lang", "zh", "affected", CODE, "--by", "market", role="inspector")
    assert "按市场（3）" in grouped.out
    assert "第十七市场 (M17)" in grouped.out
    assert "不属于任何市场" in grouped.out
    told = door.run("affected", CODE, "--by", "party", "--json", role="inspector").json
    assert [each["key"] for each in told["groups"]][:2] == [STRANGERS_KEY, "BIG"]
