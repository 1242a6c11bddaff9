"""A trade with all its reports side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from foodtrace_api.lineage.shapes import Completeness
from foodtrace_ledger.answers import Document, PartyNamed
from foodtrace_ledger.trades import TradeLine

Teller = Literal["seller", "buyer", "shipped", "received"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeReport:
    """A document of the trade, or one that joins it by reference.

    `told_by` is the seller or buyer itself, or what a third one saw shipped or received; null where
    the document moves nothing. `aspect` is ordered, paid, shipped or received; payments are known
    by a digest alone.
    """

    document: Document
    told_by: Teller | None
    aspect: str
    reporter: str | None
    seller: str | None
    seller_location: str | None
    buyer: str | None
    buyer_location: str | None
    order_reference: str | None
    payment_digest: str | None
    invoice_reference: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsDifference:
    """Goods of which the reports say different amounts, and who says what."""

    product: str
    unit: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeAnswer:
    """One trade: however many report it, it is one.

    `reports` move goods; `orders` and `payments` join by the trade's number or by an order's, and
    move nothing. `lines` hold what each report says of the same goods, and the figures that count:
    `out` of the seller's stock (the seller's own word first), `into` the buyer's (the buyer's
    first). `limited` where the caller doesn't see every report. `names` are the buyers'.
    """

    seller: str
    trade_no: str
    seller_name: str | None
    buyers: list[str]
    reports: list[TradeReport]
    orders: list[TradeReport]
    payments: list[TradeReport]
    lines: list[TradeLine]
    differences: list[GoodsDifference]
    limited: bool
    names: list[PartyNamed]
    completeness: Completeness
