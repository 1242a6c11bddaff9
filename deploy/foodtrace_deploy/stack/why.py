"""Why a part ended, in one line: how it ended and what its log said last."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path
from typing import Any

#: Lines of other logs that are repeated.
LINES = 2
#: Characters of one of them.
LENGTH = 160
#: Signals that come from outside: of them a log knows nothing, and what it said last would be read as
#: the reason. Not SIGTERM: a keeper sends it to a part that isn't ready in time, and its log says why.
_OUTSIDE = frozenset({signal.SIGHUP, signal.SIGINT, signal.SIGKILL})
#: Where in its code a Java program was: of no use without that code.
_TRACE = re.compile(r"^\s+(?:at \S|\.\.\. \d+ more)")
#: How our own and others' logs begin their lines: of no use in a sentence.
_STAMP = re.compile(r"^\d{4}-\d\d-\d\d[T ][\d:.,]+(?:Z| [A-Z]{3,4})?\s*(?:\[\s*\w+\s*\]\s*)*")


def why(code: int, log: Path) -> str:
    """`SIGSEGV: ...` or `exit 1: ...`, with what the log said last behind it.

    After SIGKILL and its like only a problem, worse than a warning, that the log named at its very end.
    """
    how = signal.Signals(-code).name if code < 0 else f"exit {code}"
    lines = last_lines(log, 100)
    said = " | ".join(_grave(lines[-LINES:]) if -code in _OUTSIDE else _said(lines))
    return f"{how}: {said}" if said else how


def last_lines(log: Path, count: int = LINES) -> list[str]:
    """The end of a log, without empty lines."""
    if not log.exists():
        return []
    with log.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 16_384))
        lines = file.read().decode("utf-8", "replace").splitlines()
    return [line.rstrip() for line in lines if line.strip()][-count:]


def _said(lines: list[str]) -> list[str]:
    """The last named problem of our own logs, otherwise the last lines as they are."""
    telling = [line for line in lines if not _TRACE.match(line)]
    return _problem(lines) or [_short(line) for line in telling[-LINES:]]


def _problem(lines: list[str]) -> list[str]:
    """The last named problem of our own logs, if there is one."""
    for line in reversed(lines):
        told = _object(line)
        if told is not None and ("problem" in told or "exception" in told):
            return [_of_object(told)]
    return []


def _grave(lines: list[str]) -> list[str]:
    """The same without warnings: what they name had passed, or was being tried again."""
    told = ((line, _object(line) or {}) for line in lines)
    return _problem([line for line, each in told if each.get("level") != "warning"])


def _short(line: str) -> str:
    told = _object(line)
    return _cut(_STAMP.sub("", line)) if told is None else _of_object(told)


def _of_object(told: dict[str, Any]) -> str:
    parts = [str(told.get(name, "")) for name in ("event", "problem", "detail", "advice")]
    trace = str(told.get("exception", "")).strip().splitlines()
    return _cut(" - ".join(part for part in [*parts, *trace[-1:]] if part))


def _cut(text: str) -> str:
    return text if len(text) <= LENGTH else text[: LENGTH - 1] + "…"


def _object(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        told = json.loads(line)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
