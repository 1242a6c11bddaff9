"""Ends the parts of a supervisor that was killed: its standard input closes when that process dies.

Linux also signals the parts by itself (`launch`), but only once and not elsewhere; this process
works on every Unix, keeps the order of a clean stop, and kills what doesn't react. It reads lines

    + PID STARTED SIGNAL SECONDS    a part has started (at STARTED, seconds since the epoch)
    - PID                           it has ended

and acts at end of file on what is left, the last started first.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from typing import TextIO

import psutil

#: A part is the one that was started if its start time differs by less than this, in seconds.
SAME_START_SECONDS = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A started part: process id, start time, how it is asked to end and how long it may take."""

    pid: int
    started: float
    stop_signal: int
    stop_seconds: float


def read(lines: TextIO) -> list[Watched]:
    """Follow the supervisor until it is gone; what was still running then, in order of start."""
    running: dict[int, Watched] = {}
    for line in lines:
        verb, pid, *rest = line.split()
        if verb == "+":
            started, stop_signal, stop_seconds = rest
            running[int(pid)] = Watched(
                pid=int(pid),
                started=float(started),
                stop_signal=int(stop_signal),
                stop_seconds=float(stop_seconds),
            )
        else:
            running.pop(int(pid), None)
    return list(running.values())


def end(watched: Watched) -> None:
    """Ask one part to end, wait for it, then kill what is left of it and all that it started."""
    try:
        process = psutil.Process(watched.pid)
        if abs(process.create_time() - watched.started) > SAME_START_SECONDS:
            return
        # A stopped process can't react before it is continued.
        process.send_signal(signal.SIGCONT)
        process.send_signal(watched.stop_signal)
        psutil.wait_procs([process], timeout=watched.stop_seconds)
    except psutil.NoSuchProcess:
        # It has ended already; what it had started may not.
        pass
    try:
        os.killpg(watched.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        # Nobody is left; macOS says it the second way.
        return


def main() -> None:
    """Outlive the terminal's signals, which also reach the supervisor, and wait for its end."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    for watched in reversed(read(sys.stdin)):
        end(watched)


if __name__ == "__main__":
    main()
