"""A voucher with all that its number joins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from foodtrace_deploy.rendering import places, quantities
from foodtrace_deploy.rendering.completeness import show_completeness
from foodtrace_deploy.rendering.inspected import subject
from foodtrace_deploy.rendering.papers import paper_table
from foodtrace_deploy.texts import say

Json = Mapping[str, Any]
#: Movements and citing documents that are shown; `--json` has them all.
SHOWN = 30
_FIGURES = (
    *("opened", "sold", "retail", "used", "moved", "returned", "disposed", "adjusted"),
    "book_stock",
)


def show_voucher(console: Console, voucher: Json) -> None:
    """Title, papers, stock, documents, processing, inspections, and what cites it."""
    names = places.Names(voucher.get("names", ()))
    console.print(Text(_title(voucher, names), style="bold"))
    _head(console, "voucher-papers", voucher["papers"])
    if voucher["papers"]:
        console.print(paper_table(voucher["papers"]))
    _lines(
        console,
        "voucher-stock",
        (line for each in voucher["stock"] for line in _stock(each, names)),
    )
    movements = voucher["movements"]
    _head(console, "voucher-movements", movements, count=f"{voucher['movement_count']:,}")
    for each in movements[:SHOWN]:
        console.print(Text("  " + _movement(each, names)))
    _more(console, voucher["movement_count"] - len(movements[:SHOWN]))
    _lines(console, "voucher-makings", map(_making, voucher["makings"]))
    _head(console, "voucher-inspections", voucher["inspections"])
    for each in voucher["inspections"]:
        console.print(subject(each))
    cited = voucher["cited_by"]
    _head(console, "voucher-cited", cited, count=f"{len(cited):,}")
    for each in cited[:SHOWN]:
        console.print(Text(f"  {places.document(each)}  {each['business_date']}"))
    _more(console, len(cited) - len(cited[:SHOWN]))
    if voucher["limited"]:
        console.print(Text(say("papers-limited"), style="dim"))
    show_completeness(console, voucher["completeness"])


def _title(voucher: Json, names: places.Names) -> str:
    fields = {
        "number": voucher["number"],
        "issuer": names.of(voucher["issuer"]) if voucher["issuer"] else "?",
        "day": voucher["document"]["business_date"],
    }
    if voucher["receiver"] is None:
        return say("voucher-title-own", **fields)
    return say("voucher-title", receiver=names.of(voucher["receiver"]), **fields)


def _head(console: Console, key: str, entries: Any, **fields: object) -> None:
    console.print(Text(say(key, **fields), style="bold"))
    if not entries:
        console.print(Text("  " + say("voucher-nothing"), style="dim"))


def _lines(console: Console, key: str, lines: Iterable[str]) -> None:
    told = list(lines)
    _head(console, key, told)
    for line in told:
        console.print(Text("  " + line))


def _more(console: Console, count: int) -> None:
    if count > 0:
        console.print(Text("  " + say("voucher-more", count=f"{count:,}"), style="yellow"))


def _stock(each: Json, names: places.Names) -> Iterable[str]:
    lot = each["lot"]
    for figures in each["figures"]:
        told = [
            f"{say('column-' + name)} {quantities.quantity(figures[name], figures['unit'])}"
            for name in _FIGURES
            if name in ("opened", "book_stock") or quantities.any_of([figures], name)
        ]
        yield f"{lot['code']} ({names.of(lot['holder'])})  {'  '.join(told)}"


def _movement(each: Json, names: places.Names) -> str:
    hands = " → ".join(names.of(part) for part in (each["giver"], each["taker"]) if part)
    parts = (
        each["document"]["business_date"],
        f"{each['lot']['code']} ({names.of(each['lot']['holder'])})",
        f"{say('direction-' + each['direction'])} "
        f"{quantities.quantity(each['amount'], each['unit'])}",
        places.document(each["document"]),
        hands,
    )
    return "  ".join(part for part in parts if part)


def _making(each: Json) -> str:
    lots = ", ".join(f"{lot['code']}" for lot in each["outputs"])
    return say(
        "voucher-making",
        document=places.document(each["document"]),
        process=each["process"] or "?",
        lots=lots or "–",
    )
