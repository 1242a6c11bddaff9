"""What holds up which partition just now, by the problem's code: for people, metrics and probes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from foodtrace.problems import PROBLEMS, FoodtraceError
from foodtrace_bus.cluster import Partition
from foodtrace_ledger.errors import is_disk_full
from foodtrace_ops.metrics import gauge
from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.crash import waits_for_lock


def code_of(error: BaseException) -> str:
    """The problem's code of an error that passes by itself."""
    if isinstance(error, FoodtraceError):
        return error.code
    if is_disk_full(error):
        return "ledger.disk-full"
    return "ledger.held" if waits_for_lock(error) else "ledger.away"


class Troubles:
    """Partitions whose chunk is tried again; those of an earlier term are nobody's any more."""

    def __init__(self) -> None:
        """None yet."""
        self._found: dict[Partition, tuple[int, str]] = {}

    def add(self, raw: RawChunk, error: BaseException) -> None:
        """A chunk couldn't be brought in for now."""
        self._found[raw.topic, raw.partition] = (raw.term, code_of(error))
        self._show(raw.term)

    def over(self, raw: RawChunk) -> None:
        """It is in."""
        if self._found.pop((raw.topic, raw.partition), None) is not None:
            self._show(raw.term)

    def now(self, term: int) -> Mapping[Partition, str]:
        """Code by partition, of the present term."""
        return {spot: code for spot, (of, code) in list(self._found.items()) if of == term}

    def _show(self, term: int) -> None:
        shown = gauge("foodtrace_held_up_partitions")
        shown.clear()
        for code, number in Counter(self.now(term).values()).items():
            shown.labels(code).set(number)


def in_words(found: Mapping[Partition, str]) -> list[str]:
    """A line for each: where, what, and what to do."""
    return [
        f"{topic}/{partition} {code}: {PROBLEMS[code].zh} / {PROBLEMS[code].en}"
        for (topic, partition), code in sorted(found.items())
    ]
