"""Answers about stock; their parts are the ledger's own values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from foodtrace_api.lineage.shapes import Completeness
from foodtrace_ledger.book_values import LotStock, StockLine


@dataclass(frozen=True, slots=True, kw_only=True)
class StockAnswer:
    """The book stock by product, place and party.

    Up to and including the business day `at` (null: all that is known); with `since` the equations
    are of the days from then on. Book stock is computed from documents; `found` is what a person
    counted, beside it. Goods in logistic units and returned ones that wait for release are lines of
    their own. `odd` names what doesn't add up. `product_count` counts all pages; `next` null says
    that this is the last one.
    """

    party: str | None
    location: str | None
    location_name: str | None
    product: str | None
    since: date | None
    at: date | None
    lines: list[StockLine]
    product_count: int
    next: str | None
    completeness: Completeness


@dataclass(frozen=True, slots=True, kw_only=True)
class LotStockAnswer:
    """The book of one lot; a pool of one business day may sell stock of the days before, so it
    isn't judged by itself."""

    since: date | None
    at: date | None
    stock: LotStock
    completeness: Completeness
