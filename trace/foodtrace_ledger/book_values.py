"""The values that the book of stock answers with: public ids, exact decimals, days as stated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from foodtrace.flags import FLAGS
from foodtrace.quantity import amount_of, unit_of
from foodtrace.stock_book import Oddity, Period
from foodtrace_ledger.answers import Document, LotView

#: Counts, and differing trades, that a line names; it says how many there are.
SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """The equation of a stock in one unit, for the days asked about.

    opening + opened + implied = sold + used + disposed + moved + returned + adjusted + retail +
    book_stock, where `opening` is the book stock before the first of them.
    `implied` left by the very document that is the source of the goods: it was there.
    """

    dimension: str
    unit: str
    opening: Decimal
    opened: Decimal
    implied: Decimal
    sold: Decimal
    used: Decimal
    disposed: Decimal
    moved: Decimal
    returned: Decimal
    adjusted: Decimal
    retail: Decimal
    book_stock: Decimal

    @classmethod
    def of(cls, period: Period) -> Equation:
        """The period in decimals."""
        moved = period.balance
        return cls(
            dimension=moved.dimension,
            unit=unit_of(moved.dimension),
            opening=amount_of(period.opening),
            opened=amount_of(moved.opened),
            implied=amount_of(period.implied),
            sold=amount_of(moved.sold),
            used=amount_of(moved.used),
            disposed=amount_of(moved.disposed),
            moved=amount_of(moved.moved),
            returned=amount_of(moved.returned),
            adjusted=amount_of(moved.adjusted),
            retail=amount_of(moved.retail),
            book_stock=amount_of(period.book_stock),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """实盘: what a person counted at the end of `day`, beside the book stock of then.

    Of a lot, or of all stock without codes (`lot` null).
    """

    lot: LotView | None
    day: date
    unit: str
    found: Decimal
    book_stock: Decimal
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one report of a trade says; `counts` where its amount is the one in the equation."""

    voice: str
    source: str
    amount: Decimal
    counts: bool
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """A trade whose reports tell different amounts; all are kept, one counts."""

    direction: str
    unit: str
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Odd:
    """What doesn't add up: since when, by how much at the worst, and until when (null: still)."""

    code: str
    zh: str
    en: str
    unit: str | None
    first: date | None
    until: date | None
    lowest: Decimal | None
    detail: str

    @classmethod
    def of(cls, oddity: Oddity) -> Odd:
        """The oddity in decimals."""
        meaning = FLAGS[oddity.code]
        return cls(
            code=oddity.code,
            zh=meaning.zh,
            en=meaning.en,
            unit=None if oddity.dimension is None else unit_of(oddity.dimension),
            first=oddity.first,
            until=oddity.until,
            lowest=None if oddity.lowest is None else amount_of(oddity.lowest),
            detail=oddity.detail,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StockLine:
    """The book of one party's goods of one product at one place.

    `keeping` tells whether they are for sale (shelf), in logistic units (unit), or were returned and
    aren't released (waiting). `kept_by` keep them for the party. `products` are all keys of the
    product in use here. `comparable` adds up several units where the product's master data convert
    them. `partial`: the goods are another's, and only what lies in the caller's own lots is shown.
    """

    party: str
    party_name: str | None
    location: str
    location_name: str | None
    product: str
    product_name: str | None
    products: tuple[str, ...]
    keeping: str
    kept_by: tuple[str, ...]
    partial: bool
    equations: tuple[Equation, ...]
    comparable: Equation | None
    found: tuple[Found, ...]
    found_count: int
    differing: tuple[Differing, ...]
    differing_count: int
    odd: tuple[Odd, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StockPage:
    """Lines by product, place and party; `next` is the last product, None on the last page."""

    lines: tuple[StockLine, ...]
    next: str | None
    product_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LotStock:
    """The book of one lot."""

    lot: LotView
    holder_name: str | None
    location_name: str | None
    keeping: str
    owners: tuple[str, ...]
    equations: tuple[Equation, ...]
    comparable: Equation | None
    found: tuple[Found, ...]
    found_count: int
    differing: tuple[Differing, ...]
    differing_count: int
    odd: tuple[Odd, ...]
