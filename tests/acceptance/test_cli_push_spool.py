"""`foodtrace push --spool`: whatever was read is sent in order, whenever there is a server again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from foodtrace_bus.cluster import Cluster
from foodtrace_client.spool import Spool
from foodtrace_client.spool_view import look
from foodtrace_schemas import json_form
from foodtrace_schemas.topics import topic_of
from support import shop
from support.door import records
from support.events import a_trade
from support.fixtures import Broker

NOBODY = ("--url", "http://127.0.0.1:1", "--patience", "0")


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


def trade(number: int, **more: Any) -> dict[str, Any]:
    return {**json_form.write(a_trade(f"t{number}")), **more}


def write(file: Path, *documents: dict[str, Any] | str) -> str:
    told = (each if isinstance(each, str) else json.dumps(each) for each in documents)
    file.write_text("".join(line + "\n" for line in told), encoding="utf-8")
    return str(file)


def in_topic(door: shop.Shop) -> list[list[str]]:
    """Event ids of the trades in their topic, by partition."""
    settings = door.settings
    topic = topic_of("trade", settings.topic_prefix)
    with Cluster(settings.brokers) as cluster:
        ends = cluster.ends((topic, n) for n in range(cluster.logs([topic])[topic].partitions))
    assert isinstance(ends, dict)
    return [
        [record.key.decode() for record in records(settings.brokers, topic, part, 0, end)]
        for (_, part), end in ends.items()
    ]


def test_what_found_no_server_is_sent_later_in_order_with_what_came_since(
    door: shop.Shop, broker: Broker, tmp_path: Path
) -> None:
    spool = str(tmp_path / "spool")
    first = write(tmp_path / "a.ndjson", *(trade(n) for n in range(5)))
    ran = shop.run("push", first, "--spool", spool, *NOBODY)
    assert (ran.code, "5 events wait" in ran.err) == (4, True)
    assert "api.unreachable" in ran.err
    assert f"foodtrace push --spool {spool}" in ran.err
    # Not even an address is known: taken in all the same.
    second = write(tmp_path / "b.ndjson", *(trade(n) for n in range(5, 8)))
    lost = shop.run("push", second, "--spool", spool, "--patience", "0", "--data", "none", "--json")
    assert (lost.code, lost.json["spool"]["pending"]) == (4, 8)
    assert lost.json["spool"]["problem"]["code"] == "api.unreachable"
    numbers = [each["source_event_id"] for each in lost.json["spool"]["events"]]
    assert numbers == [f"t{n}" for n in range(5)]
    # A key that nobody knows doesn't do by waiting: told at once, nothing is dropped.
    denied = shop.run(
        "push", "--spool", spool, env={"FOODTRACE_URL": door.url, "FOODTRACE_KEY": "x"}
    )
    assert (denied.code, "auth.unknown" in denied.err) == (7, True)
    sent = door.run("push", "--spool", spool, "--json")
    assert (sent.code, sent.json["spool"]["pending"]) == (0, 0)
    assert sent.json["files"] == []
    if broker.kind == "kafka":
        order = [trade(n)["envelope"]["event_id"] for n in range(8)]
        found = in_topic(door)
        assert sorted(each for part in found for each in part) == sorted(order)
        assert all(part == sorted(part, key=order.index) for part in found)


def test_wrong_ones_are_kept_apart_by_this_side_and_by_the_server(
    door: shop.Shop, tmp_path: Path
) -> None:
    spool = str(tmp_path / "spool")
    wrong = trade(1)
    wrong["lines"][0]["net_mass"]["amount"] = "-1"
    late = trade(2)
    late["envelope"] |= {"occurred_at": "2099-01-01T00:00:00Z", "business_date": "2099-01-01"}
    file = write(tmp_path / "day.ndjson", trade(0), "{broken", wrong, late, trade(3))
    ran = door.run("push", file, "--spool", spool, "--lang", "zh")
    assert ran.code == 1
    assert "第 3 行" in ran.err
    assert "lines[0].net_mass.amount" in ran.err
    kept = [json.loads(line) for line in Path(file + ".refused.ndjson").read_text().splitlines()]
    assert [each["_refused"]["number"] for each in kept] == [2, 3]
    [refused] = look(Path(spool)).refused
    assert refused.code == "event.from-the-future"
    assert look(Path(spool)).pending == 0
    # It lies there until somebody has seen to it.
    assert door.run("push", "--spool", spool).code == 1
    assert door.run("spool", spool, "--forget-refused").code == 0
    assert door.run("push", "--spool", spool).code == 0


def test_a_spool_that_another_process_uses_is_named(door: shop.Shop, tmp_path: Path) -> None:
    used = Spool(tmp_path / "spool")
    try:
        ran = door.run("push", "--spool", str(used.folder), "--json")
        assert (ran.code, ran.json["problem"]["code"]) == (8, "spool.busy")
    finally:
        used.close()
