"""What a replay tells while it runs: one JSON object a line, for the command that started it."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, TextIO

#: At most so often a phase's progress is told, in seconds.
EVERY_S = 0.25


@dataclass(slots=True)
class News:
    """Tells phases and how far each is; `done` and `total` count what the phase counts."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    _phase: str = ""
    _total: int = 0
    _done: int = 0
    _began: float = 0.0
    _told: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def phase(self, name: str, total: int = 0) -> None:
        """A phase begins."""
        with self._lock:
            self._phase, self._total, self._done = name, total, 0
            self._began = time.monotonic()
            self._tell_progress()

    def step(self, more: int) -> None:
        """So much more of it is done; may be called from any thread."""
        with self._lock:
            # A loader that is killed may have written more than it has said.
            self._done = min(self._done + more, self._total)
            if self._done >= self._total or time.monotonic() - self._told >= EVERY_S:
                self._tell_progress()

    def tell(self, **facts: Any) -> None:
        """Any other line."""
        with self._lock:
            self._print(facts)

    def _tell_progress(self) -> None:
        self._told = time.monotonic()
        took = self._told - self._began
        rate = self._done / took if took > 0 else 0.0
        left = (self._total - self._done) / rate if rate > 0 else None
        self._print(
            {
                "phase": self._phase,
                "done": self._done,
                "total": self._total,
                "rate": round(rate, 1),
                "left_seconds": None if left is None else round(left, 1),
            }
        )

    def _print(self, facts: dict[str, Any]) -> None:
        self.out.write(json.dumps(facts, ensure_ascii=False) + "\n")
        self.out.flush()
