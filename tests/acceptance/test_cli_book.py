"""`foodtrace stock` at a real door: a party's shelf, the lots of a code, nothing and nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foodtrace.events import Event
from foodtrace_schemas import json_form
from support import shop
from support.door import catch_up
from support.events import a_line, a_receipt, a_trade, kg
from support.fixtures import Broker


@pytest.fixture
def door(database: str, broker: Broker, topic_prefix: str, tmp_path: Path) -> Iterator[shop.Shop]:
    with shop.opened(database, broker, topic_prefix, tmp_path / "door") as opened:
        yield opened


def test_a_party_its_lots_and_what_is_not_known(door: shop.Shop, tmp_path: Path) -> None:
    events: list[Event] = [
        a_trade("t1", seller="S", buyer="R", lines=[a_line(codes=["X-1"])]),
        a_receipt("r1", seller="R", lines=[a_line(codes=["X-1"], net_mass=kg(12))]),
    ]
    file = tmp_path / "events.ndjson"
    file.write_bytes(b"".join(json_form.write_bytes(event) + b"\n" for event in events))
    catch_up(door.settings, door.run("push", str(file), "--json").json["files"][0]["after"])
    told = door.run("stock", "--party", "r", role="inspector")
    assert told.code == 0, told.err
    assert told.out.startswith("stock of R\n")
    assert "-2" in told.out
    assert "[lot.oversold]" in told.out
    lot = door.run("stock", "x-1", "--party", "R", "--json").json["lots"]
    assert [each["stock"]["equations"][0]["book_stock"] for each in lot] == ["-2"]
    before = door.run("stock", "--party", "R", "--at", "2026-05-20")
    assert "nothing is recorded as coming in or going out" in before.out
    nobody = door.run("stock", "--party", "nobody", "--lang", "zh")
    assert (nobody.code, "[party.unknown]" in nobody.err) == (5, True)
