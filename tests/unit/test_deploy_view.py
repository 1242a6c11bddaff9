"""What a person, and what a program, is told while a stack starts and runs."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from rich.console import Console

from foodtrace_deploy import view
from foodtrace_deploy.stack.notice import Changed, Fetched, Said
from foodtrace_deploy.stack.part import PartReport, Stage
from foodtrace_deploy.stack.stack import Running
from foodtrace_deploy.stack.why import why
from foodtrace_deploy.texts import speak
from foodtrace_ops.settings import Settings


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    speak("en")
    yield
    speak(None)


@pytest.fixture
def shown() -> Iterator[tuple[view.View, io.StringIO]]:
    file = io.StringIO()
    with view.View(Console(file=file, width=200)) as made:
        yield made, file


def _report(stage: Stage) -> PartReport:
    return PartReport(
        name="worker-0",
        stage=stage,
        pid=1,
        ports=(18400,),
        restarts=1,
        log=Path("worker-0.log"),
        why="exit 70: no [such] table",
        pause=0.5,
    )


def test_a_person_reads_sentences(shown: tuple[view.View, io.StringIO]) -> None:
    tell, file = shown
    for stage in (Stage.STARTING, Stage.READY, Stage.PAUSING, Stage.FAILED, Stage.STOPPED):
        tell(Changed(report=_report(stage)))
    assert file.getvalue().splitlines() == [
        "  ✓ worker-0 :18400 is ready",
        "  ✗ worker-0 ended (exit 70: no [such] table); it starts again in 0.5 s",
        "  ✗ worker-0 ended and a restart can't help (exit 70: no [such] table); "
        "its whole log: worker-0.log",
    ]


def test_a_download_is_told_in_quarters_where_nothing_can_be_drawn(
    shown: tuple[view.View, io.StringIO],
) -> None:
    tell, file = shown
    for done in range(0, 101, 10):
        tell(Fetched(done=done, total=100))
    assert [line[-4:].strip() for line in file.getvalue().splitlines()] == [
        "25 %",
        "50 %",
        "75 %",
        "00 %",
    ]


def test_a_download_is_drawn_on_a_terminal() -> None:
    file = io.StringIO()
    with view.View(Console(file=file, force_terminal=True, width=100)) as tell:
        tell(Fetched(done=1, total=100))
        tell(Fetched(done=100, total=100))
        tell(Said(key="stopped-early"))
    assert "Fetching Apache Kafka" in file.getvalue()


def test_a_program_reads_objects(capsys: pytest.CaptureFixture[str]) -> None:
    view.json_news(Said(key="fetching-kafka", fields={"url": "http://h", "cache": "/c"}))
    view.json_news(Fetched(done=1, total=2))
    view.json_news(Changed(report=_report(Stage.READY)))
    news, part = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert news["news"] == "fetching-kafka"
    assert (part["part"]["name"], part["part"]["stage"]) == ("worker-0", "ready")


@pytest.mark.parametrize("keys", [{"admin": "ft_admin_1"}, {}])
def test_addresses_and_keys_are_shown_once_the_password_never(keys: dict[str, str]) -> None:
    running = Running(
        api_url="http://127.0.0.1:8400",
        brokers="127.0.0.1:19092",
        broker_kind="kafka",
        database_url=SecretStr("postgresql://foodtrace:hidden@127.0.0.1:15432/foodtrace"),
        keys=keys,
        data=Path("/data"),
        settings=Settings(),
    )
    file = io.StringIO()
    view.ready(running, Console(file=file, width=200))
    assert "127.0.0.1:15432/foodtrace" in file.getvalue()
    assert "hidden" not in file.getvalue()
    assert ("ft_admin_1" in file.getvalue()) is bool(keys)
    assert ("--new-keys" in file.getvalue()) is not bool(keys)


@pytest.mark.parametrize(
    ("log", "code", "expected"),
    [
        ("", -9, "SIGKILL"),
        ("one\ntwo\n", -9, "SIGKILL"),
        ('{"event": "tries again", "problem": "ledger.away"}\n' + "one\ntwo\n", -9, "SIGKILL"),
        ('{"level": "warning", "event": "again", "problem": "ledger.held"}\n', -9, "SIGKILL"),
        ('{"event": "ends", "problem": "bus.log-cut"}\nbye\n', -9, "SIGKILL: ends - bus.log-cut"),
        ("one\ntwo\nthree\n", -11, "SIGSEGV: two | three"),
        ("not ready: no disk\n", -15, "SIGTERM: not ready: no disk"),
        ("one\n\ntwo\nthree\n", 1, "exit 1: two | three"),
        ("2026-11-22 03:12:04.251 GMT [30455]  LOG:  shut down\n", 0, "exit 0: LOG:  shut down"),
        (
            '{"event": "worker ends", "problem": "bus.log-cut", "advice": "Restore it"}\n'
            '{"event": "bye"}\n',
            82,
            "exit 82: worker ends - bus.log-cut - Restore it",
        ),
        (
            '{"event": "broken", "exception": "Traceback\\n  at\\nValueError: x"}\n{"event": 1}\n',
            70,
            "exit 70: broken - ValueError: x",
        ),
        ("{not json\n", 1, "exit 1: {not json"),
        (
            "ERROR Encountered fatal fault\nFatal: no acceptor\n\tat kafka.Kafka.main(Kafka.scala)\n"
            "Caused by: failed to bind to 127.0.0.1:19093: Address already in use.\n"
            + "\tat java.base/sun.nio.ch.Net.bind0(Native Method)\n" * 30
            + "\t... 18 more\n",
            1,
            "exit 1: Fatal: no acceptor"
            " | Caused by: failed to bind to 127.0.0.1:19093: Address already in use.",
        ),
    ],
)
def test_why_is_one_line(tmp_path: Path, log: str, code: int, expected: str) -> None:
    (tmp_path / "log").write_text(log)
    assert why(code, tmp_path / "log") == expected


def test_a_part_without_a_log_still_has_a_reason(tmp_path: Path) -> None:
    assert why(-15, tmp_path / "none") == "SIGTERM"
