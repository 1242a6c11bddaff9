"""Runs of a replay as processes of a test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.streams import Stage

#: The phases of a replay in their order.
PHASES = ("make", "load", "index", "analyse", "follow", "compare", "switch")


@dataclass(kw_only=True)
class Ended:
    """What a replay told, and how it ended."""

    code: int
    lines: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def last(self) -> Mapping[str, Any]:
        """Its last line."""
        return self.lines[-1] if self.lines else {}

    @property
    def phases(self) -> list[str]:
        """The phases it went through, each once."""
        return list(dict.fromkeys(line["phase"] for line in self.lines if "phase" in line))


def replay(stage: Stage, action: str = "rebuild", *, kill_in: str = "", after: int = 0) -> Ended:
    """Run one to its end, or kill it (-9) in a phase once that is `after` far."""
    with running(stage, action) as (process, lines):
        told = []
        for line in lines:
            told.append(line)
            if line.get("phase") == kill_in and line["done"] >= after:
                process.send_signal(signal.SIGKILL)
                break
        return Ended(code=process.wait(), lines=told)


@contextmanager
def running(
    stage: Stage, action: str = "rebuild"
) -> Iterator[tuple[subprocess.Popen[str], Iterator[Mapping[str, Any]]]]:
    """The process, and what it tells line by line; it is killed at the end."""
    settings = stage.settings(0, 0)
    with (stage.folder / "replay.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "foodtrace_streams.replay", action],
            env=os.environ | settings.environment(),
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    try:
        yield process, (json.loads(line) for line in process.stdout)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()
