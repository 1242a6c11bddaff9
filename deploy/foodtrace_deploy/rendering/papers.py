"""Papers as a table: which, who confirmed them, from where, what they cover, what is against them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from foodtrace.flags import FLAGS
from foodtrace.unidentified import known_of
from foodtrace_deploy.rendering import places, quantities
from foodtrace_deploy.rendering.completeness import show_completeness
from foodtrace_deploy.rendering.inspected import show_state
from foodtrace_deploy.texts import current, say

Json = Mapping[str, Any]
_NOTED = frozenset({"repack", "cut", "slaughter"})


def show_papers(console: Console, lots: Sequence[Json], more: int) -> None:
    """Each lot with its state, its papers and what is missing; `more` lots aren't asked about."""
    if not lots:
        console.print(Text(say("papers-unknown"), style="yellow"))
    for each in lots:
        names = places.Names(each.get("names", ()))
        title = say("papers-of", code=each["lot"]["code"], holder=_held(each["lot"], names))
        console.print(Text(title, style="bold"))
        show_state(console, each["inspection"])
        if each["papers"]:
            console.print(paper_table(each["papers"], names))
        else:
            console.print(Text("  " + say("papers-none"), style="dim"))
        for gap in each["missing"]:
            style = "yellow" if gap["certain"] and not gap["own"] else "dim"
            console.print(Text("  " + _gap(gap, names), style=style))
        if each["limited"]:
            console.print(Text("  " + say("papers-limited"), style="dim"))
    if more:
        console.print(Text(say("papers-more-lots", count=f"{more:,}"), style="yellow"))
    if lots:
        show_completeness(console, lots[0]["completeness"])


def _held(lot: Json, names: places.Names) -> str:
    """The holder by name, with the id that `--party` takes, and the place."""
    name, place = names.of(lot["holder"]), lot["location"]
    told = name if lot["holder"] in name or known_of(lot["holder"]) else f"{name} ({lot['holder']})"
    return f"{told}  {place}" if place else told


def paper_table(papers: Sequence[Json], names: places.Names | None = None) -> Table:
    """Green is only what the issuer confirmed and nothing speaks against. With `names` of parties
    it says from where each comes."""
    table = Table(box=None, header_style="bold", pad_edge=True)
    columns = ["paper", "number", "verification", "until", "use"]
    for name in [*columns, *(["from"] if names else []), "remarks"]:
        table.add_column(say(f"paper-column-{name}"), overflow="fold")
    for paper in papers:
        style = "green" if paper["green"] else "red" if paper["faults"] else ""
        cells = [
            paper["zh"] if current() == "zh" else paper["en"],
            paper["number"],
            say(f"paper-{paper['verification']}"),
            paper["valid_until"] or "–",
            _use(paper["use"]),
            *([_whence(paper, names)] if names else []),
            _remarks(paper),
        ]
        table.add_row(*(Text(str(cell), style=style) for cell in cells))
    return table


def _use(use: Json | None) -> str:
    if use is None:
        return "–"
    return f"{quantities.number(use['used'])} / {quantities.quantity(use['covered'], use['unit'])}"


def _whence(paper: Json, names: places.Names) -> str:
    if paper["own"]:
        return say("paper-own")
    lot = paper["lot"]
    told = say("paper-hidden") if lot is None else f"{lot['code']} ({names.of(lot['holder'])})"
    return told if paper["certain"] else f"{told} ({say('paper-possible')})"


def _remarks(paper: Json) -> str:
    told = []
    for note in paper.get("notes", ()):
        key = f"paper-note-{note}" if note in _NOTED else "paper-note-other"
        told.append(say(key, operation=note))
    for code in paper["faults"]:
        text = FLAGS[code]
        told.append(text.zh if current() == "zh" else text.en)
    return "; ".join(told)


def _gap(gap: Json, names: places.Names) -> str:
    papers = gap["zh"] if current() == "zh" else gap["en"]
    holder = say("paper-hidden") if gap["lot"] is None else names.of(gap["lot"]["holder"])
    operation = say(f"operation-{gap['operation']}") if gap["operation"] else ""
    told = say(f"missing-{gap['why']}", papers=papers, holder=holder, operation=operation)
    told += say("missing-own") if gap["own"] else ""
    return told + ("" if gap["certain"] else say("missing-possible"))
