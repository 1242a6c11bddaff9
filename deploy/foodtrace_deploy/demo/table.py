"""Affected sellers in few columns: the recalled goods in their own unit, what was made of them apart.

The command `foodtrace affected` shows everything; this one is for a first look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.table import Table
from rich.text import Text

from foodtrace_deploy.rendering.places import Names
from foodtrace_deploy.rendering.quantities import number, quantity
from foodtrace_deploy.texts import say

Seller = Mapping[str, Any]
_FLOWS = ("opened", "sold", "retail", "used", "disposed", "book_stock")


#: On a narrower screen what was made of the goods isn't shown, so that names stay whole.
WIDE = 100


def seller_table(sellers: Sequence[Seller], names: Names, unit: str, width: int) -> Table:
    """One row a seller; a column that says nothing is left out."""
    gap = 2 if width >= WIDE else 1
    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0), header_style="bold")
    table.add_column("#", justify="right", style="dim", no_wrap=True)
    table.add_column(say("demo-column-seller"), overflow="fold", min_width=16)
    flows = [flow for flow in _FLOWS if any(_amount(each, flow, unit) for each in sellers)]
    for flow in flows:
        table.add_column(say(f"demo-column-{flow}"), justify="right", no_wrap=True)
    made = width >= WIDE and any(each["made_with"] for each in sellers)
    if made:
        table.add_column(say("demo-column-made"), justify="right", no_wrap=True)
    table.add_column(say("demo-column-receipts"), justify="right", no_wrap=True)
    places = Counter(each["party"] for each in sellers)
    for place, each in enumerate(sellers, start=1):
        cells = [_shown(_amount(each, flow, unit)) for flow in flows]
        cells += [_made(each)] if made else []
        receipts = str(each["receipts"] or "")
        named = _name(each, names, several=places[each["party"]] > 1)
        table.add_row(str(place), named, *cells, receipts)
    return table


def _name(seller: Seller, names: Names, *, several: bool) -> Text:
    """A chain's store is told apart by its place."""
    name = Text(names.of(seller["party"]))
    if several:
        name.append(f"  {seller['location_name'] or seller['location']}", style="dim")
    return name


def _amount(seller: Seller, flow: str, unit: str) -> Decimal:
    return _sum(each[flow] for each in seller["figures"] if each["unit"] == unit)


def _made(seller: Seller) -> str:
    opened: dict[str, Decimal] = {}
    for each in seller["made_with"]:
        opened[each["unit"]] = opened.get(each["unit"], Decimal(0)) + Decimal(each["opened"])
    return ", ".join(quantity(amount, unit) for unit, amount in opened.items())


def _sum(amounts: Iterable[str]) -> Decimal:
    return sum((Decimal(amount) for amount in amounts), Decimal(0))


def _shown(amount: Decimal) -> str:
    return number(amount) if amount else ""
