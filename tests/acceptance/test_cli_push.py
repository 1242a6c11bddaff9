"""`foodtrace push`, `import` and `keys` at a real door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from foodtrace_schemas import json_form
from support import shop
from support.events import a_trade
from support.fixtures import Broker
from support.outbreak import NOROVIRUS, needs_norovirus


@pytest.fixture
def door(
    database: str,
    broker: Broker,
    topic_prefix: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[shop.Shop]:
    monkeypatch.chdir(tmp_path)
    with shop.opened(database, broker, topic_prefix, tmp_path / "door") as opened:
        yield opened


def lines(*documents: dict[str, Any] | str) -> bytes:
    return "".join(
        (each if isinstance(each, str) else json.dumps(each)) + "\n" for each in documents
    ).encode()


def trade(number: str, **more: Any) -> dict[str, Any]:
    return {**json_form.write(a_trade(number)), **more}


def test_a_file_is_pushed_once_however_often(door: shop.Shop, tmp_path: Path) -> None:
    file = tmp_path / "day.ndjson"
    file.write_bytes(lines(*(trade(f"t{n}") for n in range(5))))
    first = door.run("push", str(file), "--batch", "2", "--json")
    assert (first.code, first.json["files"][0]["accepted"]) == (0, 5)
    assert first.json["files"][0]["after"]
    assert door.run("push", str(file)).code == 0
    assert not list(tmp_path.glob("*.refused.ndjson"))


def test_refused_events_are_listed_kept_and_pushed_again_once_corrected(
    door: shop.Shop, tmp_path: Path
) -> None:
    bad = trade("bad")
    bad["lines"][0]["net_mass"]["amount"] = "-1"
    file = tmp_path / "day.ndjson"
    file.write_bytes(lines(trade("good"), "{broken", "", bad))
    ran = door.run("push", str(file))
    assert ran.code == 1
    assert "1 accepted" in ran.err
    assert "line 4" in ran.err
    assert "lines[0].net_mass.amount" in ran.err
    refused = tmp_path / "day.ndjson.refused.ndjson"
    kept = [json.loads(line) for line in refused.read_text().splitlines()]
    assert [each["_refused"]["number"] for each in kept] == [2, 4]
    kept[1]["lines"][0]["net_mass"]["amount"] = "1"
    refused.write_bytes(lines(kept[1]))
    again = door.run("push", str(refused), "--json")
    assert (again.code, again.json["files"][0]["accepted"]) == (0, 1)


def test_csv_names_row_and_column(door: shop.Shop, tmp_path: Path) -> None:
    file = tmp_path / "出库.csv"
    text = "数据来源,来源事件号,业务时间,卖方,买方,产品名称,数量,数量单位\n"
    text += "erp,1,2026-05-21,甲,乙,奶酪,45,袋\n"
    text += "erp,2,2026-05-21,甲,乙,奶酪,0,袋\n"
    text += "erp,3,2026-02-31,甲,乙,奶酪,1,袋\n"
    file.write_bytes(text.encode("gb18030"))
    ran = door.run("push", str(file), "--kind", "trade", "--json")
    assert ran.code == 1
    [told] = ran.json["files"]
    assert (told["events"], told["accepted"], told["refused"]) == (3, 1, 2)
    places = {each["path"] for each in told["refusals"]}
    assert places == {"row 3, count", "row 4, occurred_at"}


def test_standard_input_in_chinese(door: shop.Shop) -> None:
    ran = door.run("push", "-", "--lang", "zh", stdin=lines(trade("a"), trade("b", kind="moon")))
    assert ran.code == 1
    assert "接受 1" in ran.err
    assert "第 2 行" in ran.err
    assert Path("stdin.refused.ndjson").exists()


def test_a_key_that_may_not_push_is_told_so(door: shop.Shop, tmp_path: Path) -> None:
    file = tmp_path / "day.json"
    file.write_text(json.dumps([trade("a")]))
    ran = door.run("push", str(file), role="inspector")
    assert ran.code == 1
    assert "auth.forbidden" in ran.err + (tmp_path / "day.json.refused.ndjson").read_text()
    ran = shop.run("push", str(file), env={"FOODTRACE_URL": door.url, "FOODTRACE_KEY": "wrong"})
    assert (ran.code, "auth.unknown" in ran.err) == (7, True)


def test_nobody_there_and_no_file(door: shop.Shop, tmp_path: Path) -> None:
    missing = door.run("push", str(tmp_path / "none.csv"), "--json")
    assert (missing.code, missing.json["problem"]["code"]) == (8, "file.unreadable")
    (tmp_path / "a.ndjson").write_bytes(lines(trade("a")))
    away = shop.run("push", str(tmp_path / "a.ndjson"), "--data", str(tmp_path / "nowhere"))
    assert (away.code, "foodtrace up" in away.err) == (4, True)
    assert door.run("push").code == 2


@needs_norovirus
def test_an_outbreak_is_imported(door: shop.Shop, tmp_path: Path) -> None:
    ran = door.run("import", "foodchain-lab", str(NOROVIRUS), "--json")
    assert ran.code == 0
    told = ran.json
    assert (told["stations"], told["deliveries"], told["relations"]) == (48, 94, 466)
    assert told["accepted"] == told["events"]
    out = tmp_path / "out.ndjson"
    assert door.run("import", "foodchain-lab", str(NOROVIRUS), "--out", str(out)).code == 0
    assert len(out.read_text().splitlines()) == told["events"]
    unknown = door.run("import", "foodchain-lab", str(NOROVIRUS), "--stop-at", "Caterer 33")
    assert (unknown.code, "fcl.unknown-station" in unknown.err) == (8, True)


def test_keys_and_mandates(door: shop.Shop, tmp_path: Path) -> None:
    made = door.run(
        "keys", "issue", "reporter", "--reporter", "market-17", "--source", "m17", role="admin"
    )
    assert made.code == 0
    [clear] = made.out.split()
    listed = door.run("keys", "list", "--json", role="admin")
    [mine] = [each for each in listed.json["keys"] if each["reporter"] == "market-17"]
    granted = door.run(
        "keys",
        "mandate",
        "grant",
        "market-17",
        "--party",
        "A",
        "--from",
        "2026-01-01",
        "--json",
        role="admin",
    )
    assert (granted.code, granted.json["party"]) == (0, "A")
    file = tmp_path / "day.ndjson"
    own = trade("x")
    own["envelope"].pop("event_id")
    own["envelope"]["source"] = "m17"
    file.write_bytes(lines(own))
    assert shop.run("push", str(file), "--url", door.url, "--key", clear).code == 0
    assert door.run("keys", "revoke", mine["id"], role="admin").code == 0
    assert shop.run("push", str(file), "--url", door.url, "--key", clear).code == 7
    assert "market-17" in door.run("keys", "mandate", "list", role="admin").out
    assert door.run("keys", "list", role="inspector").code == 7
    assert door.run("keys", "revoke", "nonsense", role="admin").code == 1
