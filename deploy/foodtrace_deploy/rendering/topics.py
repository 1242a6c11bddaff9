"""Topics as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.texts import say

if TYPE_CHECKING:
    from foodtrace_bus.partitions import TopicState


def show_topics(console: Console, topics: Sequence[TopicState]) -> None:
    """One row a topic; below it each setting that isn't what evidence needs."""
    columns = ("name", "partitions", "copies", "records", "state")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        right = column in ("partitions", "copies", "records")
        table.add_column(say(f"topics-{column}"), justify="right" if right else "left")
    for each in topics:
        table.add_row(each.name, str(each.partitions), _copies(each), _records(each), _state(each))
    console.print(table)
    for each in topics:
        for what in each.differing:
            console.print(Text(f"✗ {each.name}: {what}", style="red"))


def _copies(topic: TopicState) -> str:
    return f"{topic.in_sync}/{topic.copies}"


def _records(topic: TopicState) -> str:
    return say("status-unknown") if isinstance(topic.records, str) else f"{topic.records:,}"


def _state(topic: TopicState) -> Text:
    if topic.differing:
        return Text(say("topics-differs", count=len(topic.differing)), style="red")
    if topic.in_sync < topic.copies:
        return Text(say("topics-behind"), style="yellow")
    return Text("✓", style="green")
