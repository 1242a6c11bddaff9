"""One test run: a folder, and a pipe that closes when the run ends, however it ends.

Brokers and databases are started by hosts (`support.host`), processes that live until the pipe has
no writer left. The writer is pytest itself (with xdist its controller), so a killed run takes its
hosts, and they their servers, with it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parent.parent


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
        # It outlives this worker; init or the controller reaps it.
        host.returncode = 0


class Controller:
    """The side of a run that pytest itself holds."""

    def __init__(self) -> None:
        """Make the folder and open the pipe."""
        self.run = Run(folder=Path(tempfile.mkdtemp(prefix="foodtrace-test-")))
        os.mkfifo(self.run.pipe)
        # Reading too, because opening a pipe only for writing would wait for a reader.
        self._alive = os.open(self.run.pipe, os.O_RDWR)

    def close(self) -> None:
        """Let the hosts end, wait until they have, remove the folder."""
        os.close(self._alive)
        for facts in self.run.folder.glob("*.json"):
            name = facts.stem
            with self.run.alone(f"{name}-host"):
                continue
        shutil.rmtree(self.run.folder)
