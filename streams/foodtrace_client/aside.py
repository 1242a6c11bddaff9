"""Documents that the door refused, kept with their reasons until somebody has looked at them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from foodtrace_client.answers import EventAnswer
from foodtrace_client.frames import Frame, framed, frames


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedEvent:
    """A document the spool had taken and the door refused: send it again only after a change.

    `number` is that of its receipt, `at` when it was refused; `code` with `path` and `detail` say
    why, `zh` and `en` what to do.
    """

    number: int
    at: datetime
    document: str
    event_id: str | None
    code: str
    path: str
    detail: str
    zh: str
    en: str


def aside_frame(number: int, document: bytes, answer: EventAnswer, at: datetime) -> bytes:
    """The frame that keeps a refused document."""
    told: dict[str, Any] = {name: value for name, value in asdict(answer).items() if name in _WHY}
    told["document"] = document.decode("utf-8", "backslashreplace")
    return framed(number, [json.dumps(told).encode("ascii")], at)


def read_aside(path: Path) -> Iterator[RefusedEvent]:
    """What was set aside, in order, each number once: a kill may have left one twice."""
    seen: set[int] = set()
    if not path.exists():
        return
    for frame in frames(path):
        if frame.first not in seen:
            seen.add(frame.first)
            yield _of(frame)


_WHY = ("event_id", "code", "path", "detail", "zh", "en")


def _of(frame: Frame) -> RefusedEvent:
    told = json.loads(frame.payload)
    why = {name: told[name] for name in _WHY}
    return RefusedEvent(number=frame.first, at=frame.at, document=told["document"], **why)
