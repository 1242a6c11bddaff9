"""Dead letters as people read them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.rendering.moments import moment
from foodtrace_deploy.texts import current, say

Json = Mapping[str, Any]
_COLUMNS = ("state", "received", "source", "code", "name")


def show_letters(console: Console, letters: Sequence[Json], total: int) -> None:
    """One row a letter, the latest first."""
    if not letters:
        console.print(Text(say("letters-none"), style="green"))
        return
    console.print(Text(say("letters-title", count=total), style="bold"))
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in _COLUMNS:
        table.add_column(say(f"letter-{column}"), overflow="fold")
    for letter in letters:
        cells = (
            *(_state(letter["state"]), moment(letter["received_at"]), letter["source"] or "?"),
            *(f"{letter[current()]}  [{letter['code']}]", letter["letter"]),
        )
        table.add_row(*map(Text, cells), style="" if letter["state"] == "open" else "dim")
    console.print(table)
    if len(letters) < total:
        console.print(Text(say("letters-more", count=len(letters)), style="yellow"))


def show_letter(console: Console, whole: Json) -> None:
    """One letter with all that explains it."""
    about, explained = whole["about"], whole["explained"]
    console.print(Text(about["letter"], style="bold"))
    table = Table.grid(padding=(0, 2))
    for name, value in _facts(about, explained, whole["key"]):
        table.add_row(Text(say(f"letter-{name}"), style="dim"), Text(value))
    console.print(table)
    console.print()
    console.print(Text(say(f"seen-{explained['seen']}"), style="bold"))
    view = explained["view"]
    told = view if isinstance(view, str) else json.dumps(view, ensure_ascii=False, indent=2)
    console.print(Text(told))


def _facts(about: Json, explained: Json, key: str | None) -> list[tuple[str, str]]:
    facts: list[tuple[str, str | None]] = [
        ("state", _state(about["state"])),
        ("code", f"{about[current()]}  [{about['code']}]"),
        ("field", about["path"]),
        ("detail", about["detail"]),
        ("todo", explained[f"todo_{current()}"] if about["state"] == "open" else None),
        ("source", about["source"]),
        ("received", moment(about["received_at"])),
        ("key", None if key is None else base64.b64decode(key).decode("utf-8", "backslashreplace")),
        ("from", about["requeued_from"]),
        *(("back", each) for each in explained["came_back"]),
    ]
    done = about["settled"]
    if done is not None:
        words = {"state": _state(done["action"]), "moment": moment(done["acted_at"])}
        words |= {"actor": done["actor"] or "?", "reason": done["reason"] or "-"}
        facts += [("done", say("letter-settled", **words))]
        facts += [("corrected", done["corrected_event_id"])]
    return [(name, value) for name, value in facts if value]


def show_acted(console: Console, news: Console, done: Json) -> None:
    """What was done."""
    told = say("letter-acted", letter=done["letter"], state=_state(done["action"]))
    console.print(Text(told))
    if done["corrected_event_id"]:
        console.print(Text(f"{say('letter-corrected')}: {done['corrected_event_id']}"))
    if not done["in_ledger"]:
        news.print(Text(say("letter-not-yet", after=done["after"]), style="yellow"))


def _state(state: str) -> str:
    return say(f"letter-is-{state}")
