"""What lots, batches and documents are called outside this ledger."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from foodtrace_ledger import arrays
from foodtrace_ledger.answers import BatchView, Document, LotView
from foodtrace_ledger.sqlfile import sql

# A kind (party, product, location) and its id.
Subject = tuple[str, str]


def lots(conn: Connection, numbers: Iterable[int]) -> dict[int, LotView]:
    """Lots by this ledger's numbers."""
    rows = conn.execute(sql("lots_by_number"), {"id": arrays.numbers(set(numbers))})
    return {row.id: lot_view(row) for row in rows}


def lot_view(row: object) -> LotView:
    """A row with the columns of a lot's key as a view."""
    names = ("lot_id", "holder", "location", "kind", "product", "code")
    return LotView(**{name: getattr(row, name) for name in names})


def batch_view(row: object) -> BatchView:
    """A row with the columns of a batch's key as a view."""
    names = ("batch_id", "manufacturer", "product", "code")
    return BatchView(**{name: getattr(row, name) for name in names})


def batches(conn: Connection, numbers: Iterable[int]) -> dict[int, BatchView]:
    """Batches by this ledger's numbers."""
    rows = conn.execute(sql("batches_by_number"), {"id": arrays.numbers(set(numbers))})
    return {row.id: batch_view(row) for row in rows}


def documents(conn: Connection, events: Iterable[int]) -> dict[int, Document]:
    """Documents by this ledger's numbers of events; of two contents the one that came first."""
    rows = conn.execute(sql("documents_by_number"), {"id": arrays.numbers(set(events))})
    return {row.id: document(row) for row in rows}


def document(row: object) -> Document:
    """A row with the columns of a document as a view."""
    names = (
        *("event_id", "kind", "source", "document_type", "document_number", "business_date"),
        "received_at",
    )
    return Document(**{name: getattr(row, name) for name in names})


def names(conn: Connection, kind: str, subjects: Iterable[str]) -> dict[str, str]:
    """The names of parties, products or locations that are registered, the latest known."""
    found = all_names(conn, ((kind, subject) for subject in subjects))
    return {subject: name for (_, subject), name in found.items()}


def all_names(conn: Connection, subjects: Iterable[Subject]) -> dict[Subject, str]:
    """The same for subjects of several kinds at once."""
    wanted = sorted(set(subjects))
    asked = {
        "kind": arrays.texts(kind for kind, _ in wanted),
        "subject": arrays.texts(subject for _, subject in wanted),
    }
    return {(row[0], row[1]): row[2] for row in conn.execute(sql("names_of"), asked)}
