"""Holds the brokers still for the moment in which their files are looked at.

Files of several processes can only be copied as they were at one moment if nobody writes meanwhile.
All brokers are stopped (SIGSTOP) for the fraction of a second in which their files are opened and
measured; what is copied afterwards is what a `kill -9` of all of them at that moment would have left,
and from that Kafka recovers by itself: no order of copying has to be right for the metadata log, the
transactions, the replicas.

Clients notice a pause, nothing else: sessions last for seconds. A guard process continues the brokers
should this one be killed in between.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

from foodtrace_deploy.backup import thaw
from foodtrace_deploy.stack.problem import StackProblem

#: Longer than that nobody is held, in seconds: the controller drops a broker it hasn't heard for 6.
LIMIT_SECONDS = 4.0


@contextmanager
def frozen(pids: Sequence[int], limit: float = LIMIT_SECONDS) -> Iterator[None]:
    """Nothing runs in these processes inside the block.

    Raises StackProblem `backup-not-frozen` when one can't be stopped, has gone, or went on before
    the block ended because that took too long: what was seen is then no picture of one moment.
    """
    guard = subprocess.Popen(
        [sys.executable, "-I", "-S", thaw.__file__, str(limit), *map(str, pids)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    with guard:
        assert guard.stdout is not None
        # Before it answers nobody would wake them.
        guard.stdout.readline()
        _stop(pids, limit)
        yield
        if not all(map(_is_still, pids)):
            raise StackProblem("backup-not-frozen", seconds=f"{limit:.0f}")


def _stop(pids: Sequence[int], limit: float) -> None:
    deadline = time.monotonic() + limit
    try:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
    except ProcessLookupError as error:
        raise StackProblem("backup-not-frozen", seconds="0") from error
    # A thread that waits for the disk stops only when it has its answer.
    while not all(map(_is_still, pids)):
        if time.monotonic() > deadline:
            raise StackProblem("backup-not-frozen", seconds=f"{limit:.0f}")
        time.sleep(0.001)


def _is_still(pid: int) -> bool:
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        if threads:
            return all(_state(thread) in "TtZX" for thread in threads)
        return psutil.Process(pid).status() == psutil.STATUS_STOPPED
    except psutil.NoSuchProcess:
        return False
    except FileNotFoundError:
        # No /proc on this system, or the process is gone.
        return psutil.pid_exists(pid) and psutil.Process(pid).status() == psutil.STATUS_STOPPED


def _state(thread: Path) -> str:
    # "PID (name) STATE ...", where the name may hold anything.
    return (thread / "stat").read_text().rpartition(")")[2].split()[0]
