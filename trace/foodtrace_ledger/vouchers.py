"""Market-entry vouchers (上市凭证) by their number: purchase, stock, processing and flow in one place."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace.problems import TheirFault
from foodtrace_ledger import describe
from foodtrace_ledger.answers import Document, LotView
from foodtrace_ledger.events import Content, contents
from foodtrace_ledger.sqlfile import sql

LIMIT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class VoucherLot:
    """A lot that a voucher's line speaks of, and how (`opened`, `origin`, `taken`)."""

    line: int
    role: str
    lot: LotView


@dataclass(frozen=True, slots=True, kw_only=True)
class Voucher:
    """A voucher that holds: its document, what was said, the lots of its lines."""

    document: Document
    contents: tuple[Content, ...]
    lots: tuple[VoucherLot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citations:
    """Documents that cite a voucher; `next` goes on, None on the last page."""

    documents: tuple[Document, ...]
    next: UUID | None


def by_number(conn: Connection, number: str) -> tuple[Voucher, ...]:
    """The vouchers with that number; several where issuers number alike."""
    rows = conn.execute(sql("vouchers_by_number"), {"code": canonical(number)}).all()
    return tuple(_voucher(conn, row.event) for row in rows)


def _voucher(conn: Connection, event: int) -> Voucher:
    rows = conn.execute(sql("lots_of_event"), {"event": event}).all()
    views = describe.lots(conn, (row.lot for row in rows))
    return Voucher(
        document=describe.documents(conn, [event])[event],
        contents=contents(conn, event),
        lots=tuple(VoucherLot(line=row.line, role=row.role, lot=views[row.lot]) for row in rows),
    )


def citations(
    conn: Connection, number: str, *, after: UUID | None = None, limit: int = LIMIT
) -> Citations:
    """The documents that cite a voucher's number, in the order in which this ledger got them."""
    place = None
    if after is not None:
        row = conn.execute(sql("event_by_id"), {"event_id": after}).one_or_none()
        if row is None:
            raise TheirFault("request.bad-cursor", str(after), "cursor")
        place = row.id
    asked = {"number": canonical(number), "after": place, "limit": limit + 1}
    events = [row.event for row in conn.execute(sql("citations_of"), asked)]
    known = describe.documents(conn, events[:limit])
    page = tuple(known[event] for event in events[:limit])
    return Citations(documents=page, next=page[-1].event_id if len(events) > limit else None)
