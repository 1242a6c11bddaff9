"""What `foodtrace evidence key` and `check` show people."""

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
#: Differing places of a partition that people are shown; `--json` lists more.
LISTED = 20


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


def show_checked(console: Console, done: dict[str, Any]) -> None:
    """Each place that differs, then the verdict."""
    for part in done["partitions"]:
        place = f"{part['topic']}/{part['partition']}"
        for one in part["where"][:LISTED]:
            what = say(f"evidence-differs-{one['sort']}", **_places(one))
            told = say("verify-fault", where=place, what=what)
            console.print(Text.assemble(("✗ ", "bold red"), told))
        if part["differs"] > LISTED:
            more = say("verify-more", count=f"{part['differs'] - LISTED:,}")
            console.print(Text(f"  {place} {more}"))
    counts = {"records": f"{done['records']:,}", "partitions": len(done["partitions"])}
    sign = ("✓ ", "bold green") if done["ok"] else ("✗ ", "bold red")
    key = "evidence-check-good" if done["ok"] else "evidence-check-bad"
    console.print(Text.assemble(sign, say(key, **counts)))


def _places(found: dict[str, Any]) -> dict[str, Any]:
    names = ("height", "index", "first", "last", "size")
    return {name: found.get(name, "?") for name in names}
