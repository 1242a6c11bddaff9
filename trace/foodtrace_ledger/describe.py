"""What lots, batches and documents are called outside this ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Row

from foodtrace_ledger import arrays
from foodtrace_ledger.answers import BatchView, Document, LotView, PartyNamed
from foodtrace_ledger.memory import remembered
from foodtrace_ledger.sqlfile import sql

T = TypeVar("T")

# A kind (party, product, location) and its id.
Subject = tuple[str, str]
# The same, and the day asked about (None: now).
SubjectOn = tuple[str, str, date | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A name on a day; `now` is the one it goes by today, where that is another."""

    name: str | None
    now: str | None


def lots(conn: Connection, numbers: Iterable[int]) -> dict[int, LotView]:
    """Lots by this ledger's numbers."""
    return _once(conn, "lots_by_number", numbers, lot_view)


def remember(conn: Connection, views: Mapping[int, LotView]) -> None:
    """Let `lots` know these of the snapshot that they were read in."""
    remembered(conn, "lots_by_number").update(views)


def _once(
    conn: Connection, name: str, numbers: Iterable[int], view: Callable[[object], T]
) -> dict[int, T]:
    """Rows by number as views; none is read twice in one snapshot."""
    known: dict[int, T] = remembered(conn, name)
    wanted = dict.fromkeys(numbers)
    rows = _by_number(conn, name, (each for each in wanted if each not in known))
    known.update((row.id, view(row)) for row in rows)
    return {each: known[each] for each in wanted if each in known}


def lot_of(lot_id: UUID, holder: str, location: str, kind: str, product: str, code: str) -> LotView:
    """A lot by the columns of its key."""
    return LotView(
        lot_id=lot_id, holder=holder, location=location, kind=kind, product=product, code=code
    )


def lot_view(row: object) -> LotView:
    """A row with the columns of a lot's key as a view."""
    names = ("lot_id", "holder", "location", "kind", "product", "code")
    return LotView(**{name: getattr(row, name) for name in names})


def batches(conn: Connection, numbers: Iterable[int]) -> dict[int, BatchView]:
    """Batches by this ledger's numbers, with their makers' names."""
    rows = _by_number(conn, "batches_by_number", numbers)
    makers = names(conn, "party", (row.manufacturer for row in rows))
    key = ("batch_id", "manufacturer", "product", "code")
    return {
        row.id: BatchView(
            manufacturer_name=makers.get(row.manufacturer),
            **{name: getattr(row, name) for name in key},
        )
        for row in rows
    }


def documents(conn: Connection, events: Iterable[int]) -> dict[int, Document]:
    """Documents by this ledger's numbers of events; of two contents the one that came first."""
    return _once(conn, "documents_by_number", events, document)


def _by_number(conn: Connection, name: str, numbers: Iterable[int]) -> Sequence[Row[Any]]:
    wanted = set(numbers)
    return conn.execute(sql(name), {"id": arrays.numbers(wanted)}).all() if wanted else ()


def document(row: object) -> Document:
    """A row with the columns of a document as a view."""
    names = (
        *("event_id", "kind", "source", "document_type", "document_number", "business_date"),
        "received_at",
    )
    return Document(**{name: getattr(row, name) for name in names})


def names(
    conn: Connection, kind: str, subjects: Iterable[str], on: date | None = None
) -> dict[str, str]:
    """The names of registered parties, products or locations: as they were `on` a day, or now."""
    found = all_names(conn, ((kind, subject) for subject in subjects), on)
    return {subject: name for (_, subject), name in found.items()}


def all_names(
    conn: Connection, subjects: Iterable[Subject], on: date | None = None
) -> dict[Subject, str]:
    """The same for subjects of several kinds at once."""
    found = names_then(conn, ((kind, subject, on) for kind, subject in subjects))
    return {(kind, subject): name for (kind, subject, _), name in found.items()}


def names_then(conn: Connection, subjects: Iterable[SubjectOn]) -> dict[SubjectOn, str]:
    """The same, each on a day of its own, by the rule of `foodtrace.registered.holding`."""
    wanted = list(dict.fromkeys(subjects))
    if not wanted:
        return {}
    asked = {
        "kind": arrays.texts(kind for kind, _, _ in wanted),
        "subject": arrays.texts(subject for _, subject, _ in wanted),
        "day": arrays.days(day for _, _, day in wanted),
    }
    return {wanted[row.place - 1]: row.name for row in conn.execute(sql("names_of"), asked)}


def called(conn: Connection, subjects: Iterable[SubjectOn]) -> dict[SubjectOn, Called]:
    """What subjects were called on their days, and what they are called now where that differs."""
    wanted = list(dict.fromkeys(subjects))
    today = ((kind, subject, None) for kind, subject, _ in wanted)
    found = names_then(conn, (*wanted, *today))
    told = {}
    for each in wanted:
        then, now = found.get(each), found.get((each[0], each[1], None))
        told[each] = Called(name=then, now=None if now == then else now)
    return told


def parties(
    conn: Connection, ids: Iterable[str | None], on: date | None = None
) -> tuple[PartyNamed, ...]:
    """The registered ones among these parties, as they were called `on` a day, or are now."""
    wanted = sorted({each for each in ids if each})
    found = called(conn, (("party", each, on) for each in wanted))
    return tuple(
        PartyNamed(party=party, party_name=each.name, party_now=each.now)
        for (_, party, _), each in found.items()
        if each.name is not None
    )
