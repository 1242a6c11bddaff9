"""One test run: a folder, and a pipe that closes when the run ends, however it ends.

Brokers and databases are started by hosts (`support.host`), processes that live until the pipe has
no writer left. The writer is pytest itself (with xdist its controller), so a killed run takes its
hosts, and they their servers, with it.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent.parent


_PREFIX = "foodtrace-test-"
#: Hosts that this process started. Those of an xdist worker outlive it, and init reaps them.
_STARTED: list[subprocess.Popen[bytes]] = []
#: A folder that is younger, in seconds, may belong to a run that is only just starting.
_YOUNG_SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The folder that all workers of a test run share."""

    folder: Path

    @property
    def pipe(self) -> Path:
        """Open for writing as long as the run lives."""
        return self.folder / "alive"

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """Only one process of the run at a time gets past here, for each name."""
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def served(self, name: str) -> dict[str, Any]:
        """What the host of that name says about its server; the first caller starts it."""
        facts = self.folder / f"{name}.json"
        with self.alone(name):
            if not facts.exists():
                self._start(name)
        served: dict[str, Any] = json.loads(facts.read_text())
        return served

    def _start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            host = subprocess.Popen(
                [sys.executable, "-m", "support.host", name, str(self.folder)],
                cwd=TESTS,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        # It writes a line when its server is ready, and only ends before that if it failed.
        assert host.stdout is not None
        with host.stdout:
            told = host.stdout.readline()
        if not told:
            why = (self.folder / f"{name}.log").read_text()
            raise RuntimeError(f"the {name} of the tests didn't start:\n{why}")
        _STARTED.append(host)


class Controller:
    """The side of a run that pytest itself holds."""

    def __init__(self) -> None:
        """Make the folder and open the pipe."""
        _sweep()
        self.run = Run(folder=Path(tempfile.mkdtemp(prefix=_PREFIX)))
        os.mkfifo(self.run.pipe)
        # Reading too, because opening a pipe only for writing would wait for a reader.
        self._alive = os.open(self.run.pipe, os.O_RDWR)

    def close(self) -> None:
        """Let the hosts end, wait until they have, remove the folder."""
        os.close(self._alive)
        for host in _STARTED:
            host.wait()
        for facts in self.run.folder.glob("*.json"):
            name = facts.stem
            with self.run.alone(f"{name}-host"):
                continue
        shutil.rmtree(self.run.folder)


def _sweep() -> None:
    """Remove the folders of runs that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        mine = folder.stat().st_uid == os.geteuid()
        if mine and time.time() - folder.stat().st_mtime > _YOUNG_SECONDS and _is_dead(folder):
            shutil.rmtree(folder)


def _is_dead(folder: Path) -> bool:
    try:
        os.close(os.open(folder / "alive", os.O_WRONLY | os.O_NONBLOCK))
    except OSError as error:
        # Nobody has the pipe open.
        return error.errno == errno.ENXIO
    return False
