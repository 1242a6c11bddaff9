"""Lots: what a code may mean, and all that is known of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace.flags import Flag
from foodtrace.unidentified import Known, known_of
from foodtrace_ledger import amounts, arrays, batches, describe, named, oddities, roots, traces
from foodtrace_ledger.amounts import Sums
from foodtrace_ledger.answers import BatchView, Document, Figures, LotView
from foodtrace_ledger.batches import BatchCandidate
from foodtrace_ledger.named import Named
from foodtrace_ledger.origins import with_origin
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.totals import began
from foodtrace_ledger.traces import TraceCandidate

# What several lines print of a lot, told one by one up to so many.
PRINTS_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Everything a code may mean; different batches and traces are different candidates."""

    batches: tuple[BatchCandidate, ...]
    traces: tuple[TraceCandidate, ...]
    vouchers: tuple[Document, ...]
    receipts: tuple[Document, ...]
    named: tuple[Named, ...]

    @property
    def candidates(self) -> int:
        """How many different goods the code may mean."""
        return len(self.batches) + len(self.traces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """What one document line says of a lot; `owner` owns the goods where the holder doesn't."""

    document: Document
    line: int
    role: str
    batch: BatchView | None
    product_name: str | None
    production_date: date | None
    expiry_date: date | None
    basis: str
    state: str | None
    owner: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperView:
    """A paper that came with a lot."""

    document: Document
    kind: str
    number: str
    issuer: str | None
    valid_until: date | None
    verification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LotDetail:
    """All that is known of one lot; `prints` are the first of `print_count`.

    Names are those of its last day; `holder_now` is today's where that is another. `unidentified`
    is what is known of a holder whom nobody could identify.
    """

    lot: LotView
    holder_name: str | None
    holder_now: str | None
    location_name: str | None
    unidentified: Known | None
    figures: tuple[Figures, ...]
    receipts: int
    possible_receipts: int
    first_day: date | None
    last_day: date | None
    prints: tuple[Print, ...]
    print_count: int
    papers: tuple[PaperView, ...]
    flags: tuple[Flag, ...]


def find(conn: Connection, code: str, at: date | None = None) -> Found:
    """What a code may mean, around the day `at` if it is given."""
    key = canonical(code)
    return Found(
        batches=batches.by_code(conn, key, at),
        traces=traces.by_code(conn, key, at),
        vouchers=_documents(conn, "vouchers_by_number", key),
        receipts=_documents(conn, "receipts_by_code", key),
        named=named.subjects(conn, key, at),
    )


def _documents(conn: Connection, name: str, code: str) -> tuple[Document, ...]:
    events = [row.event for row in conn.execute(sql(name), {"code": code})]
    known = describe.documents(conn, events)
    return tuple(known[event] for event in dict.fromkeys(events))


def detail(conn: Connection, lot_id: UUID) -> LotDetail:
    """One lot with its balance, what documents print of it, papers and flags; raises NotFound."""
    (number,) = roots.of_lots(conn, [lot_id]).starts
    view = describe.lots(conn, [number])[number]
    sums = amounts.by_lot(conn, [number]).get(number, Sums())
    rows = conn.execute(sql("prints_of"), {"lot": number}).all()
    prints = _prints(conn, rows[:PRINTS_SHOWN])
    day = sums.last_day or max((each.document.business_date for each in prints), default=None)
    holder, place = ("party", view.holder, day), ("location", view.location, day)
    called = describe.called(conn, (holder, place))
    return LotDetail(
        lot=view,
        holder_name=called[holder].name,
        holder_now=called[holder].now,
        location_name=called[place].name,
        unidentified=known_of(view.holder),
        figures=_figures(conn, number, sums),
        receipts=sums.receipts,
        possible_receipts=sums.possible_receipts,
        first_day=sums.first_day,
        last_day=sums.last_day,
        prints=prints,
        print_count=len(rows),
        papers=_papers(conn, number),
        flags=oddities.of_lot(conn, number),
    )


def _figures(conn: Connection, lot: int, sums: Sums) -> tuple[Figures, ...]:
    implied = began([sums]).implied if with_origin(conn, [lot]) else {}
    return tuple(Figures.of(each, implied.get(each.dimension, 0)) for each in sums.balances)


def _prints(conn: Connection, rows: Sequence[Any]) -> tuple[Print, ...]:
    names = (
        *("line", "role", "product_name", "production_date", "expiry_date", "basis"),
        *("state", "owner"),
    )
    papers = describe.documents(conn, (row.event for row in rows))
    known = describe.batches(conn, (row.batch for row in rows if row.batch))
    return tuple(
        Print(
            document=papers[row.event],
            batch=known.get(row.batch),
            **{name: getattr(row, name) for name in names},
        )
        for row in rows
    )


def _papers(conn: Connection, lot: int) -> tuple[PaperView, ...]:
    rows = conn.execute(sql("papers_of"), {"lot": arrays.numbers([lot])}).all()
    known = describe.documents(conn, (row.event for row in rows))
    return tuple(
        PaperView(
            document=known[row.event],
            kind=row.kind,
            number=row.number,
            issuer=row.issuer,
            valid_until=row.valid_until,
            verification=row.verification,
        )
        for row in rows
    )
