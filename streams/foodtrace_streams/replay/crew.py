"""Several processes that load one ledger side by side; Python's one interpreter lock limits each.

They write as workers do, each chunk in one transaction with its position, so it doesn't matter when
one of them is killed, how many there are, or how many there were before an interruption.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from threading import Event

from foodtrace_ledger.rebuild.errors import LoaderDied
from foodtrace_ledger.rebuild.letters import Kept
from foodtrace_streams.replay.hand import Hand, HandDied
from foodtrace_streams.replay.loader import Tell
from foodtrace_streams.replay.ranges import Range
from foodtrace_streams.replay.slices import Slices

#: Offsets that are worth a process of their own; starting one costs what some thousand do.
LEAST = 10_000
#: So often in a row one may die before anything of its slice is written.
DEATHS = 3

_LOG = logging.getLogger("foodtrace.replay")


def cores() -> int:
    """How many processors this process may use."""
    # macOS has no such call.
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    return len(os.sched_getaffinity(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """How the processes of a load are started: with which environment, and how many of them.

    `processes` is None where nobody has said a number; small loads get fewer then.
    """

    environment: Mapping[str, str]
    processes: int | None = None

    def number(self, ranges: Iterable[Range], *, first: bool) -> int:
        """How many are worth it; `first`: whoever has named a number gets it."""
        sizes = [one.size for one in ranges if one.size]
        most = min(self.processes or cores(), len(sizes))
        return most if first and self.processes else min(most, sum(sizes) // LEAST)

    def load(
        self,
        schema: str,
        number: int,
        ranges: Iterable[Range],
        kept: Kept,
        tell: Tell,
        *,
        copies: bool,
    ) -> None:
        """Bring all of the ranges into the ledger in `schema`, by `number` processes.

        What was written before an error stays, and goes on from there. One that dies is started
        again; raises LoaderDied when that doesn't help, else what a worker would end by.
        """
        form = "copies" if copies else "inserts"
        command = [sys.executable, "-m", "foodtrace_streams.replay.loading", schema, form]
        slices, stop = Slices(ranges), Event()
        hands = [Hand(command, self.environment) for _ in range(number)]
        try:
            with ThreadPoolExecutor(number, thread_name_prefix="crew") as threads:
                works = [threads.submit(_work, hand, slices, kept, tell, stop) for hand in hands]
                try:
                    for one in as_completed(works):
                        one.result()
                finally:
                    stop.set()
                    for hand in hands:
                        hand.kill()
        finally:
            for hand in hands:
                hand.close()


def _work(hand: Hand, slices: Slices, kept: Kept, tell: Tell, stop: Event) -> None:
    deaths = 0
    while not stop.is_set() and (one := slices.take()) is not None:
        aside = kept.get((one.topic, one.partition), {})
        at = one.start
        try:
            for more in hand.bring(one, aside):
                at += more
                deaths = 0
                tell(more)
        except HandDied as died:
            if stop.is_set():
                return
            deaths += 1
            where = f"{one.topic}/{one.partition}, {at} to {one.end}"
            if deaths >= DEATHS:
                raise LoaderDied(f"{where}: {died}, {deaths} times in a row") from died
            _LOG.warning("a loading process died and is started again: %s at %s", died, where)
        slices.done(one, at)
