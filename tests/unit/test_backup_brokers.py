"""Copies of several nodes are of one moment, or there is none."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from foodtrace_deploy.backup import brokers
from foodtrace_deploy.backup.logs import EPOCHS
from foodtrace_deploy.backup.manifest import verify
from foodtrace_deploy.backup.notice import Progress
from foodtrace_deploy.stack import nodes, state
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.problem import StackProblem
from support.streams import until

_LOG = "t-0/00000000000000000000.log"
# A byte for each turn, once the node before it has written its own.
_NODE = """
import os, sys
log = open(sys.argv[1], "ab", buffering=0)
came, goes = int(sys.argv[2]), int(sys.argv[3])
while os.read(came, 1):
    log.write(b"x")
    os.write(goes, b"x")
"""


@contextmanager
def _three(data: Path) -> Iterator[DataFolder]:
    """Three processes that write in turn, as the parts of a stack that runs."""
    pipes = [os.pipe() for _ in range(3)]
    folder, processes, parts = DataFolder(data), [], []
    folder.open()
    nodes.remember(data, 3)
    try:
        for index, home in enumerate(nodes.folders(data, 3)):
            log = home / "data" / _LOG
            log.parent.mkdir(parents=True)
            (log.parent / EPOCHS).write_text("0\n1\n0 0\n")
            came, goes = pipes[index][0], pipes[(index + 1) % 3][1]
            command = [sys.executable, "-c", _NODE, str(log), str(came), str(goes)]
            process = subprocess.Popen(command, pass_fds=(came, goes))
            processes.append(process)
            parts.append(_part(home.name, process.pid))
        state.write(folder.state_file, _state(tuple(parts)))
        # One token goes round.
        os.write(pipes[0][1], b"x")
        last = nodes.folders(data, 3)[-1] / "data" / _LOG
        until("it goes round", lambda: last.exists() and last.stat().st_size > 10)
        yield folder
    finally:
        for process in processes:
            process.kill()
            process.wait()
        for end in (end for pipe in pipes for end in pipe):
            os.close(end)
        folder.close()


def _part(name: str, pid: int) -> state.PartState:
    started = psutil.Process(pid).create_time()
    return state.PartState(
        name=name, stage="ready", pid=pid, started=started, ports=(), restarts=0, log="", why=""
    )


def _state(parts: tuple[state.PartState, ...]) -> state.StackState:
    return state.StackState(
        supervisor=os.getpid(),
        api="",
        brokers="",
        broker_kind="kafka",
        broker_log="",
        database="",
        topic_prefix="",
        parts=parts,
    )


def _ignore(_told: object) -> None:
    """Nobody watches."""


def _during_copy(act: Callable[[], object]) -> Callable[[Progress], None]:
    """Do something with each piece of news that files are copied."""

    def tell(told: Progress) -> None:
        if told.done:
            act()

    return tell


def test_three_nodes_are_copied_as_of_one_moment(tmp_path: Path) -> None:
    with _three(tmp_path / "data") as folder:
        for number in range(10):
            target = tmp_path / str(number)
            entries = brokers.copy(folder, target, _ignore)
            verify(target, tuple(entries), _ignore)
            one, two, three = (
                (target / "kafka" / f"kafka-{node}" / _LOG).stat().st_size for node in (1, 2, 3)
            )
            # Whoever copies one after the other has more of the later ones.
            assert one >= two >= three >= one - 1
            assert len(entries) == 6


def test_another_leader_meanwhile_makes_the_copy_begin_again(tmp_path: Path) -> None:
    with _three(tmp_path / "data") as folder:
        file = folder.path / "kafka-2" / "data" / "t-0" / EPOCHS
        changes = iter(["0\n2\n0 0\n1 7\n"])

        def once() -> None:
            for text in changes:
                file.write_text(text)

        entries = brokers.copy(folder, tmp_path / "target", _during_copy(once))
        verify(tmp_path / "target", tuple(entries), _ignore)
        copied = tmp_path / "target" / "kafka" / "kafka-2" / "t-0" / EPOCHS
        assert copied.read_text() == "0\n2\n0 0\n1 7\n"


def test_leaders_that_change_all_the_time_leave_no_copy(tmp_path: Path) -> None:
    with _three(tmp_path / "data") as folder:
        file = folder.path / "kafka-2" / "data" / "t-0" / EPOCHS

        def always() -> None:
            file.write_text(file.read_text() + "1 7\n")

        with pytest.raises(StackProblem) as caught:
            brokers.copy(folder, tmp_path / "target", _during_copy(always))
        assert caught.value.key == "backup-unsettled"
        assert not (tmp_path / "target" / "kafka").exists()


def test_a_log_that_is_cut_meanwhile_makes_the_copy_begin_again(tmp_path: Path) -> None:
    with _three(tmp_path / "data") as folder:
        log = folder.path / "kafka-3" / "data" / "t-0" / "00000000000000000001.log"
        log.write_bytes(bytes(100))
        cuts = iter([40])

        def once() -> None:
            for size in cuts:
                os.truncate(log, size)

        entries = brokers.copy(folder, tmp_path / "target", _during_copy(once))
        assert [one.size for one in entries if one.path.endswith(f"kafka-3/t-0/{log.name}")] == [40]
