"""A load for benches: market days of trades and receipts, four lines a document, by seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from foodtrace.events import Event
from foodtrace.events.line import Line, ProductRef
from foodtrace.events.receipt import Receipt
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.quantity import Quantity
from support.small import DAY, envelope

LINES = 4


@dataclass(frozen=True, slots=True)
class City:
    """How many sellers and products the load spreads over."""

    wholesalers: int = 40
    retailers: int = 2_000
    products: int = 60
    days: int = 5


def trades(number: int, *, seed: int = 1, city: City | None = None) -> Iterator[Event]:
    """Wholesalers sell batches of a day to retailers: known parents, mostly new children."""
    random, town = Random(seed), city or City()
    for n in range(number):
        seller = random.randrange(town.wholesalers)
        yield Trade(
            envelope=envelope("trade", f"{seed}-{n}", trade_no=f"T{seed}-{n}"),
            seller=Side(party=f"W{seller:05}", location=f"M{seller % 5}-{seller:04}"),
            buyer=Side(party=f"R{random.randrange(town.retailers):05}", location="S1"),
            lines=_lines(random, town, seller),
        )


def receipts(number: int, *, seed: int = 2, city: City | None = None) -> Iterator[Event]:
    """Retailers sell those batches to consumers."""
    random, town = Random(seed), city or City()
    for n in range(number):
        seller = random.randrange(town.wholesalers)
        yield Receipt(
            envelope=envelope("receipt", f"{seed}-{n}", document_number=f"N{n}"),
            seller=Side(party=f"R{random.randrange(town.retailers):05}", location="S1"),
            receipt_code=f"{seed}-{random.getrandbits(64):x}",
            total_amount=Decimal(random.randrange(100, 20_000)) / 100,
            currency="CNY",
            lines=_lines(random, town, seller),
        )


def _lines(random: Random, town: City, seller: int) -> tuple[Line, ...]:
    return tuple(_line(random, town, seller, line_no) for line_no in range(1, LINES + 1))


def _line(random: Random, town: City, seller: int, line_no: int) -> Line:
    product = random.randrange(town.products)
    made: date = DAY - timedelta(days=random.randrange(town.days))
    return Line(
        line_no=line_no,
        product=ProductRef(product_id=f"P{product:05}", name=f"产品 {product}"),
        manufacturer=f"W{seller:05}",
        batch_code=f"{made:%Y%m%d}-{seller}",
        production_date=made,
        expiry_date=made + timedelta(days=60),
        net_mass=Quantity(Decimal(random.randrange(100, 99_999)) / 100, "kg"),
    )
