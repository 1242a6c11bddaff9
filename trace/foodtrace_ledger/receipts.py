"""Receipts, and where the food on them comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace.effects import Basis
from foodtrace.quantity import amount_of, unit_of
from foodtrace_ledger import describe
from foodtrace_ledger.answers import Document, LotView
from foodtrace_ledger.describe import Called
from foodtrace_ledger.events import Content, contents
from foodtrace_ledger.provenance import Provenance, provenance
from foodtrace_ledger.sqlfile import sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """One amount on a receipt line, and the lot it was taken from; `possible` where a pool or an
    open choice of lots lies between."""

    line: int
    lot: LotView
    unit: str
    amount: Decimal
    possible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A receipt that holds: its document, what was said (see `events.Content`), what was sold.

    `seller` and `location` are called as on the day of the sale.
    """

    document: Document
    contents: tuple[Content, ...]
    seller: Called
    location: Called
    sold: tuple[Sold, ...]
    provenance: tuple[Provenance, ...]


def by_code(conn: Connection, code: str) -> tuple[Receipt, ...]:
    """The receipts under an unguessable code; more than one only if several sellers use it."""
    return _receipts(conn, "receipts_by_code", {"code": canonical(code)})


def by_number(
    conn: Connection, number: str, *, total: Decimal | None = None, day: date | None = None
) -> tuple[Receipt, ...]:
    """The receipts with a till's number whose amount or business day is the one given.

    Without either nothing is found: numbers can be guessed.
    """
    return _receipts(
        conn, "receipts_by_number", {"code": canonical(number), "total": total, "day": day}
    )


def _receipts(conn: Connection, name: str, asked: dict[str, object]) -> tuple[Receipt, ...]:
    return tuple(_receipt(conn, row.event) for row in conn.execute(sql(name), asked).all())


def _receipt(conn: Connection, event: int) -> Receipt:
    rows = conn.execute(sql("retail_of_event"), {"event": event}).all()
    said = contents(conn, event)
    views = describe.lots(conn, (row.lot for row in rows))
    document = describe.documents(conn, [event])[event]
    day = document.business_date
    seller = ("party", next((each.giver for each in said if each.giver), ""), day)
    place = next((each.giver_location for each in said if each.giver_location), "")
    called = describe.called(conn, (seller, ("location", place, day)))
    return Receipt(
        document=document,
        contents=said,
        seller=called[seller],
        location=called["location", place, day],
        sold=tuple(
            Sold(
                line=row.line,
                lot=views[row.lot],
                unit=unit_of(row.dimension),
                amount=amount_of(row.amount),
                possible=row.basis == Basis.POSSIBLE,
            )
            for row in rows
        ),
        provenance=tuple(
            provenance(conn, lot, day) for lot in dict.fromkeys(row.lot for row in rows)
        ),
    )
