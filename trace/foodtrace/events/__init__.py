"""The kinds of events, one file each: record, rules, effects. A new kind is one line here."""

from __future__ import annotations

from collections.abc import Mapping

from foodtrace.events.adjustment import Adjustment
from foodtrace.events.commissioning import Commissioning
from foodtrace.events.consumption import Consumption
from foodtrace.events.disposal import Disposal
from foodtrace.events.goods_return import Return
from foodtrace.events.inspection import Inspection
from foodtrace.events.location import Location
from foodtrace.events.merge import Merge
from foodtrace.events.packing import Packing
from foodtrace.events.party import Party
from foodtrace.events.product import Product
from foodtrace.events.receipt import Receipt
from foodtrace.events.release import Release
from foodtrace.events.resolution import Resolution
from foodtrace.events.stocktake import Stocktake
from foodtrace.events.trade import Trade
from foodtrace.events.transfer import Transfer
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
    | Transfer
    | Return
    | Release
    | Adjustment
    | Stocktake
    | Consumption
    | Packing
    | Inspection
    | Party
    | Product
    | Location
    | Merge
    | Void
    | Resolution
)

KINDS: Mapping[str, type[Event]] = {
    "voucher": Voucher,
    "trade": Trade,
    "receipt": Receipt,
    "transformation": Transformation,
    "commissioning": Commissioning,
    "disposal": Disposal,
    "transfer": Transfer,
    "return": Return,
    "release": Release,
    "adjustment": Adjustment,
    "stocktake": Stocktake,
    "consumption": Consumption,
    "packing": Packing,
    "inspection": Inspection,
    "party": Party,
    "product": Product,
    "location": Location,
    "merge": Merge,
    "void": Void,
    "resolution": Resolution,
}

__all__ = ["KINDS", "Event"]
