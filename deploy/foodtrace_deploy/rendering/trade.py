"""One trade: who reports it, what each says of the goods, what counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.rendering import quantities
from foodtrace_deploy.rendering.completeness import show_completeness
from foodtrace_deploy.rendering.places import Names, document
from foodtrace_deploy.texts import say

Json = Mapping[str, Any]


def show_trade(console: Console, trade: Json) -> None:
    """Title, reports, goods side by side with the figures that count, orders and payments."""
    seller = trade["seller_name"] or trade["seller"]
    names = Names(trade.get("names", ()))
    buyers = ", ".join(map(names.of, trade["buyers"]))
    title = say("trade-title", number=trade["trade_no"], seller=seller, buyers=buyers)
    console.print(Text(title, style="bold"))
    console.print(Text(say("trade-reports", count=len(trade["reports"]))))
    for report in trade["reports"]:
        console.print(Text("  " + _report(report)))
    if trade["lines"]:
        console.print(_goods(trade["lines"], trade["reports"]))
    joined = [*trade["orders"], *trade["payments"]]
    if joined:
        console.print(Text(say("trade-joined"), style="dim"))
        for report in joined:
            console.print(Text("  " + _report(report), style="dim"))
    if trade["limited"]:
        console.print(Text(say("trade-part"), style="yellow"))
    show_completeness(console, trade["completeness"])


def _report(report: Json) -> str:
    told = report["told_by"]
    return say(
        "trade-report",
        teller="–" if told is None else say(f"teller-{told}"),
        aspect=say(f"aspect-{report['aspect']}"),
        source=report["document"]["source"],
        day=report["document"]["business_date"],
        document=document(report["document"]),
    )


def _goods(lines: Sequence[Json], reports: Sequence[Json]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("trade-goods"), overflow="fold")
    for report in reports:
        teller = say(f"teller-{report['told_by']}")
        table.add_column(f"{teller} {report['document']['source']}", justify="right")
    for column in ("trade-out", "trade-in"):
        table.add_column(say(column), justify="right")
    table.add_column("")
    for line in lines:
        cells = [_said(line, report) for report in reports]
        counts = [quantities.quantity(line[name], line["unit"]) for name in ("out", "into")]
        differs = say("trade-differs") if line["differs"] else ""
        style = "yellow" if line["differs"] else ""
        table.add_row(*map(Text, (_name(line), *cells, *counts, differs)), style=style)
    return table


def _name(line: Json) -> str:
    return " ".join(part for part in (line["product"], line["batch"], *line["codes"]) if part)


def _said(line: Json, report: Json) -> str:
    mine = [each for each in line["said"] if each["event_id"] == report["document"]["event_id"]]
    return "+".join(quantities.number(each["amount"]) for each in mine) or "–"
