"""A moment of a running process: nobody writes in it, what was there is copied, and it always ends."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from foodtrace_deploy.backup.files import blocks_of
from foodtrace_deploy.backup.freeze import frozen
from foodtrace_deploy.backup.logs import Held, Small, pieces
from foodtrace_deploy.stack.problem import StackProblem
from support.streams import until

_WRITER = """
import sys, threading
def write():
    with open(sys.argv[1], "ab", buffering=0) as file:
        while True:
            file.write(b"x")
threading.Thread(target=write).start()
write()
"""
_HOLDER = """
import sys, time
from foodtrace_deploy.backup.freeze import frozen
with frozen([int(sys.argv[1])]):
    print("frozen", flush=True)
    time.sleep(600)
"""


@contextmanager
def _writing(file: Path) -> Iterator[int]:
    """A process of two threads that append to a file without a pause."""
    writer = subprocess.Popen([sys.executable, "-c", _WRITER, str(file)])
    try:
        until("it writes", lambda: file.exists() and file.stat().st_size > 100)
        yield writer.pid
    finally:
        writer.kill()
        writer.wait()


def _grows(file: Path) -> None:
    size = file.stat().st_size
    until("it goes on", lambda: file.stat().st_size > size)


def test_nobody_writes_inside_and_everybody_goes_on_after_it(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    with _writing(one) as first, _writing(two) as second:
        for _ in range(5):
            with frozen([first, second]):
                sizes = one.stat().st_size, two.stat().st_size
                # Long enough for thousands of writes.
                subprocess.run([sys.executable, "-c", ""], check=True)
                assert (one.stat().st_size, two.stat().st_size) == sizes
            _grows(one)
            _grows(two)


def test_whoever_freezes_and_dies_leaves_nobody_frozen(tmp_path: Path) -> None:
    with _writing(tmp_path / "one") as pid:
        holder = subprocess.Popen(
            [sys.executable, "-c", _HOLDER, str(pid)], stdout=subprocess.PIPE, text=True
        )
        assert holder.stdout is not None
        with holder.stdout as said:
            assert said.readline() == "frozen\n"
            holder.send_signal(signal.SIGKILL)
            holder.wait()
        _grows(tmp_path / "one")


def test_a_moment_that_lasts_too_long_is_none(tmp_path: Path) -> None:
    with _writing(tmp_path / "one") as pid:
        with pytest.raises(StackProblem) as caught, frozen([pid], limit=0.2):
            _grows(tmp_path / "one")
        assert caught.value.key == "backup-not-frozen"
        _grows(tmp_path / "one")
        with pytest.raises(ZeroDivisionError), frozen([pid]):
            raise ZeroDivisionError
        _grows(tmp_path / "one")


def test_a_process_that_is_gone_has_no_moment() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with pytest.raises(StackProblem) as caught, frozen([ended.pid]):
        raise AssertionError
    assert caught.value.key == "backup-not-frozen"


#: File by file: whether a copy takes it. The second segment is the last one.
_FOLDER = {
    "meta.properties": True,
    "recovery-point-offset-checkpoint": True,
    ".lock": False,
    ".kafka_cleanshutdown": False,
    "recovery-point-offset-checkpoint.tmp": False,
    "t-0/00000000000000000000.log": True,
    "t-0/00000000000000000000.index": True,
    "t-0/00000000000000000000.timeindex": True,
    "t-0/00000000000000000009.log": True,
    "t-0/00000000000000000009.index": False,
    "t-0/00000000000000000009.timeindex": False,
    "t-0/00000000000000000009.txnindex": True,
    "t-0/00000000000000000009.snapshot": True,
    "t-0/leader-epoch-checkpoint": True,
    "t-0/partition.metadata": True,
    "__consumer_offsets-0/00000000000000000000.log": True,
    "__consumer_offsets-0/00000000000000000000.index": False,
    "__consumer_offsets-0/00000000000000000000.log.deleted": False,
    "__consumer_offsets-0/00000000000000000000.log.cleaned": False,
    "__consumer_offsets-0/00000000000000000000.log.swap": True,
    "__cluster_metadata-0/quorum-state": True,
    "__cluster_metadata-0/00000000000000000180-0000000001.checkpoint": True,
    "__cluster_metadata-0/00000000000000000190-0000000001.checkpoint.part": False,
    "t-1.7f0c-delete/00000000000000000000.log": False,
    "t-2.7f0c-stray/00000000000000000000.log": False,
}


def test_a_copy_takes_what_a_crash_would_leave_and_kafka_cant_make_again(tmp_path: Path) -> None:
    for name in _FOLDER:
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(name.encode())
    found = list(pieces(tmp_path))
    assert {one.path.as_posix() for one in found} == {
        name for name, taken in _FOLDER.items() if taken
    }
    # The broker goes on: it appends, deletes and replaces.
    with (tmp_path / "t-0/00000000000000000009.log").open("ab") as growing:
        growing.write(b"later")
    (tmp_path / "__consumer_offsets-0/00000000000000000000.log").unlink()
    (tmp_path / "t-0/leader-epoch-checkpoint").write_bytes(b"later")
    for one in found:
        content = one.content if isinstance(one, Small) else b"".join(blocks_of(one.file, one.size))
        assert content == one.path.as_posix().encode()
        if isinstance(one, Held):
            one.file.close()
