"""What a code may stand for, and how to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.rendering import places
from foodtrace_deploy.texts import say

Json = Mapping[str, Any]


def show_candidates(console: Console, candidates: Sequence[Json]) -> None:
    """Different goods under one code as a table; documents and names that bear it as lines."""
    goods = [each for each in candidates if "lot_count" in each]
    if goods:
        console.print(_table(goods))
    for each in candidates:
        if "lot_count" not in each:
            console.print(Text("  " + _other(each)))


def _table(goods: Sequence[Json]) -> Table:
    table = Table(box=None, header_style="bold")
    for name in ("choose", "product", "manufacturer", "lots", "days"):
        table.add_column(say(f"column-{name}"), overflow="fold", no_wrap=name == "choose")
    for each in goods:
        cells = (
            _choice(each),
            ", ".join(each["product_names"]) or _product(each),
            _makers(each),
            f"{each['lot_count']:,}",
            _days(each),
        )
        table.add_row(*map(Text, cells))
    return table


def _choice(each: Json) -> str:
    if "batch" in each:
        return f"--batch {each['batch']['batch_id']}"
    return f"--lot {each['lots'][0]['lot_id']}"


def _product(each: Json) -> str:
    return str(each["batch"]["product"]) if "batch" in each else ""


def _makers(each: Json) -> str:
    batches = [each["batch"]] if "batch" in each else each["batches"]
    return ", ".join(dict.fromkeys(map(places.maker, batches)))


def _days(each: Json) -> str:
    days = each.get("production_dates") or ()
    if days:
        return say("produced-on", days=", ".join(days))
    return " – ".join(dict.fromkeys(d for d in (each["first_day"], each["last_day"]) if d))


def _other(each: Json) -> str:
    if "event_id" in each:
        return f"{places.document(each)}  {each['business_date']}"
    return say(f"named-{each['kind']}", name=each["name"] or each["subject"], id=each["subject"])
