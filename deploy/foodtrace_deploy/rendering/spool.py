"""A producer kit's spool, for people and for scripts."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foodtrace_client.aside import RefusedEvent
from foodtrace_client.spool_view import SpoolView
from foodtrace_deploy.rendering.moments import moment
from foodtrace_deploy.texts import current, say


def spool_json(view: SpoolView, most: int) -> dict[str, Any]:
    """What `--json` prints: counts of all, the first `most` events of each sort."""
    return {
        "folder": str(view.folder),
        "pending": view.pending,
        "bytes": view.bytes,
        "oldest": view.oldest.isoformat() if view.oldest else None,
        "events": [
            {"number": each.number, "at": each.at.isoformat(), **named(each.document)}
            for each in view.entries
        ],
        "refused": len(view.refused),
        "refusals": [
            asdict(each) | {"at": each.at.isoformat(), **named(each.document.encode())}
            for each in view.refused[:most]
        ],
        "cut": view.cut,
        "torn": view.torn,
    }


def named(document: bytes) -> dict[str, str | None]:
    """Kind and number under which the ERP knows a document; None where it has none."""
    try:
        told = json.loads(document)
        return {"kind": told["kind"], "source_event_id": told["envelope"]["source_event_id"]}
    except (ValueError, KeyError, TypeError):
        return {"kind": None, "source_event_id": None}


def show_spool(console: Console, view: SpoolView, most: int) -> None:
    """What waits as a table, what was refused with its reasons, what was torn."""
    if view.oldest is None:
        console.print(Text.assemble(("✓ ", "bold green"), say("spool-empty")))
    else:
        since = moment(view.oldest.isoformat())
        count, size = f"{view.pending:,}", f"{view.bytes:,}"
        console.print(Text(say("spool-pending", count=count, bytes=size, since=since)))
        console.print(_table(view))
        _more(console, view.pending - len(view.entries))
    if view.refused:
        title = say("spool-refused", count=f"{len(view.refused):,}")
        console.print(Text.assemble(("✗ ", "bold yellow"), title))
        for each in view.refused[:most]:
            console.print(Text("  " + _refusal(each), style="yellow"))
        _more(console, len(view.refused) - most)
    for key, torn in (("spool-cut", view.cut), ("spool-torn", view.torn)):
        if torn:
            console.print(Text(say(key, bytes=f"{torn:,}"), style="dim"))


def _table(view: SpoolView) -> Table:
    table = Table(box=None, pad_edge=True, header_style="bold")
    for column in ("number", "kind", "id", "since"):
        table.add_column(say(f"spool-column-{column}"), overflow="fold")
    for each in view.entries:
        name = named(each.document)
        cells = (
            str(each.number),
            name["kind"] or "",
            name["source_event_id"] or "",
            moment(each.at.isoformat()),
        )
        table.add_row(*map(Text, cells))
    return table


def _refusal(refused: RefusedEvent) -> str:
    told = named(refused.document.encode())
    name = f"{refused.number} {told['kind'] or ''} {told['source_event_id'] or ''}".rstrip()
    title = refused.zh if current() == "zh" else refused.en
    line = say("spool-refusal", name=name, path=refused.path, title=title or refused.code)
    return f"{line}  {refused.detail}".rstrip()


def _more(console: Console, count: int) -> None:
    if count > 0:
        console.print(Text("  " + say("spool-more", count=f"{count:,}")))
