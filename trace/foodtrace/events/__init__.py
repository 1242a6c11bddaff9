"""The kinds of events, one file each: record, rules, effects. A new kind is one line here."""

from __future__ import annotations

from collections.abc import Mapping

from foodtrace.events.commissioning import Commissioning
from foodtrace.events.disposal import Disposal
from foodtrace.events.inspection import Inspection
from foodtrace.events.location import Location
from foodtrace.events.party import Party
from foodtrace.events.product import Product
from foodtrace.events.receipt import Receipt
from foodtrace.events.trade import Trade
from foodtrace.events.transformation import Transformation
from foodtrace.events.void import Void
from foodtrace.events.voucher import Voucher

Event = (
    Voucher
    | Trade
    | Receipt
    | Transformation
    | Commissioning
    | Disposal
    | Inspection
    | Party
    | Product
    | Location
    | Void
)

KINDS: Mapping[str, type[Event]] = {
    "voucher": Voucher,
    "trade": Trade,
    "receipt": Receipt,
    "transformation": Transformation,
    "commissioning": Commissioning,
    "disposal": Disposal,
    "inspection": Inspection,
    "party": Party,
    "product": Product,
    "location": Location,
    "void": Void,
}

__all__ = ["KINDS", "Event"]
