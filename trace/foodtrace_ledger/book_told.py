"""What stands beside the equation: counts by people, and trades whose reports differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from foodtrace.effects import Direction
from foodtrace.lots import LotKind
from foodtrace.meeting import Voice, precedence
from foodtrace.quantity import amount_of, unit_of
from foodtrace_ledger import book_rows, describe
from foodtrace_ledger.answers import Document
from foodtrace_ledger.book_rows import BookLot, CountRow, ReportRow
from foodtrace_ledger.book_values import SHOWN, Differing, Found, Report

#: What is added up together, such as an account.
Part = int


@dataclass(frozen=True, slots=True)
class Beside:
    """Counts and differing trades of one part: the first `SHOWN`, and how many there are."""

    found: tuple[Found, ...] = ()
    found_count: int = 0
    differing: tuple[Differing, ...] = ()
    differing_count: int = 0


@dataclass(slots=True)
class _Gathered:
    counts: dict[Part, list[tuple[CountRow, BookLot | None, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    trades: Mapping[Part, list[tuple[str, str, list[ReportRow]]]] = field(default_factory=dict)


def beside(
    conn: Connection, parts: Sequence[tuple[BookLot, Part]], at: date
) -> Mapping[Part, Beside]:
    """What is told beside the equation of each part up to a day."""
    gathered = _Gathered(trades=book_rows.differing(conn, parts, at))
    _count(conn, gathered, parts, at)
    shown = {part: rows[:SHOWN] for part, rows in gathered.counts.items()}
    told = {part: trades[:SHOWN] for part, trades in gathered.trades.items()}
    events = {row.event for rows in shown.values() for row, _, _ in rows}
    events |= {r.event for trades in told.values() for _, _, reports in trades for r in reports}
    documents = describe.documents(conn, events)
    lots = describe.lots(conn, {lot.id for rows in shown.values() for _, lot, _ in rows if lot})
    return {
        part: Beside(
            found=tuple(
                Found(
                    lot=None if lot is None else lots[lot.id],
                    day=row.day,
                    unit=unit_of(row.dimension),
                    found=amount_of(row.amount),
                    book_stock=amount_of(stock),
                    document=documents[row.event],
                )
                for row, lot, stock in shown.get(part, ())
            ),
            found_count=len(gathered.counts.get(part, ())),
            differing=tuple(_trade(each, documents) for each in told.get(part, ())),
            differing_count=len(gathered.trades.get(part, ())),
        )
        for part in gathered.counts.keys() | gathered.trades.keys()
    }


def _count(
    conn: Connection, gathered: _Gathered, parts: Iterable[tuple[BookLot, Part]], at: date
) -> None:
    """The last counts of each lot with a code, and of each part's stock without codes."""
    numbers: dict[tuple[Part, int | None], int] = {}
    subjects: list[tuple[Part, BookLot | None]] = []
    counted: list[tuple[BookLot, int]] = []
    for lot, part in parts:
        named = None if lot.kind == LotKind.POOL else lot
        key = (part, None if named is None else lot.id)
        if key not in numbers:
            numbers[key] = len(subjects)
            subjects.append((part, named))
        counted.append((lot, numbers[key]))
    rows = book_rows.counts(conn, counted, at)
    stocks = _stocks(conn, counted, rows)
    for row in sorted(rows, key=lambda row: (-row.day.toordinal(), row.dimension, row.event)):
        part, named = subjects[row.part]
        gathered.counts[part].append((row, named, stocks[row.part, row.dimension, row.day]))


def _stocks(
    conn: Connection, counted: Iterable[tuple[BookLot, int]], rows: Iterable[CountRow]
) -> Mapping[tuple[int, str, date], int]:
    """The book stock of what was counted, at the end of the day it was counted."""
    wanted: dict[int, set[tuple[str, date]]] = defaultdict(set)
    for row in rows:
        wanted[row.part].add((row.dimension, row.day))
    sums: dict[tuple[int, str, date], int] = defaultdict(int)
    for each in book_rows.entries(conn, [(lot, part) for lot, part in counted if part in wanted]):
        for dimension, day in wanted[each.part]:
            if each.entry.dimension == dimension and each.entry.day <= day:
                sums[each.part, dimension, day] += each.entry.change
    return sums


def _trade(trade: tuple[str, str, list[ReportRow]], documents: Mapping[int, Document]) -> Differing:
    direction, dimension, reports = trade
    ordered = sorted(reports, key=lambda each: _order(direction, each.told))
    return Differing(
        direction=direction,
        unit=unit_of(dimension),
        reports=tuple(
            Report(
                voice=Voice(each.told[0]).name.lower(),
                source=each.told[2:],
                amount=amount_of(each.amount),
                counts=place == 0,
                document=documents[each.event],
            )
            for place, each in enumerate(ordered)
        ),
    )


def _order(direction: str, told: str) -> tuple[int, str]:
    voice, source = told[0], told[2:]
    return precedence(Direction(direction), Voice(voice), source)
