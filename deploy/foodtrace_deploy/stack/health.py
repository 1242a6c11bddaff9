"""How a running stack is, asked from outside of it: processes, readiness, lag."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import psutil

from foodtrace_deploy.stack import probe, state
from foodtrace_deploy.stack.part import Stage
from foodtrace_deploy.stack.ports import HOST

NOT_READY = "not-ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartHealth:
    """One part: its stage, or `not-ready` if it doesn't answer though its keeper thought so.

    `memory` is its resident size with all below it, in bytes; shared pages count once each.
    """

    name: str
    stage: str
    pid: int | None
    ports: tuple[int, ...]
    memory: int
    restarts: int
    log: str
    why: str


def parts(told: state.StackState) -> list[PartHealth]:
    """Every part as it is now."""
    return [
        PartHealth(
            name=part.name,
            stage=_stage(part),
            pid=part.pid,
            ports=part.ports,
            memory=_memory(part),
            restarts=part.restarts,
            log=part.log,
            why=part.why,
        )
        for part in told.parts
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorHealth:
    """What the API tells: events that the ledger hasn't taken yet (None when it doesn't answer),
    and what somebody has to look into."""

    behind: int | Literal["unknown"] | None
    warnings: tuple[Mapping[str, str], ...] = ()
    topics: tuple[Mapping[str, Any], ...] = ()
    behind_by_part: tuple[Mapping[str, Any], ...] = ()
    unowned: tuple[str, ...] = ()
    disks: tuple[Mapping[str, Any], ...] = ()


def door(api: str) -> DoorHealth:
    """Ask the API."""
    try:
        with urllib.request.urlopen(f"{api}/readyz", timeout=10) as answer:
            told = json.load(answer)
    except urllib.error.HTTPError:
        return DoorHealth(behind="unknown")
    except (OSError, ValueError):
        return DoorHealth(behind=None)
    workers = told.get("workers", {})
    number = workers.get("behind", "unknown")
    return DoorHealth(
        behind=number if isinstance(number, int) else "unknown",
        warnings=tuple(told.get("warnings", ())),
        topics=tuple(workers.get("topics", ())),
        behind_by_part=tuple(workers.get("parts", ())),
        unowned=tuple(workers.get("unowned", ())),
        disks=tuple(told.get("disks", ())),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldUp:
    """A partition whose chunk a worker tries again and again, with the problem's code."""

    worker: str
    place: str
    code: str


def held_up(told: state.StackState) -> list[HeldUp]:
    """What the workers say that holds them up; nothing of those that don't answer."""
    return [
        HeldUp(worker=part.name, place=place, code=code)
        for part in told.parts
        if part.name.startswith("worker") and part.ports
        for place, code in _lines(part.ports[0])
    ]


def _lines(port: int) -> list[tuple[str, str]]:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/readyz", timeout=5) as answer:
            lines = answer.read().decode().splitlines()[1:]
    except urllib.error.HTTPError as error:
        with error:
            lines = error.read().decode().splitlines()[1:]
    except (OSError, ValueError):
        return []
    # TOPIC/PARTITION CODE: what to do
    heads = (line.partition(": ")[0].split(" ") for line in lines)
    return [(head[0], head[1]) for head in heads if len(head) == 2]


def _stage(part: state.PartState) -> str:
    if part.stage == Stage.READY.value and not (state.is_running(part) and _answers(part)):
        return NOT_READY
    return part.stage


def _answers(part: state.PartState) -> bool:
    port = part.ports[0]
    if part.name.startswith(("kafka", "broker")):
        return probe.kafka(HOST, port)
    if part.name == "postgres":
        return probe.opens(HOST, port)
    return probe.http_ok(HOST, port, "/readyz", timeout=5.0)


def _memory(part: state.PartState) -> int:
    if part.pid is None or not state.is_running(part):
        return 0
    try:
        process = psutil.Process(part.pid)
        return sum(_resident(one) for one in [process, *process.children(recursive=True)])
    except psutil.NoSuchProcess:
        return 0


def _resident(process: psutil.Process) -> int:
    # The share of a process in pages that several hold: PostgreSQL's buffers count once.
    try:
        return int(process.memory_full_info().pss)
    except (psutil.AccessDenied, AttributeError):
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
