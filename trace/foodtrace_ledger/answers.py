"""The values that readers answer with; public ids only, amounts as exact decimals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from foodtrace.balance import Balance
from foodtrace.quantity import amount_of, unit_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LotView:
    """A lot by its key, canonical as in every answer."""

    lot_id: UUID
    holder: str
    location: str
    kind: str
    product: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """A batch by its key; `manufacturer_name` is the one the maker goes by today, if registered."""

    batch_id: UUID
    manufacturer: str
    product: str
    code: str
    manufacturer_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyNamed:
    """What a party that an answer tells by its id was called on the day, and today if otherwise."""

    party: str
    party_name: str
    party_now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The document behind a fact, as its envelope names it."""

    event_id: UUID
    kind: str
    source: str
    document_type: str | None
    document_number: str | None
    business_date: date
    received_at: datetime


class Reason(StrEnum):
    """Why one lot leads to another, or a seller is affected.

    linked: a document line says so; same_party: it is the same lot, under another id of its holder
    or once without a location; named_again: it came out of a logistic unit and bears a confirmed
    lot's code; same_batch: it bears the recalled batch and no path leads there; pool: it was taken
    from stock without codes; carried_over: it may have been drawn from stock of an earlier day;
    returned: it came back and nothing says yet whether it was sold again; unallocated: the document
    leaves open from which of several lots it came.
    """

    LINKED = "linked"
    SAME_PARTY = "same_party"
    NAMED_AGAIN = "named_again"
    SAME_BATCH = "same_batch"
    POOL = "pool"
    CARRIED_OVER = "carried_over"
    RETURNED = "returned"
    UNALLOCATED = "unallocated"


#: Reasons that make possible what they lead to.
DOUBTS = frozenset({Reason.POOL, Reason.CARRIED_OVER, Reason.RETURNED, Reason.UNALLOCATED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a path: the lot it reached, why, and by which document and line.

    `document` is the alias or merge where two ids are one party (null where a document just states
    no location), and null where stock was carried over: from the day `delivered` to the day
    `drawn`.
    """

    lot: LotView
    reason: Reason
    document: Document | None
    line: int | None
    delivered: date | None = None
    drawn: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """From the lot where the walk began to the one asked about; `left_out` steps in the middle of
    a very long path aren't listed."""

    start: LotView
    steps: tuple[Step, ...] = ()
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The equation of some lots in one dimension, in its unit.

    opened = sold + used + disposed + moved + returned + adjusted + retail + book_stock, where
    `implied` of the opened is stated by no document: a first lot must have had what left it.
    """

    dimension: str
    unit: str
    opened: Decimal
    sold: Decimal
    used: Decimal
    disposed: Decimal
    moved: Decimal
    returned: Decimal
    adjusted: Decimal
    retail: Decimal
    book_stock: Decimal
    implied: Decimal = Decimal(0)

    @classmethod
    def of(cls, balance: Balance, implied: int = 0) -> Figures:
        """The balance in decimals, with millionths that its first lots must have had."""
        return cls(
            dimension=balance.dimension,
            unit=unit_of(balance.dimension),
            opened=amount_of(balance.opened + implied),
            sold=amount_of(balance.sold),
            used=amount_of(balance.used),
            disposed=amount_of(balance.disposed),
            moved=amount_of(balance.moved),
            returned=amount_of(balance.returned),
            adjusted=amount_of(balance.adjusted),
            retail=amount_of(balance.retail),
            book_stock=amount_of(balance.book_stock + implied),
            implied=amount_of(implied),
        )
