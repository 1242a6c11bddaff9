"""What an event says of the world: plain facts, made from the event alone.

The ledger and the reference lineage are both the union of these over the set of valid events.
Every fact carries the line it comes from (0 for the document), so that a void can take one line back.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from foodtrace.letters import LetterPlace
from foodtrace.lots import BatchKey, LotKey


class Role(StrEnum):
    """How a document line meets a lot.

    opened: the lot comes into being or grows here; origin: its source lies outside the system;
    taken: goods leave it; named: it is only spoken of (an inspection); packed: it is a logistic
    unit, whose contents keep their own codes.
    """

    OPENED = "opened"
    ORIGIN = "origin"
    TAKEN = "taken"
    NAMED = "named"
    PACKED = "packed"


class Direction(StrEnum):
    """Where an amount goes in the equation of a lot.

    opened = sold + used + disposed + moved + adjusted + returned + retail + book stock. What a
    stock count finds too much is adjusted by less than nothing, as goods that are moved back in
    (released after a return) are moved by less than nothing.
    """

    OPENED = "opened"
    SOLD = "sold"
    USED = "used"
    DISPOSED = "disposed"
    MOVED = "moved"
    ADJUSTED = "adjusted"
    RETURNED = "returned"


class Basis(StrEnum):
    """How sure a statement about a lot is; `possible` only comes through a pool or an open choice."""

    SCANNED = "scanned"
    DECLARED = "declared"
    ALLOCATED = "allocated"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a line says of a lot, dates as printed there.

    `product` is the product's key and `category` as stated on the line; `owner` owns the goods
    where that isn't the holder (slaughter on commission).
    """

    line: int
    lot: LotKey
    role: Role
    batch: BatchKey | None
    product_name: str | None
    production_date: date | None
    expiry_date: date | None
    basis: Basis
    state: str | None
    product: str
    category: str | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class Link:
    """Goods of `parent` went into `child`."""

    line: int
    parent: LotKey
    child: LotKey
    basis: Basis


@dataclass(frozen=True, slots=True)
class Movement:
    """`amount` millionths of the base unit of `dimension` enter or leave `lot`.

    `product` and `batch` ("" where none is stated) are the line's: by them two reports of one trade
    meet although they name lots differently.
    """

    line: int
    lot: LotKey
    direction: Direction
    dimension: str
    amount: int
    product: str
    batch: str


@dataclass(frozen=True, slots=True)
class Retail:
    """A receipt line: an amount of a lot sold to a consumer.

    A line with a count and a mass gives one fact a dimension; a line that may come from several
    lots without stating how much of each gives amount 0 and basis possible.
    """

    line: int
    lot: LotKey
    dimension: str
    amount: int
    basis: Basis


@dataclass(frozen=True, slots=True)
class PaperFact:
    """A paper that came with a lot; `covered` is (dimension, millionths), what it is good for."""

    line: int
    lot: LotKey
    kind: str
    number: str
    issuer: str | None
    valid_until: date | None
    verification: str
    issued_on: date | None
    scope: str | None
    destination: str | None
    covered: tuple[str, int] | None


@dataclass(frozen=True, slots=True)
class Count:
    """盘点: somebody counted `amount` millionths in `lot`, at the end of the business day.

    Where no code was stated the lot is the day's pool, and the count is of all stock without codes
    of that holder, location and product.
    """

    line: int
    lot: LotKey
    dimension: str
    amount: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What an inspection found of a subject: a lot (`lot` is set), product, location, receipt or
    sample (by its canonical code in `subject`)."""

    line: int
    subject_kind: str
    subject: str
    lot: LotKey | None
    holder: str
    location: str
    method: str
    stage: str
    verdict: str
    laboratory: str | None
    retest_of: UUID | None


@dataclass(frozen=True, slots=True)
class Occupancy:
    """`occupant` sat at `location` on the days from `since` to `until`, both included."""

    line: int
    location: str
    occupant: str
    since: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Merge:
    """`party` is the same as `into`, under whose id it goes on from the day `since`."""

    line: int
    party: str
    into: str
    since: date


@dataclass(frozen=True, slots=True)
class Resolved:
    """What was done about a dead letter (`action` of `events.resolution`), why, and by whom."""

    line: int
    letter: LetterPlace
    action: str
    reason: str | None
    corrected: UUID | None
    actor: str | None


@dataclass(frozen=True, slots=True)
class AliasFact:
    """A code under which a party, product or location is known, with the days it holds."""

    line: int
    subject_kind: str
    subject: str
    scheme: str
    code: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class MasterFact:
    """What is known of a party, product or location; the latest live one is shown.

    `attributes` are (name, value) pairs in the order of their names.
    """

    line: int
    subject_kind: str
    subject: str
    name: str
    attributes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class VoidFact:
    """An event (`target_line` 0) or one of its lines is declared not to have happened."""

    line: int
    target: UUID
    target_line: int


@dataclass(frozen=True, slots=True)
class Citation:
    """The document cites a voucher by its number (canonical)."""

    line: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Everything one event says; a value, the union of which is the lineage."""

    claims: tuple[Claim, ...] = field(default=())
    links: tuple[Link, ...] = field(default=())
    movements: tuple[Movement, ...] = field(default=())
    retail: tuple[Retail, ...] = field(default=())
    papers: tuple[PaperFact, ...] = field(default=())
    aliases: tuple[AliasFact, ...] = field(default=())
    masters: tuple[MasterFact, ...] = field(default=())
    voids: tuple[VoidFact, ...] = field(default=())
    citations: tuple[Citation, ...] = field(default=())
    counts: tuple[Count, ...] = field(default=())
    findings: tuple[Finding, ...] = field(default=())
    occupancies: tuple[Occupancy, ...] = field(default=())
    merges: tuple[Merge, ...] = field(default=())
    resolutions: tuple[Resolved, ...] = field(default=())
