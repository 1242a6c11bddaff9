"""A recall seen from one place, and in groups by party, location or market."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.rendering import places, quantities
from foodtrace_deploy.rendering.sellers import FIGURES, GOODS, SIGNS, caption
from foodtrace_deploy.texts import say

Json = Mapping[str, Any]


def show_within(console: Console, within: Json) -> None:
    """Which place it is, and how many sellers are elsewhere: none is dropped silently."""
    name = within["name"] or within["location"]
    lines = [say("within-is", name=name, places=within["places"])]
    outside = within["outside"]
    if outside["sellers"]:
        lines.append(
            say("within-outside", **outside, unplaced=within["unplaced"]["sellers"]),
        )
    if within["by_register"]:
        lines.append(say("within-by-register", count=within["by_register"]))
    for line in lines:
        console.print(Text("  " + line, style="yellow"))


def show_groups(console: Console, answer: Json, by: str) -> None:
    """One row a group; what is sure and what is only possible in columns of their own."""
    groups = answer["groups"]
    title = say(f"groups-{by}", count=f"{answer['group_count']:,}")
    parts = [each[part] for each in groups for part in ("confirmed", "possible")]
    table = Table(
        title=Text(title),
        caption=caption(parts),
        box=None,
        title_style="bold",
        title_justify="left",
        caption_justify="left",
    )
    possible = any(each["possible"]["sellers"] for each in groups)
    columns = ["group", "confirmed", "sure-figures"]
    columns += ["possible", "possible-figures"] if possible else []
    for name in columns:
        numbers = name in ("confirmed", "possible")
        table.add_column(
            say(f"column-{name}"), justify="right" if numbers else "left", overflow="fold"
        )
    for each in groups:
        cells = [_name(each, by)]
        for part in ("confirmed", "possible") if possible else ("confirmed",):
            cells += [f"{each[part]['sellers']:,}", _figures(each[part])]
        table.add_row(*map(Text, cells))
    console.print(table)


def _name(group: Json, by: str) -> str:
    if not group["key"]:
        return say(f"group-none-{by}")
    if group["unidentified"] is not None:
        return places.holder(group["key"], {})
    name = places.called(group["name"] or group["key"], group["now"])
    return name if name == group["key"] else f"{name} ({group['key']})"


def _figures(part: Json) -> str:
    told = [
        f"{SIGNS[goods]}{say(f'column-{name}')} {quantities.quantity(each[name], each['unit'])}"
        for goods in GOODS
        for each in part[goods]
        for name in FIGURES
        if quantities.any_of([each], name)
    ]
    return "\n".join(told)
