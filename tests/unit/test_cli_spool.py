"""`foodtrace spool`: what waits and what was refused, in both languages, beside a running ERP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foodtrace.problems import PROBLEMS
from foodtrace_client.answers import EventAnswer, Verdict
from foodtrace_client.spool import Spool
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.main import app
from foodtrace_deploy.texts import current, speak
from support.spooling import document


def ran(*arguments: str, code: int = 0, lang: str = "en") -> str:
    found = CliRunner().invoke(app, ["spool", *arguments, "--lang", lang])
    assert found.exit_code == code, found.output
    return str(found.stdout)


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """The language of this process is as it was."""
    before = current()
    yield
    speak(before)


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    made = Spool(tmp_path / "spool")
    yield made
    made.close()


def fill(spool: Spool, count: int) -> None:
    spool.append([json.dumps(document(number)).encode() for number in range(count)])


def refuse(spool: Spool) -> None:
    text = PROBLEMS["event.from-the-future"]
    (entry,) = spool.head(1, 1)
    answer = EventAnswer(
        position=0,
        verdict=Verdict.REFUSED,
        code="event.from-the-future",
        path="envelope.occurred_at",
        zh=text.zh,
        en=text.en,
    )
    spool.set_aside(entry, answer)
    spool.done(entry.number + 1)


def test_nothing_waits(spool: Spool) -> None:
    assert "nothing waits" in ran(str(spool.folder))
    assert "没有待发送的事件" in ran(str(spool.folder), lang="zh")


def test_what_waits_is_listed_beside_the_process_that_sends_it(spool: Spool) -> None:
    fill(spool, 5)
    spool.done(1)
    said = ran(str(spool.folder), "--limit", "3")
    assert "4 events wait" in said
    assert [f"t-{number}" in said for number in range(5)] == [False, True, True, True, False]
    assert "and 1 more" in said
    told = json.loads(ran(str(spool.folder), "--json"))
    assert (told["pending"], told["refused"], told["torn"]) == (4, 0, 0)
    first = told["events"][0]
    assert (first["number"], first["kind"], first["source_event_id"]) == (1, "trade", "t-1")


def test_what_was_refused_is_said_until_it_is_dropped(tmp_path: Path) -> None:
    used = Spool(tmp_path)
    fill(used, 2)
    refuse(used)
    folder = str(tmp_path)
    said = ran(folder, code=Exit.REFUSED)
    assert "1 events were refused" in said
    assert "t-0  envelope.occurred_at  " + PROBLEMS["event.from-the-future"].en in said
    assert PROBLEMS["event.from-the-future"].zh in ran(folder, code=Exit.REFUSED, lang="zh")
    told = json.loads(ran(folder, "--json", code=Exit.REFUSED))
    (refusal,) = told["refusals"]
    assert refusal["code"] == "event.from-the-future"
    assert json.loads(refusal["document"]) == document(0)
    busy = json.loads(ran(folder, "--json", "--forget-refused", code=Exit.FILE))
    assert busy["problem"]["code"] == "spool.busy"
    used.close()
    ran(folder, "--forget-refused")
    assert json.loads(ran(folder, "--json"))["refused"] == 0
    assert json.loads(ran(folder, "--json"))["pending"] == 1


def test_a_folder_that_is_no_spool_is_named(tmp_path: Path) -> None:
    told = json.loads(ran(str(tmp_path), "--json", code=Exit.FILE))
    assert told["problem"]["code"] == "spool.unknown"
