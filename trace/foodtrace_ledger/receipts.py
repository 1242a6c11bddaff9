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
    """A receipt that holds: its document, what was said (see `events.Content`), what was sold."""

    document: Document
    contents: tuple[Content, ...]
    seller_name: str | None
    location_name: str | None
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
    sellers = {each.giver for each in said if each.giver}
    places = {each.giver_location for each in said if each.giver_location}
    return Receipt(
        document=describe.documents(conn, [event])[event],
        contents=said,
        seller_name=next(iter(describe.names(conn, "party", sellers).values()), None),
        location_name=next(iter(describe.names(conn, "location", places).values()), None),
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
        provenance=tuple(provenance(conn, lot) for lot in dict.fromkeys(row.lot for row in rows)),
    )
