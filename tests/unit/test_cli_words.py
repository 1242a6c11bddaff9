"""What answers and help say in words: moments, facts of flags, kinds of places, signs, headings."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from rich.console import Console

from foodtrace.codes import canonical
from foodtrace_deploy.rendering import moments
from foodtrace_deploy.rendering.chain import show_chains
from foodtrace_deploy.rendering.flags import detail
from foodtrace_deploy.rendering.registers import show_location
from foodtrace_deploy.rendering.sellers import caption
from foodtrace_deploy.texts import speak


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    speak("zh")
    yield
    speak(None)


def test_moments_are_those_of_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    time.tzset()
    assert moments.moment("2026-05-21T06:30:05.123456Z") == "2026-05-21 14:30:05+08:00"
    monkeypatch.undo()
    time.tzset()
    assert moments.moment(None) == "–"


def test_dates_in_flags_have_names() -> None:
    flag = {"detail": "expiry_date: 2026-12-18 → 2026-12-19"}
    assert detail(flag) == "到期日: 2026-12-18 → 2026-12-19"
    assert detail({"detail": "erp: 5 kg; pos: 4 kg"}) == "erp: 5 kg; pos: 4 kg"
    told = "received m-2: 5 kg; giver w-1: 4 kg"
    assert detail({"detail": told}) == "第三方（收货） m-2: 5 kg; 卖方 w-1: 4 kg"
    assert detail({"detail": "received 5 kg"}) == "received 5 kg"
    assert detail({}) == ""


def test_signs_are_explained_where_they_stand() -> None:
    nothing: dict[str, list[dict[str, str]]] = {"figures": [], "made_with": [], "mixed": []}
    assert caption([nothing]) is None
    short = nothing | {"mixed": [{"book_stock": "-3"}]}
    told = caption([nothing, short])
    assert told is not None
    assert "≤" in told
    assert "出库多于入库" in told


def test_kinds_of_places_are_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    place = {"location": "M-1", "name": "海湾", "now": None, "kind": "market"}
    nothing: dict[str, list[object]] = {
        name: [] for name in ("above", "occupants", "history", "overlaps", "gaps")
    }
    answer = {"place": place, "at": "2026-05-21", "limited": False, **nothing}
    show_location(Console(width=80), answer, [], 0)
    show_location(Console(width=80), answer | {"place": place | {"kind": "kiosk"}}, [], 0)
    assert [line.split()[-1] for line in capsys.readouterr().out.splitlines()] == ["市场", "kiosk"]


def test_a_chain_is_folded_and_never_cut_off(capsys: pytest.CaptureFixture[str]) -> None:
    def reached(holder: str, depth: int, before: dict[str, str] | None) -> dict[str, object]:
        lot = {
            "lot_id": holder,
            "holder": canonical(holder),
            "location": "",
            "kind": "trace",
            "product": "",
            "code": "C" * 30,
        }
        document = {
            "kind": "trade",
            "document_number": "JY-" + "7" * 20,
            "event_id": "e",
            "business_date": "2026-05-21",
        }
        return {
            "lot": lot,
            "depth": depth,
            "before": before,
            "document": document if before else None,
            "confirmed": True,
        }

    way = {
        "lots": [reached("A", 0, None), reached("B" * 40, 1, {"lot_id": "A"})],
        "lot_count": 2,
        "circle": [],
        "completeness": {"as_of": None, "heard": []},
    }
    show_chains(Console(width=60, soft_wrap=True), "subject", way, way, depth=3)
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 60
    # Both ways: the day stands at the end of the longest line.
    assert "".join(line.strip("│├└─ ") for line in lines).count("2026-05-21") == 2


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("stock",), 2, "请给出代码"),
        (("status", "--data", "/nowhere/at/all", "--lang", "zh"), 4, "没有"),
        (("papers", "--help"), 0, "选项"),
    ],
)
def test_commands_speak_chinese(arguments: tuple[str, ...], code: int, words: str) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("FOODTRACE")}
    done = subprocess.run(
        [sys.executable, "-m", "foodtrace_deploy", *arguments],
        env=own | {"LC_ALL": "zh_CN.UTF-8", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert words in done.stdout + done.stderr
