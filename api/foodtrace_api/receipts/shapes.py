"""The public's view of a receipt: who sold what, and where it came from. No trade of others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Who sold: the names registered on the day of the sale, `now` today's where it is another,
    and the id as written, null for one that isn't identified."""

    party: str | None
    name: str | None
    now: str | None
    location: str | None
    location_name: str | None
    location_now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where goods of a line come from.

    `way` names the hands they went through, from the first one to the shop; null stands for one
    whose name isn't registered, `left_out` counts those in the middle of a very long way. `known`
    says that the first one has a source of its own (a farm, a slaughterhouse, an import);
    `confirmed` that no step on the way is only possible.
    """

    way: list[str | None]
    left_out: int
    known: bool
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A lot that the goods of a line are from, or may be: its code (null where it has none), who
    delivered it by its registered name, and when. `confirmed` where the line says that it is this
    one; else it is one of several, or of stock without codes.
    """

    code: str | None
    giver: str | None
    delivered: date | None
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper that came with the goods; `verification` says who has looked at it."""

    kind: str
    number: str
    issuer: str | None
    valid_until: date | None
    verification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """How much was sold, in its unit."""

    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtLine:
    """A line of the receipt, `void` if it was taken back.

    It came from `one_of` these lots, the first of `one_of_count`; `origins` are the first of
    `origin_count`.
    """

    line: int
    product: str | None
    specification: str | None
    amounts: list[Amount]
    batch_code: str | None
    production_date: date | None
    expiry_date: date | None
    origin_text: str | None
    papers: list[Paper]
    one_of: list[Candidate]
    one_of_count: int
    origins: list[Origin]
    origin_count: int
    void: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptAnswer:
    """A receipt. `event_id` is told to those alone who may read the event.

    It holds as of `as_of`, the append time of the latest event in the ledger.
    """

    number: str | None
    business_date: date
    shop: Shop
    total_amount: Decimal | None
    currency: str | None
    lines: list[BoughtLine]
    event_id: UUID | None
    as_of: datetime | None
