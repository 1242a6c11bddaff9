"""Keys and mandates as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.rendering.moments import moment
from foodtrace_deploy.texts import say

Entry = Mapping[str, Any]
#: Characters of an id that are shown; commands take any beginning of one that is the only fit.
SHORT = 13


def show_keys(console: Console, keys: Sequence[Entry]) -> None:
    """One row a key; revoked ones are struck out."""
    table = _table("key-prefix", "key-for", "key-source", "key-label", "key-created", "key-ends")
    for key in keys:
        cells = (
            key["prefix"],
            key["party"] or key["reporter"] or "",
            key["source"] or "",
            key["label"],
            moment(key["created_at"]),
            _end(key),
        )
        table.add_row(*map(Text, cells), style=_style(key))
    console.print(table)


def show_key(console: Console, key: Entry) -> None:
    """One key."""
    show_keys(console, [key])


def show_issued(console: Console, news: Console, made: Entry) -> None:
    """The new key alone on standard output, so that a script can take it; the rest as news."""
    console.print(Text(made["key"], style="bold"))
    show_key(news, made["about"])
    news.print(Text(say("key-once"), style="yellow"))


def show_mandates(console: Console, mandates: Sequence[Entry]) -> None:
    """One row a mandate; revoked ones are struck out."""
    table = _table("key-id", "mandate-reporter", "mandate-for", "mandate-days", "mandate-note")
    for mandate in mandates:
        subject = mandate["party"] or say("mandate-market", market=mandate["market"])
        days = f"{mandate['valid_from']} – {mandate['valid_to'] or '…'}"
        cells = (mandate["id"][:SHORT], mandate["reporter"], subject, days, mandate["note"])
        table.add_row(*map(Text, cells), style=_style(mandate))
    console.print(table)


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, column in enumerate(columns):
        table.add_column(say(column), overflow="fold", no_wrap=number == 0)
    return table


def _end(key: Entry) -> str:
    if key["revoked_at"]:
        return say("key-revoked", at=moment(key["revoked_at"]))
    return moment(key["expires_at"]) if key["expires_at"] else ""


def _style(entry: Entry) -> str:
    return "dim strike" if entry["revoked_at"] else ""
