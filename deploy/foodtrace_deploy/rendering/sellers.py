"""Affected sellers as a table that fits the screen it is shown on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.rendering import places, quantities
from foodtrace_deploy.rendering.places import Names
from foodtrace_deploy.texts import say

Json = Mapping[str, Any]
Cell = Callable[[Json], RenderableType]
#: Figures in the order of the columns; a column nobody has a figure for is left out.
FIGURES = (
    "opened",
    "sold",
    "retail",
    "used",
    "disposed",
    "moved",
    "returned",
    "adjusted",
    "book_stock",
)
#: Goods themselves, products with them inside, stock in which they lie among others.
GOODS = ("figures", "made_with", "mixed")
#: Signs before the figures of the latter two; the foot of the table explains them.
SIGNS = {"figures": "", "made_with": "⊃ ", "mixed": "≤ "}
TEXT_COLUMNS = frozenset({"seller", "location", "path", "figures"})
#: Text may be folded, but not to less than this.
TEXT_WIDTH = 16
#: The reason that needs no word.
LINKED = "linked"
#: Wider than any table, to measure what one needs.
MEASURED = 10_000
#: On a narrower screen the path stands below the seller instead of beside the figures.
WIDE = 120


def seller_table(console: Console, sellers: Sequence[Json], names: Names, title: str) -> Table:
    """One row a seller; the unit stands in the title where all figures share it.

    On a narrow screen the path stands below the seller; where the figures don't fit beside each
    other they share a cell, so that no seller is ever squeezed out.
    """
    unit = _shared_unit(sellers)
    told = title if unit is None else f"{title}  {say('in-unit', unit=unit)}"
    measured = console.options.update(max_width=MEASURED)
    table = _table(
        sellers, told, _columns(sellers, names, unit, wide=console.width >= WIDE), measured
    )
    if Measurement.get(console, measured, table).minimum <= console.width:
        return table
    return _table(sellers, title, _narrow_columns(names), measured)


def _table(
    sellers: Sequence[Json], title: str, columns: Mapping[str, Cell], measured: ConsoleOptions
) -> Table:
    table = Table(title=title, caption=caption(sellers), box=None, title_style="bold")
    table.title_justify = table.caption_justify = "left"
    table.add_column("#", justify="right", style="dim")
    cells = {name: [cell(seller) for seller in sellers] for name, cell in columns.items()}
    for name, entries in cells.items():
        head = say(f"column-{name}")
        text = name in TEXT_COLUMNS
        table.add_column(
            head,
            justify="left" if text or name == "days" else "right",
            no_wrap=not text,
            min_width=TEXT_WIDTH if text else _widest([head, *entries], measured),
            overflow="fold",
        )
    for place, row in enumerate(zip(*cells.values(), strict=True), start=1):
        # A name may hold brackets, which are no markup here.
        table.add_row(str(place), *(Text(c) if isinstance(c, str) else c for c in row))
    return table


def _widest(entries: Sequence[RenderableType], measured: ConsoleOptions) -> int:
    console = Console(width=MEASURED)
    return max(Measurement.get(console, measured, entry).maximum for entry in entries)


def _columns(
    sellers: Sequence[Json], names: Names, unit: str | None, *, wide: bool
) -> dict[str, Cell]:
    figures = [name for name in FIGURES if any(_has(each, name) for each in sellers)]
    elsewhere = any(each["location"] not in ("", each["party"]) for each in sellers)
    columns: dict[str, Cell] = {"seller": partial(_seller, names, with_path=not wide)}
    if elsewhere:
        columns["location"] = places.location
    columns |= {name: partial(_figures, name, unit) for name in figures}
    if any(each["receipts"] or each["possible_receipts"] for each in sellers):
        columns["receipts"] = _receipts
    columns["days"] = _days
    if wide:
        columns["path"] = partial(_path, names)
    return columns


def _narrow_columns(names: Names) -> dict[str, Cell]:
    return {"seller": partial(_seller, names, with_path=True), "figures": _all_figures}


def _has(seller: Json, name: str) -> bool:
    return any(quantities.any_of(seller[kind], name) for kind in GOODS)


def _shared_unit(sellers: Sequence[Json]) -> str | None:
    units = {each["unit"] for seller in sellers for kind in GOODS for each in seller[kind]}
    return units.pop() if len(units) == 1 else None


def caption(entries: Sequence[Json]) -> str | None:
    """What the signs before figures mean, as far as they stand there; and what a minus means."""
    kinds = [kind for kind in GOODS[1:] if any(each[kind] for each in entries)]
    told = [SIGNS[kind] + say(f"sign-{kind}") for kind in kinds]
    stocks = (each["book_stock"] for entry in entries for kind in GOODS for each in entry[kind])
    if any(Decimal(stock) < 0 for stock in stocks):
        told.append(say("sign-minus"))
    return "  ".join(told) or None


def _seller(names: Names, seller: Json, *, with_path: bool) -> RenderableType:
    name = Text(names.of(seller["party"]))
    if names.is_marked(seller["party"]):
        name.append(" ⚠", style="bold yellow")
    if not with_path:
        return name
    return Group(name, Text(_path(names, seller), style="dim"))


def _figures(name: str, unit: str | None, seller: Json) -> RenderableType:
    """The goods themselves, then in a fainter hand what was made with them or holds some."""
    lines = []
    for kind in GOODS:
        for each in seller[kind]:
            if quantities.any_of([each], name):
                told = _amount(each[name], each["unit"], shared=unit is not None)
                lines.append(Text(SIGNS[kind] + told, style="dim" if SIGNS[kind] else ""))
    return Group(*lines)


def _all_figures(seller: Json) -> RenderableType:
    """Every figure with its name, a line each, then receipts and days."""
    lines = [
        Text(
            f"{SIGNS[kind]}{say(f'column-{name}')} {quantities.quantity(each[name], each['unit'])}",
            style="dim" if SIGNS[kind] else "",
        )
        for kind in GOODS
        for each in seller[kind]
        for name in FIGURES
        if quantities.any_of([each], name)
    ]
    receipts = _receipts(seller)
    if receipts:
        lines.append(Text(f"{say('column-receipts')} {receipts}"))
    return Group(*lines, Text(_days(seller), style="dim"))


def _amount(amount: str, unit: str, *, shared: bool) -> str:
    return quantities.number(amount) if shared else quantities.quantity(amount, unit)


def _receipts(seller: Json) -> str:
    about = "" if seller["receipts_exact"] else "≤"
    sure = f"{about}{seller['receipts']:,}" if seller["receipts"] else ""
    if not seller["possible_receipts"]:
        return sure
    return f"{sure} {say('receipts-possible', count=seller['possible_receipts'])}".strip()


def _days(seller: Json) -> str:
    days = [day for day in (seller["first_day"], seller["last_day"]) if day]
    return " – ".join(dict.fromkeys(day[5:] for day in days))


def _path(names: Names, seller: Json) -> str:
    if seller["unlinked"]:
        documents = ", ".join(places.document(each) for each in seller["documents"])
        return say("path-none", documents=documents)
    steps = seller["path"]["steps"]
    papers = [each["document"] for each in steps if each["document"]][-1:] or seller["documents"]
    told = ", ".join(places.document(each) for each in papers)
    return f"{places.path(seller['path'], names)}  [{told}]{_why(seller)}"


def _why(seller: Json) -> str:
    """What a path rests on beside documents that state each step."""
    told = [say(f"reason-{each}") for each in seller.get("reasons") or () if each != LINKED]
    return f"  ({', '.join(told)})" if told else ""
