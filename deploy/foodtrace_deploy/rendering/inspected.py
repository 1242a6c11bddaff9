"""Whether goods may be sold: the state of a lot, and what was found beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from foodtrace_deploy.texts import say

Json = Mapping[str, Any]
STYLES = {"open": "dim", "suspended": "bold yellow", "cleared": "green", "condemned": "bold red"}


def show_state(console: Console, inspection: Json) -> None:
    """The state of a lot, by which lots upstream, and what was found of its product or place."""
    console.print(state(inspection["state"]))
    for certain, key in ((True, "state-from"), (False, "state-perhaps-from")):
        lots = [c["lot"] for c in inspection["condemned"] if c["certain"] is certain]
        if lots:
            told = ", ".join(f"{lot['code']} ({lot['holder']})" for lot in lots)
            console.print(Text("  " + say(key, lots=told), style="red" if certain else "yellow"))
    for each in inspection["context"]:
        console.print(subject(each))


def state(name: str) -> Text:
    """A state in words and its colour."""
    return Text("  " + say(f"state-{name}"), style=STYLES[name])


def subject(each: Json) -> Text:
    """One subject that was examined, with its state."""
    told = say(f"context-{each['kind']}", subject=each["subject"])
    return Text(f"  {told}: {say('state-' + each['state'])}", style=STYLES[each["state"]])
