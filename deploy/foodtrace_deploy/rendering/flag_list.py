"""The list of flags, grouped by what is odd."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.rendering.completeness import show_completeness
from foodtrace_deploy.rendering.flags import detail
from foodtrace_deploy.rendering.places import document, holder
from foodtrace_deploy.texts import current, say

Json = Mapping[str, Any]


def show_flag_list(console: Console, answer: Json) -> None:
    """One table a code, the most frequent first, each with its meaning and how many there are."""
    flags: Sequence[Json] = answer["flags"]
    days = {"first": answer["first_day"] or "…", "last": answer["last_day"] or "…"}
    if not flags:
        console.print(Text(say("flag-list-none", **days), style="green"))
    else:
        console.print(Text(say("flag-list-title", count=len(flags), **days), style="bold"))
    groups: dict[str, list[Json]] = defaultdict(list)
    for flag in flags:
        groups[flag["code"]].append(flag)
    for code, group in sorted(groups.items(), key=lambda each: (-len(each[1]), each[0])):
        meaning = group[0][current()]
        title = say("flag-group", meaning=meaning, count=len(group), code=code)
        console.print()
        console.print(Text(title, style="bold yellow"))
        console.print(_table(group))
    if answer["next"] is not None:
        console.print(Text(say("flag-list-more", count=len(flags)), style="yellow"))
    show_completeness(console, answer["completeness"])


def _table(flags: Sequence[Json]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    columns = ("day", "holder", "location", "lot", "detail", "document")
    for number, column in enumerate(columns):
        table.add_column(say(f"flag-{column}"), overflow="fold", no_wrap=number == 0)
    for flag in flags:
        table.add_row(*map(Text, _cells(flag)))
    return table


def _cells(flag: Json) -> tuple[str, ...]:
    lot = flag["lot"] or {}
    goods = " ".join(part for part in (lot.get("code"), flag["product"]) if part)
    return (
        str(flag["day"] or ""),
        flag["holder_name"] or holder(flag["holder"] or "", {}),
        flag["location_name"] or flag["location"] or "",
        goods,
        detail(flag),
        "" if flag["document"] is None else document(flag["document"]),
    )
