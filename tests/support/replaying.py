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
from io import StringIO
from pathlib import Path
from typing import Any

from foodtrace.problems import FoodtraceError
from foodtrace_bus.cluster import Cluster
from foodtrace_ledger.positions import Position, read_positions
from foodtrace_schemas.topics import OUTSIDE, ledger_topics
from foodtrace_streams.replay.__main__ import ACTIONS
from foodtrace_streams.replay.loader import Loader
from foodtrace_streams.replay.news import News
from foodtrace_streams.replay.ranges import Reads, between
from foodtrace_streams.replay.run import Replay
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


def replay(
    stage: Stage,
    action: str = "rebuild",
    *,
    kill_in: str = "",
    after: int = 0,
    processes: int | None = None,
) -> Ended:
    """Run one to its end, or kill it (-9) in a phase once that is `after` far."""
    with running(stage, action, processes) as (process, lines):
        told = []
        for line in lines:
            told.append(line)
            if line.get("phase") == kill_in and line["done"] >= after:
                process.send_signal(signal.SIGKILL)
                break
        return Ended(code=process.wait(), lines=told)


def replay_here(stage: Stage, action: str = "rebuild", *, processes: int | None = None) -> Ended:
    """The same within this process, which needn't be killed; it starts many times faster."""
    told = StringIO()
    run = Replay(stage.settings(0, 0), News(out=told), processes=processes)
    code = 0
    try:
        last = ACTIONS[action](run)
    except FoodtraceError as error:
        code, last = 1, {"problem": error.code, "detail": error.detail}
    finally:
        run.close()
    return Ended(code=code, lines=[*map(json.loads, told.getvalue().splitlines()), last])


def bring_in(stage: Stage) -> None:
    """Bring all of the logs into the ledger, as workers would, but for sending on what outside
    topics hold."""
    settings = stage.settings(0, 0)
    consumer = settings.consumer
    reads = Reads.of(stage.prefix, consumer)
    loader = Loader(stage.engine, settings.access(), reads)
    with Cluster(stage.broker.bootstrap) as cluster:
        topics = [*ledger_topics(stage.prefix), *cluster.topics(stage.prefix + OUTSIDE)]
        logs = cluster.logs(topics)
        parts = [(log.topic, number) for log in logs.values() for number in range(log.partitions)]
        ends = cluster.ends(parts)
    assert isinstance(ends, dict)
    wanted = [
        Position(
            consumer=reads.intake if reads.is_outside(topic) else consumer,
            log=logs[topic].log,
            topic=topic,
            partition=number,
            next_offset=ends[topic, number],
            attempts=0,
        )
        for topic, number in parts
    ]
    try:
        loader.load(between(read_positions(stage.engine), wanted), {}, lambda _more: None)
    finally:
        loader.close()


@contextmanager
def running(
    stage: Stage, action: str = "rebuild", processes: int | None = None
) -> Iterator[tuple[subprocess.Popen[str], Iterator[Mapping[str, Any]]]]:
    """The process, and what it tells line by line; it is killed at the end."""
    settings = stage.settings(0, 0)
    number = [] if processes is None else [str(processes)]
    with (stage.folder / "replay.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "foodtrace_streams.replay", action, *number],
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
