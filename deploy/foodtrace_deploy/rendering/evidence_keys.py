"""The keys that sign evidence, and what becomes of one that is retired, for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.rendering.moments import moment
from foodtrace_deploy.texts import say

#: Hexadecimal digits by which people tell keys apart.
_DIGITS = 16


def show_keys(console: Console, keys: Sequence[Any]) -> None:
    """A row a key, the present one first."""
    table = Table(box=None, pad_edge=True, header_style="bold")
    for column in ("fingerprint", "state", "since", "retired", "by", "reason"):
        table.add_column(say(f"evidence-key-{column}"))
    for key in keys:
        state, style = ("present", "green") if key["present"] else ("ended", "yellow")
        table.add_row(
            key["fingerprint"][:_DIGITS],
            Text(say(f"evidence-key-{state}"), style=style),
            moment(key["created_at"]),
            moment(key["retired_at"]) if key["retired_at"] else "",
            Text(key["retired_by"] or ""),
            Text(key["reason"] or ""),
        )
    console.print(table)


def show_retired(console: Console, done: dict[str, Any], *, mine: bool) -> None:
    """What was done and what is to do now; `mine` says that the file is the user's own affair."""
    if done["ordered"]:
        console.print(say("evidence-ordered"), markup=False)
        return
    short = {name: done[name][:_DIGITS] for name in ("retired", "key")}
    key = "evidence-retired-before" if done["finished"] else "evidence-retired"
    console.print(say(key, old=short["retired"], new=short["key"], file=done["file"]), markup=False)
    if done["kept"]:
        console.print(say("evidence-retired-kept", file=done["kept"]), markup=False)
    follow = "evidence-retired-point" if mine else "evidence-retired-restart"
    console.print(say(follow, file=done["file"]), markup=False)
    console.print(say("evidence-retired-tell"), markup=False)
