"""Starts processes that end with this one, however it ends."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import psutil

from foodtrace_deploy.stack import launch
from foodtrace_deploy.stack.part import Part

#: A log that has grown larger is set aside as `.1`, in bytes.
MAX_LOG_BYTES = 32 * 1024 * 1024


class Watchdog:
    """The process that ends the others when this one was killed; started with the first of them."""

    def __init__(self) -> None:
        """Nothing runs before the first `add`."""
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: dict[int, str] = {}

    def add(self, part: Part, process: subprocess.Popen[bytes]) -> None:
        """Watch over a process that has just started."""
        try:
            started = psutil.Process(process.pid).create_time()
        except psutil.NoSuchProcess:
            return
        line = f"+ {process.pid} {started} {int(part.stop_signal)} {part.stop_seconds}\n"
        with self._lock:
            self._lines[process.pid] = line
            self._tell(line)

    def drop(self, pid: int) -> None:
        """Forget a process that has ended."""
        with self._lock:
            if self._lines.pop(pid, None):
                self._tell(f"- {pid}\n")

    def close(self) -> None:
        """Let it go; call it after the last process has ended."""
        with self._lock:
            if self._process is not None:
                self._process.communicate()
                self._process = None

    def _tell(self, line: str) -> None:
        if self._process is None or self._process.poll() is not None:
            self._start()
            return
        try:
            self._write(line)
        except BrokenPipeError:
            self._start()

    def _start(self) -> None:
        """Start it, or start it again if somebody killed it, and tell it all that runs."""
        if self._process is not None:
            self._process.wait()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "foodtrace_deploy.stack.watchdog"],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self._write("".join(self._lines.values()))

    def _write(self, text: str) -> None:
        assert self._process is not None
        assert self._process.stdin is not None
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()


def spawn(part: Part) -> subprocess.Popen[bytes]:
    """Start a part in a session of its own, its output in its log.

    The calling thread has to live as long as the part: Linux ties the part to it.
    """
    part.log.parent.mkdir(parents=True, exist_ok=True)
    set_aside(part.log)
    account = f"{part.account.uid}:{part.account.gid}" if part.account else "-"
    command = [
        *(sys.executable, "-I", "-S", launch.__file__),
        *(str(os.getpid()), str(int(part.stop_signal)), account),
        *part.argv,
    ]
    with part.log.open("ab", buffering=0) as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=part.folder,
            env={**os.environ, **part.environment},
            start_new_session=True,
        )


def set_aside(log: Path) -> bool:
    """Copy a log that has grown too large to `.1` and empty it, also while its part writes on.

    The part appends, so it goes on at the beginning; what it writes in between is lost.
    """
    if not log.exists() or log.stat().st_size <= MAX_LOG_BYTES:
        return False
    shutil.copyfile(log, log.with_name(log.name + ".1"))
    os.truncate(log, 0)
    return True
