"""The supervisor with small processes as parts: restarts, reasons, order, and nobody left behind."""

from __future__ import annotations

import json
import os
import queue
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from foodtrace_deploy.stack import keeper, spawn
from foodtrace_deploy.stack.part import PartReport, Stage
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.stack.supervisor import Supervisor
from support import parts
from support.run import TESTS

#: Longer than anything here takes; a test that waits this long has failed.
PATIENCE = 60.0


class Watched:
    """A supervisor whose news can be waited for."""

    def __init__(self) -> None:
        self.news: queue.Queue[PartReport] = queue.Queue()
        self.supervisor = Supervisor(self.news.put)

    def until(self, is_it: Callable[[PartReport], bool]) -> PartReport:
        """The next news of that kind."""
        while True:
            report = self.news.get(timeout=PATIENCE)
            if is_it(report):
                return report

    def until_stage(self, stage: Stage) -> PartReport:
        """The next news that a part has this stage."""
        return self.until(lambda report: report.stage is stage)


@pytest.fixture
def watched() -> Iterator[Watched]:
    made = Watched()
    yield made
    made.supervisor.stop()


def test_a_killed_part_comes_back_and_says_why(watched: Watched, tmp_path: Path) -> None:
    watched.supervisor.run(parts.part(tmp_path, "obedient"))
    first = watched.until_stage(Stage.READY)
    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)
    pausing = watched.until_stage(Stage.PAUSING)
    assert pausing.why == "SIGKILL"
    again = watched.until_stage(Stage.READY)
    assert again.restarts == 1
    assert again.pid != first.pid


def test_pauses_grow(watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "PAUSES", (0.01, 0.02, 0.04))
    watched.supervisor.start(parts.part(tmp_path, "dying"))
    told = [watched.until_stage(Stage.PAUSING) for _ in range(4)]
    assert [report.pause for report in told] == [0.01, 0.02, 0.04, 0.04]
    assert told[0].why == "exit 1: out of paper"


def test_what_was_ready_is_started_again_soon_however_often_it_ends(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "PAUSES", (0.01, 0.02, 0.04))
    monkeypatch.setattr(keeper, "LONGEST_AFTER_READY", 0.02)
    watched.supervisor.start(parts.part(tmp_path, "obedient"))
    pauses = []
    for _ in range(4):
        ready = watched.until_stage(Stage.READY)
        assert ready.pid is not None
        os.kill(ready.pid, signal.SIGKILL)
        pauses.append(watched.until_stage(Stage.PAUSING).pause)
    assert pauses == [0.01, 0.02, 0.02, 0.02]


def test_a_part_that_never_gets_ready_is_told_at_once(watched: Watched, tmp_path: Path) -> None:
    with pytest.raises(StackProblem) as caught:
        watched.supervisor.run(parts.unready(tmp_path))
    assert caught.value.key == "part-failed"
    assert "no such table" in caught.value.sentence("en")


@pytest.mark.parametrize(("kind", "vital"), [("final", False), ("dying", True)])
def test_where_a_restart_cant_help_there_is_none(
    watched: Watched, tmp_path: Path, kind: str, vital: bool
) -> None:
    watched.supervisor.start(parts.part(tmp_path, kind, vital=vital))
    failed = watched.until_stage(Stage.FAILED)
    assert failed.restarts == 0
    assert failed.why


def test_parts_end_in_order(watched: Watched, tmp_path: Path) -> None:
    names = ("postgres", "api", "worker-0")
    watched.supervisor.run(*(parts.part(tmp_path, name, kind="orderly") for name in names))
    watched.supervisor.stop(("api",), ("worker",))
    ended = [
        watched.until_stage(Stage.STOPPED).name,
        watched.until_stage(Stage.STOPPED).name,
        watched.until_stage(Stage.STOPPED).name,
    ]
    assert ended == ["api", "worker-0", "postgres"]
    # Each was asked, not killed.
    assert [(tmp_path / f"{name}.log").read_text() for name in names] == [f"{n}\n" for n in names]


