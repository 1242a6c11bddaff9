"""How events flow through a running stack: topics with their workers, parts that are behind, disks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foodtrace.problems import PROBLEMS
from foodtrace_deploy.stack.health import DoorHealth, HeldUp
from foodtrace_deploy.texts import current, say

_COLUMNS = ("topic", "partitions", "owned", "read", "behind")
_GIB = 1024**3


def show_flow(console: Console, door: DoorHealth) -> None:
    """The topics as a table, then what each part has still to do, then room on the disks."""
    if door.topics:
        table = Table(*(say(f"status-flow-{name}") for name in _COLUMNS), box=None, pad_edge=False)
        for topic in door.topics:
            table.add_row(
                topic["topic"],
                str(topic["partitions"]),
                _owned(topic),
                str(topic["read"]),
                figure(topic["behind"]),
            )
        console.print()
        console.print(table)
    for each in door.behind_by_part:
        if each["behind"]:
            part = say(f"status-part-{each['part']}")
            console.print(say("status-part-behind", part=part, behind=figure(each["behind"])))
    for disk in door.disks:
        console.print(
            say(
                "status-disk",
                broker=disk["broker"],
                free=f"{disk['usable'] / _GIB:.1f}",
                total=f"{disk['total'] / _GIB:.1f}",
            )
        )


def show_held_up(console: Console, held: Sequence[HeldUp]) -> None:
    """A line for each partition that a worker can't get on with, with what to do."""
    for each in held:
        problem = PROBLEMS.get(each.code)
        words = "" if problem is None else problem.zh if current() == "zh" else problem.en
        line = f"! {each.worker} {each.place}: {words} [{each.code}]"
        console.print(Text(line, style="yellow"))


def figure(number: Any) -> str:
    """A number of records, or that it can't be told."""
    return f"{number:,}" if isinstance(number, int) else say("status-unknown")


def _owned(topic: Any) -> Text:
    owned = topic["owned"]
    style = "red" if isinstance(owned, int) and owned < topic["partitions"] else ""
    return Text(figure(owned), style=style)
