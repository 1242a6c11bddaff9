"""What a backup and a restoration tell while they work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

#: dump: PostgreSQL is written out; copy: files are copied; check: digests are computed;
#: load: PostgreSQL is filled.
Step = Literal["dump", "copy", "check", "load"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Bytes of a step that are done, of `total`, None where nobody knows."""

    step: Step
    done: int
    total: int | None


#: Whoever wants to know.
Tell = Callable[[Progress], None]


class Counter:
    """Adds up the blocks of one step and tells them."""

    def __init__(self, tell: Tell, step: Step, total: int | None) -> None:
        """Tells the beginning."""
        self._tell = tell
        self._step: Step = step
        self._total = total
        self._done = 0
        self.add(0)

    def add(self, size: int) -> None:
        """So many bytes more."""
        self._done += size
        self._tell(Progress(step=self._step, done=self._done, total=self._total))
