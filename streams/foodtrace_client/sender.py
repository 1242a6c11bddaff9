"""One portion after another from the spool to the door, in order; the thread around it is kit.py's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foodtrace.problems import OurFault
from foodtrace_client.answers import Verdict
from foodtrace_client.batches import BATCH_BYTES, BATCH_EVENTS
from foodtrace_client.doors import Door, Told, problem_of
from foodtrace_client.errors import Problem
from foodtrace_client.retry import RetryPolicy
from foodtrace_client.spool import Entry, Spool

#: What a door asks for is waited, up to this many seconds: it may have been wrong.
LONGEST_WISH_S = 600.0


@dataclass(slots=True, kw_only=True)
class Sender:
    """Sends what waits; `problem` is why it doesn't get on, None while it does.

    A document is handed over only when every earlier one has been answered for, or together with
    them, so the door sees them in the order of the spool. After a cut line or a kill some come a
    second time: their ids make them duplicates.
    """

    spool: Spool
    door: Door
    pauses: RetryPolicy
    events: int = BATCH_EVENTS
    size: int = BATCH_BYTES
    problem: Problem | None = None
    _failures: int = 0

    def step(self) -> float | None:
        """Hand one portion over; gives the seconds to wait before the next, None if nothing waits."""
        try:
            entries = self.spool.head(self.events, self.size)
            if not entries:
                return None
            told = self.door.hand_over([entry.document for entry in entries])
            self._take(entries, told)
        except OurFault as fault:
            # Disk or spool: what is in stays in, and somebody has to see to it.
            return self._failed(problem_of(fault), None)
        if told.problem is not None:
            if told.answers:
                self._failures = 0
            return self._failed(told.problem, told.wait_s)
        self.problem, self._failures = None, 0
        return 0.0

    def _take(self, entries: Sequence[Entry], told: Told) -> None:
        """Set refused ones aside before the position passes them."""
        if not told.answers:
            return
        for entry, answer in zip(entries, told.answers, strict=False):
            if answer.verdict is Verdict.REFUSED:
                try:
                    self.spool.set_aside(entry, answer)
                except OurFault:
                    self.spool.done(entry.number)
                    raise
        self.spool.done(entries[len(told.answers) - 1].number + 1)

    def _failed(self, problem: Problem, wait_s: float | None) -> float:
        self.problem = problem
        self._failures += 1
        if wait_s is None:
            return self.pauses.seconds(self._failures)
        return min(wait_s, LONGEST_WISH_S)
