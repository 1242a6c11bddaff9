"""What runs on a data folder, written by its supervisor for `foodtrace status` and the next start."""

from __future__ import annotations

import json
import signal
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from foodtrace_deploy.stack.part import PartReport, Stage
from foodtrace_deploy.stack.watchdog import SAME_START_SECONDS

#: How long what is left of a killed supervisor may take to end by itself, in seconds.
LEFTOVER_SECONDS = 45.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PartState:
    """A part at the moment of writing; `started` is its process's start, seconds since 1970."""

    name: str
    stage: str
    pid: int | None
    started: float | None
    ports: tuple[int, ...]
    restarts: int
    log: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StackState:
    """The stack of a data folder; addresses are empty until they are known. No secrets.

    `evidence_key` is the place of the key its workers sign with; empty until known, and where an
    earlier release wrote this.
    """

    supervisor: int
    api: str
    brokers: str
    broker_kind: str
    broker_log: str
    database: str
    topic_prefix: str
    parts: tuple[PartState, ...]
    evidence_key: str = ""


def write(file: Path, state: StackState) -> None:
    """Replace the file in one step, so that a reader never sees half of it."""
    draft = file.with_suffix(".draft")
    draft.write_text(json.dumps(asdict(state), indent=2) + "\n")
    draft.replace(file)


def read(file: Path) -> StackState | None:
    """What was written last; None when there is nothing or it can't be read."""
    try:
        told = json.loads(file.read_text())
        parts = tuple(
            PartState(**{**part, "ports": tuple(part["ports"])}) for part in told.pop("parts")
        )
        return StackState(**told, parts=parts)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def of_reports(reports: Sequence[PartReport]) -> tuple[PartState, ...]:
    """The parts as their keepers see them."""
    return tuple(
        PartState(
            name=report.name,
            stage=report.stage.value,
            pid=report.pid,
            started=_started(report.pid),
            ports=report.ports,
            restarts=report.restarts,
            log=str(report.log),
            why=report.why,
        )
        for report in reports
    )


def stopped(state: StackState) -> StackState:
    """The same stack after its supervisor has gone."""
    parts = tuple(
        PartState(
            **{**asdict(part), "stage": Stage.STOPPED.value, "pid": None, "ports": part.ports}
        )
        for part in state.parts
    )
    return StackState(**{**asdict(state), "parts": parts})


def end_leftovers(state: StackState) -> list[str]:
    """Wait for the parts of a killed supervisor, which are about to end; names of those met."""
    left = {part.name: psutil.Process(part.pid) for part in state.parts if is_running(part)}
    _, stuck = psutil.wait_procs(list(left.values()), timeout=LEFTOVER_SECONDS)
    for process in stuck:
        process.send_signal(signal.SIGKILL)
    psutil.wait_procs(stuck)
    return list(left)


def is_running(part: PartState) -> bool:
    """Whether the process of that part, and not another one of the same number, still runs."""
    if part.pid is None or part.started is None:
        return False
    try:
        process = psutil.Process(part.pid)
        same = abs(process.create_time() - part.started) < SAME_START_SECONDS
        return same and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _started(pid: int | None) -> float | None:
    if pid is None:
        return None
    try:
        return psutil.Process(pid).create_time()
    except psutil.NoSuchProcess:
        return None
