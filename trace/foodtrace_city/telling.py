"""Two reports of one trade, and the order and payment around it.

The seller's system tells what was shipped; a buyer's system that reports too tells what was
received under the same trade number, with the codes it keeps, and now and then another figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256

from foodtrace_city.desk import Desk
from foodtrace_city.model import Body, Document, Site

# Of so many trades that are told twice one has an order and a payment; one has figures that differ.
_ORDERED_ONE_OF = 3
_DIFFERS_ONE_OF = 5
_CODES = ("lot_codes", "source_lot_codes", "batch_code")
_ARRIVES = timedelta(minutes=50)
_ORDERED_BEFORE = timedelta(hours=5)
_PAID_AFTER = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Told:
    """A trade as its seller told it."""

    document: Document
    buyer: Site
    tidy: bool
    serial: int

    @property
    def ordered(self) -> bool:
        """Whether it was ordered and is paid by document."""
        return self.serial % _ORDERED_ONE_OF == 0

    @property
    def reference(self) -> Body:
        """What joins order, delivery and payment."""
        return {"order_reference": f"DD{self.serial:010d}"} if self.ordered else {}


def shipped(told: Told) -> Document:
    """The seller's own report."""
    body = dict(told.document.body)
    body["envelope"] = {**body["envelope"], "aspect": "shipped", **told.reference}
    return replace(told.document, body=body)


def by_the_buyer(desk: Desk, told: Told, when: datetime) -> Iterator[Document]:
    """What the buyer's system sends: what it received, its order and its payment."""
    if told.ordered:
        yield _about(desk, told, when - _ORDERED_BEFORE, "ordered", "purchase_order")
    received = _about(desk, told, when + _ARRIVES, "received", "goods_receipt")
    late = told.buyer.books.late and not told.tidy
    yield replace(received, late=late)
    if told.ordered:
        yield _about(desk, told, when + _PAID_AFTER, "paid", "payment")


def _about(desk: Desk, told: Told, when: datetime, aspect: str, document_type: str) -> Document:
    body = deepcopy({k: v for k, v in told.document.body.items() if k not in ("kind", "envelope")})
    if not (told.buyer.books.lots or told.tidy):
        for line in body["lines"]:
            _without_codes(line)
    if aspect == "received" and not told.tidy and told.serial % _DIFFERS_ONE_OF == 0:
        _weigh_again(body["lines"][0])
    number = str(told.document.body["envelope"]["trade_no"])
    extra: Body = {"trade_no": number, "aspect": aspect, **told.reference}
    if aspect == "paid":
        extra["payment_digest"] = sha256(number.encode()).hexdigest()[:32]
    return desk.write(
        told.buyer.source, "trade", when, body, document_type=document_type, extra=extra
    )


def _without_codes(line: Body) -> None:
    for name in _CODES:
        line.pop(name, None)
    line["basis"] = "declared"


def _weigh_again(line: Body) -> None:
    """The buyer's scale shows a hundredth more, or he counts one more."""
    if "net_mass" in line:
        mass = line["net_mass"]
        mass["amount"] = format((Decimal(mass["amount"]) * Decimal("1.01")).normalize(), "f")
    elif line["count"]["unit"] != "箱":
        line["count"]["amount"] = str(int(line["count"]["amount"]) + 1)
