"""Write the entries of a chunk, tables in their fixed order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from foodtrace.events import Event
from foodtrace_ledger.chunk import Aside, Taken
from foodtrace_ledger.writing import beside, contents, facts, heads, retail, verdict
from foodtrace_ledger.writing.known import Learnt
from foodtrace_ledger.writing.said import gather


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a chunk brought: new contents and their document lines, copies of known ones, records
    put aside, and records that lay before the position."""

    events: int = 0
    lines: int = 0
    duplicates: int = 0
    asides: int = 0
    skipped: int = 0

    def __add__(self, other: Written) -> Written:
        """Both together."""
        return Written(
            events=self.events + other.events,
            lines=self.lines + other.lines,
            duplicates=self.duplicates + other.duplicates,
            asides=self.asides + other.asides,
            skipped=self.skipped + other.skipped,
        )


def apply(
    conn: Connection, consumer: str, entries: Sequence[Taken | Aside], learnt: Learnt
) -> Written:
    """Write entries in the open transaction; `learnt` gains what is known once it commits."""
    taken = [entry for entry in entries if isinstance(entry, Taken)]
    asides = [entry for entry in entries if isinstance(entry, Aside)]
    fresh = {}
    if taken:
        said = gather(taken)
        rows = heads.lock(conn, said)
        fresh = contents.write(conn, said, rows)
        changes = verdict.settle(conn, fresh, rows)
        written = facts.write(conn, fresh, rows, learnt)
        retail.write(conn, written["retail_line"], changes)
        beside.write_heard(conn, taken)
    beside.write_asides(conn, consumer, asides)
    return Written(
        events=len(fresh),
        lines=sum(line_count(content.event) for content in fresh.values()),
        duplicates=len(taken) - len(fresh),
        asides=len(asides),
    )


def line_count(event: Event) -> int:
    """How many lines a document has; master data and voids have none."""
    names = ("lines", "inputs", "outputs")
    return sum(len(getattr(event, name, ())) for name in names)
