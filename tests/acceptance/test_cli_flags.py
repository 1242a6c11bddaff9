"""`foodtrace flags` and `foodtrace trade` at a real door over a real ledger."""

from __future__ import annotations

from pathlib import Path

from foodtrace.events import Event
from foodtrace_schemas import json_form
from support import shop
from support.door import catch_up
from support.events import a_line, a_party, a_receipt, a_trade, a_voucher, kg
from support.fixtures import Broker


def test_flags_and_a_trade_at_the_keyboard(
    database: str, broker: Broker, topic_prefix: str, tmp_path: Path
) -> None:
    line = a_line(codes=["X"])
    sold = {"trade_no": "T-1", "reporter": "A"}
    events: list[Event] = [
        *(a_party(name, f"店{name}") for name in "AB"),
        a_voucher("v-1", receiver=None, lines=[a_line(codes=["X"], net_mass=kg(20))]),
        a_trade("t-1", lines=[line], **sold),
        a_receipt("r-1", lines=[a_line(codes=["X"], net_mass=kg(12))]),
    ]
    with shop.opened(database, broker, topic_prefix, tmp_path / "door") as door:
        file = tmp_path / "events.ndjson"
        file.write_bytes(b"".join(json_form.write_bytes(event) + b"\n" for event in events))
        pushed = door.run("push", str(file), "--json")
        catch_up(door.settings, pushed.json["files"][0]["after"])
        told = door.run("flags", role="inspector")
        assert told.code == 0, told.err
        assert "flags: 1 (2026-05-15 to 2026-05-21)" in told.out
        assert "More left than came in: 1  [lot.oversold]" in told.out
        assert "10 → 12 kg" in told.out
        chinese = door.run("flags", "--code", "date.younger", "--lang", "zh", role="inspector")
        assert "未见疑点" in chinese.out
        as_json = door.run("flags", "--party", "b", "--json", role="inspector").json
        assert [each["code"] for each in as_json["flags"]] == ["lot.oversold"]
        trade = door.run("trade", "A", "T-1", role="inspector")
        assert "trade T-1: 店A → 店B" in trade.out