@pytest.mark.parametrize("kind", ["stubborn", "parent", "obedient"])
def test_nothing_of_a_stopped_part_is_left(watched: Watched, tmp_path: Path, kind: str) -> None:
    watched.supervisor.run(parts.part(tmp_path, kind))
    pid = watched.until_stage(Stage.READY).pid
    assert pid is not None
    left = [pid, *(one.pid for one in psutil.Process(pid).children(recursive=True))]
    if kind == "obedient":
        os.kill(pid, signal.SIGSTOP)
    watched.supervisor.stop()
    assert parts.gone(left, 5.0)


def test_a_stopped_supervisor_starts_nothing(watched: Watched, tmp_path: Path) -> None:
    watched.supervisor.stop()
    with pytest.raises(StackProblem, match="broken off"):
        watched.supervisor.run(parts.part(tmp_path, "obedient"))


def _supervised(folder: Path, *names: str) -> tuple[subprocess.Popen[bytes], list[int]]:
    """A supervisor in a process of its own, and the processes of its parts."""
    process = subprocess.Popen(
        [sys.executable, "-m", "support.parts", str(folder), *names],
        cwd=TESTS,
        start_new_session=True,
    )
    said = folder / "pids.json"
    while not said.exists():
        assert process.poll() is None
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
    return process, list(json.loads(said.read_text()).values())


def _watchdog(supervisor: int) -> psutil.Process:
    children = psutil.Process(supervisor).children()
    return next(one for one in children if "watchdog" in " ".join(one.cmdline()))


def test_nobody_is_left_when_the_supervisor_is_killed(tmp_path: Path) -> None:
    supervisor, pids = _supervised(tmp_path, "obedient", "stubborn", "parent")
    pids.append(int((tmp_path / "child.pid").read_text()))
    watchdog = _watchdog(supervisor.pid)
    supervisor.kill()
    supervisor.wait()
    assert parts.gone([*pids, watchdog.pid], PATIENCE)


def test_the_watchdog_alone_is_enough_for_a_frozen_part(tmp_path: Path) -> None:
    supervisor, pids = _supervised(tmp_path, "obedient")
    os.kill(pids[0], signal.SIGSTOP)
    supervisor.kill()
    supervisor.wait()
    assert parts.gone(pids, PATIENCE)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ties processes to their parent")
def test_linux_ends_parts_without_the_watchdog(tmp_path: Path) -> None:
    supervisor, pids = _supervised(tmp_path, "obedient")
    watchdog = _watchdog(supervisor.pid)
    # Frozen, it can't even notice that it will be killed.
    watchdog.suspend()
    supervisor.kill()
    supervisor.wait()
    assert parts.gone(pids, PATIENCE)
    watchdog.kill()


def test_a_killed_watchdog_is_replaced(watched: Watched, tmp_path: Path) -> None:
    watched.supervisor.run(parts.part(tmp_path, "obedient"))
    first = _watchdog(os.getpid())
    first.kill()
    watched.supervisor.run(parts.part(tmp_path, "second", kind="obedient"))
    assert _watchdog(os.getpid()).pid != first.pid


def test_a_log_that_grew_too_large_is_set_aside_while_it_is_written(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spawn, "MAX_LOG_BYTES", 10)
    watched.supervisor.run(parts.part(tmp_path, "orderly"))
    log = tmp_path / "orderly.log"
    assert not spawn.set_aside(log)
    log.write_text("x" * 11)
    assert spawn.set_aside(log)
    watched.supervisor.stop()
    # What it said last stands at the beginning: it appends to the emptied file.
    assert log.read_text() == "orderly\n"
    assert (tmp_path / "orderly.log.1").read_text() == "x" * 11


def test_a_part_isnt_ready_because_another_process_answers_at_its_port(
    watched: Watched, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as winner:
        port = winner.getsockname()[1]
        loser = replace(parts.part(tmp_path, "dying"), ports=(port,))
        with pytest.raises(StackProblem) as told:
            watched.supervisor.run(loser)
    assert told.value.key == "part-failed"
    assert "out of paper" in told.value.sentence("en")
