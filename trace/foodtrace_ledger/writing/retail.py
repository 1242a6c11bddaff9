"""Retail sums per lot and day, kept right by differences: what held before, what holds now.

Whoever changes whether an event holds, or adds a content to it, holds its row's lock, so each
difference is made once, whatever overlaps.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from foodtrace.effects import Basis
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.columns import Row
from foodtrace_ledger.writing.verdict import HOLDS, Change

Total = tuple[int, date, str, bool]
Count = tuple[int, date, bool]


@dataclass(frozen=True, slots=True)
class Line:
    """One retail fact, and whether it counted before this chunk and counts after it."""

    event: int
    lot: int
    day: date
    dimension: str
    amount: int
    possible: bool
    before: bool
    after: bool


def write(conn: Connection, rows: Iterable[Row], changes: Mapping[int, Change]) -> None:
    """Bring the sums up to date: `rows` are the new retail lines, `changes` the judged events."""
    lines = [_new(row) for row in rows if row[0] not in changes]
    lines += _changed(conn, changes, {(row[0], row[1]) for row in rows})
    _add_totals(conn, totals(lines))
    _add_counts(conn, counts(lines))


def _new(row: Row) -> Line:
    event, _content, _line, lot, day, dimension, amount, basis = row
    return Line(event, lot, day, dimension, amount, basis == Basis.POSSIBLE, False, True)


def _changed(
    conn: Connection, changes: Mapping[int, Change], fresh: set[tuple[int, int]]
) -> list[Line]:
    """All lines of judged events; those of contents that are new didn't count before."""
    if not changes:
        return []
    result = conn.execute(sql("retail_lines_of"), {"event": arrays.numbers(sorted(changes))})
    lines = []
    for row in result:
        change = changes.get(row.event, Change(HOLDS, HOLDS))
        before = (row.event, row.content) not in fresh and change.was.holds(row.line)
        possible = row.basis == Basis.POSSIBLE
        what = (row.event, row.lot, row.day, row.dimension, row.amount, possible)
        lines.append(Line(*what, before, change.now.holds(row.line)))
    return lines


def totals(lines: Iterable[Line]) -> dict[Total, int]:
    """The differences of the amounts; zeros are left out."""
    sums: Counter[Total] = Counter()
    for line in lines:
        key = (line.lot, line.day, line.dimension, line.possible)
        sums[key] += line.amount * (line.after - line.before)
    return {key: amount for key, amount in sums.items() if amount}


def counts(lines: Iterable[Line]) -> dict[Count, int]:
    """The differences of the numbers of receipts; a receipt is possible if all its lines are."""
    receipts: dict[tuple[int, int, date], list[Line]] = defaultdict(list)
    for line in lines:
        receipts[line.event, line.lot, line.day].append(line)
    sums: Counter[Count] = Counter()
    for (_event, lot, day), group in receipts.items():
        before = {line.possible for line in group if line.before}
        after = {line.possible for line in group if line.after}
        if before:
            sums[lot, day, all(before)] -= 1
        if after:
            sums[lot, day, all(after)] += 1
    return {key: number for key, number in sums.items() if number}


def _add_totals(conn: Connection, sums: Mapping[Total, int]) -> None:
    if not sums:
        return
    lots, days, dimensions, possible = zip(*sorted(sums), strict=True)
    columns = {
        "lot": arrays.numbers(lots),
        "day": arrays.days(days),
        "dimension": arrays.texts(dimensions),
        "possible": arrays.flags(possible),
        "amount": arrays.numbers(sums[key] for key in sorted(sums)),
    }
    conn.execute(sql("add_retail_total"), columns)


def _add_counts(conn: Connection, sums: Mapping[Count, int]) -> None:
    if not sums:
        return
    lots, days, possible = zip(*sorted(sums), strict=True)
    columns = {
        "lot": arrays.numbers(lots),
        "day": arrays.days(days),
        "possible": arrays.flags(possible),
        "receipts": arrays.numbers(sums[key] for key in sorted(sums)),
    }
    conn.execute(sql("add_retail_count"), columns)
