"""What one attempt at a chunk brought."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from foodtrace_ledger.chunk import Aside, Chunk
from foodtrace_ledger.writer import Written

#: Stands for the records that only the ledger refused; their letters name the exact code.
BY_LEDGER = "ledger.refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the transaction wrote, and how many records went aside by which code."""

    written: Written
    asides: Counter[str] = field(default_factory=Counter)


def outcome_of(chunk: Chunk, written: Written) -> Outcome:
    """Count the codes of a chunk that was written; what came again is counted for nothing."""
    if written.asides == 0:
        return Outcome(written=written)
    codes = Counter(entry.code for entry in chunk.entries if isinstance(entry, Aside))
    by_ledger = written.asides - codes.total()
    if by_ledger > 0:
        codes[BY_LEDGER] += by_ledger
    return Outcome(written=written, asides=codes)
