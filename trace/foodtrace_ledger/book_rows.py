"""The rows behind the book of stock: lots, entries, counts and reports that differ, by part.

A part is whatever the caller adds up together, given as a number for each lot.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.balance import RETAIL
from foodtrace.lots import LotKind
from foodtrace.stock_book import Entry, Keeping
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import plain, sql

#: Name and attributes of products, by key.
Words = Mapping[str, tuple[str, tuple[tuple[str, str], ...]]]
#: No owner is stated: the goods are the holder's.
OWN = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookLot:
    """A lot as the book sees it; `owners` are those it came in for, None for the holder itself.

    `products` is the lot's product, or for a logistic unit all that was packed; `name` the product's
    as documents print it.
    """

    id: int
    lot_id: UUID
    holder: str
    location: str
    kind: str
    code: str
    product: str
    products: frozenset[str]
    owners: frozenset[str | None]
    keeping: Keeping
    name: str | None

    @property
    def by_line(self) -> bool:
        """Whether it takes the line to tell whose goods and which product it is."""
        return self.keeping is Keeping.UNIT or len(self.owners) != 1


@dataclass(frozen=True, slots=True)
class Stated:
    """An entry of a part, with the owner and product that its line states, if that matters."""

    part: int
    owner: str | None
    product: str | None
    entry: Entry


def lots_of_holders(
    conn: Connection, holders: Iterable[str], places: Collection[str] | None
) -> dict[int, BookLot]:
    """Lots held by these, or kept for them; at some places or where no place is stated."""
    inside = None if places is None else arrays.texts(sorted(places))
    asked = {"holder": arrays.texts(sorted(holders)), "location": inside}
    return lots(conn, conn.scalars(sql("book_of_holders"), asked))


def lots_of_place(conn: Connection, places: Iterable[str]) -> dict[int, BookLot]:
    """Lots at some places, whoever holds them."""
    asked = {"location": arrays.texts(sorted(places))}
    return lots(conn, conn.scalars(sql("book_of_place"), asked))


def lots(conn: Connection, numbers: Iterable[int]) -> dict[int, BookLot]:
    """Lots by this ledger's numbers."""
    rows = conn.execute(sql("book_lots"), {"lot": arrays.numbers(numbers)})
    return {row.id: _lot(row) for row in rows}


def _lot(row: Any) -> BookLot:
    keeping = Keeping.UNIT if row.unit else Keeping.SHELF
    return BookLot(
        id=row.id,
        lot_id=row.lot_id,
        holder=row.holder,
        location=row.location,
        kind=row.kind,
        code=row.code,
        product=row.product,
        products=frozenset((row.product, *(row.products or ()))),
        owners=frozenset(None if owner == OWN else owner for owner in row.owners or ()),
        keeping=Keeping.WAITING if row.kind == LotKind.RETURNED else keeping,
        name=row.name,
    )


def entries(conn: Connection, parts: Sequence[tuple[BookLot, int]]) -> list[Stated]:
    """What came in and went out of lots, added up by part, day and what the line states."""
    if not parts:
        return []
    asked = {
        "lot": arrays.numbers(lot.id for lot, _ in parts),
        "part": arrays.numbers(part for _, part in parts),
    }
    by_line = arrays.flags(lot.by_line for lot, _ in parts)
    found = [
        Stated(part, owner, product, Entry(
            day=day, direction=direction, dimension=dimension, amount=int(amount),
            beside=beside, spoken=spoken, sourced=sourced,
        ))
        for part, owner, product, day, direction, dimension, beside, spoken, sourced, amount in plain(
            conn, "book_entries", {**asked, "by_line": by_line}
        )
    ]  # fmt: skip
    for part, day, dimension, beside, amount in plain(conn, "book_retail", asked):
        entry = Entry(
            day=day, direction=RETAIL, dimension=dimension, amount=int(amount), beside=beside
        )
        found.append(Stated(part, None, None, entry))
    return found


@dataclass(frozen=True, slots=True)
class CountRow:
    """The last count of a part in a dimension."""

    part: int
    event: int
    day: date
    dimension: str
    amount: int


def counts(conn: Connection, parts: Sequence[tuple[BookLot, int]], at: date) -> list[CountRow]:
    """What was last counted of each part up to a day; two that differ on one day are both there."""
    asked = {
        "lot": arrays.numbers(lot.id for lot, _ in parts),
        "part": arrays.numbers(part for _, part in parts),
        "at": at,
    }
    return [CountRow(*row) for row in plain(conn, "book_found", asked)]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """What one teller says of a trade, as far as it is about a part."""

    told: str
    amount: int
    event: int


def differing(
    conn: Connection, parts: Sequence[tuple[BookLot, int]], at: date
) -> Mapping[int, list[tuple[str, str, list[ReportRow]]]]:
    """Trades whose reports differ, newest first, as (direction, dimension, reports) by part."""
    asked = {
        "lot": arrays.numbers(lot.id for lot, _ in parts),
        "part": arrays.numbers(part for _, part in parts),
        "at": at,
    }
    trades: dict[tuple[int, int, str, str], list[ReportRow]] = defaultdict(list)
    for part, meeting, way, dimension, told, amount, event, _ in plain(
        conn, "book_differing", asked
    ):
        trades[part, meeting, way, dimension].append(ReportRow(told, int(amount), event))
    found: dict[int, list[tuple[str, str, list[ReportRow]]]] = defaultdict(list)
    for (part, _, way, dimension), reports in trades.items():
        found[part].append((way, dimension, reports))
    return found


def registered(conn: Connection, products: Iterable[str], at: date) -> Words:
    """Name and attributes of products that are registered, as on a day."""
    asked = {"product": arrays.texts(sorted(products)), "at": at}
    return {
        row.subject: (row.name, tuple(sorted(row.attributes.items())))
        for row in conn.execute(sql("book_registered"), asked)
    }
