"""What a part of the stack is: a command, its log, how to see that it is ready, how to end it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Stage(StrEnum):
    """Where a part stands in its life."""

    STARTING = "starting"
    READY = "ready"
    PAUSING = "pausing"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A system user that a part runs as when the supervisor is root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One process of the stack.

    `ready` is asked again and again until it says True; it must return quickly and not raise.
    """

    name: str
    argv: tuple[str, ...]
    log: Path
    ready: Callable[[], bool]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    account: Account | None = None
    ports: tuple[int, ...] = ()
    stop_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 20.0
    ready_seconds: float = 60.0
    #: What it holds is gone when it ends, so a restart can't help (the in-memory broker).
    vital: bool = False
    #: Exit codes by which it says that a restart can't help.
    final_codes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartReport:
    """A part as it stands now.

    `why` says how it last ended, in one line; `pause` is the time before its next start, in
    seconds, while it is pausing.
    """

    name: str
    stage: Stage
    pid: int | None
    ports: tuple[int, ...]
    restarts: int
    log: Path
    why: str = ""
    pause: float = 0.0
