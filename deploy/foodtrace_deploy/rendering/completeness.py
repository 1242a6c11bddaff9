"""What an answer knows and what it doesn't; "nobody affected" means little without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from foodtrace_deploy.rendering.moments import moment
from foodtrace_deploy.texts import say

#: Sources that are named with the moment they were last heard, the longest silent first.
SOURCES = 3


def show_completeness(console: Console, told: Mapping[str, Any]) -> None:
    """As of when, events on their way, parents nobody knows, links that only may be, silence."""
    console.print(Text(say("complete-as-of", at=moment(told["as_of"])), style="dim"))
    for name in ("in_flight", "unknown_parents", "possible_links", "dead_letters"):
        value = told.get(name)
        if value in (0, None):
            continue
        amount = f"{value:,}" if isinstance(value, int) else say("complete-unknown")
        style = "dim" if name == "possible_links" else "yellow"
        console.print(Text("  " + say(f"complete-{name}", count=amount), style=style))
    heard = sorted(told["heard"], key=lambda each: str(each["received_at"]))
    if heard:
        named = "; ".join(f"{e['source']} {moment(e['received_at'])}" for e in heard[:SOURCES])
        console.print(Text("  " + say("complete-heard", sources=named), style="dim"))
