"""The demo in the terminal, as a newcomer reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from rich.tree import Tree

from foodtrace_city import Incident
from foodtrace_deploy.demo.figures import Times
from foodtrace_deploy.demo.play import Played
from foodtrace_deploy.demo.recall import Recall
from foodtrace_deploy.demo.receipt import Hand, Traced
from foodtrace_deploy.demo.suggest import program
from foodtrace_deploy.demo.table import seller_table
from foodtrace_deploy.demo.verdict import Verdict
from foodtrace_deploy.rendering.places import Names
from foodtrace_deploy.rendering.quantities import number
from foodtrace_deploy.texts import current, say

#: So many affected sellers are all shown; of more the first ones. `affected` always shows all.
ALL_SHOWN = 45
FIRST_SHOWN = 12
_MIB = 1024 * 1024


def show_played(console: Console, played: Played) -> None:
    """What became of the day's documents."""
    sentence = say(
        "demo-played",
        events=f"{played.events:,}",
        lines=f"{played.lines:,}",
        seconds=f"{played.seconds:.1f}",
        rate=f"{played.events_per_second:,.0f}",
        line_rate=f"{played.lines_per_second:,.0f}",
    )
    _line(console, sentence, good=not played.refused)
    counts = {name: f"{getattr(played, name):,}" for name in ("accepted", "duplicates", "refused")}
    told = [say("demo-counts", **counts), say("demo-uncoded", share=f"{played.uncoded_share:.0%}")]
    if not played.accepted and played.duplicates:
        told.append(say("demo-again"))
    console.print(Text("    " + _joined(told), style="dim"))
    if played.refusals:
        first = played.refusals[0]
        title = first.zh if current() == "zh" else first.en
        told_first = say("demo-refused", title=title, path=first.path, detail=first.detail)
        console.print(Text("    " + told_first, style="red"))


def show_recall(console: Console, told: Recall, incident: Incident, verdict: Verdict) -> None:
    """One recall: which batch, who is affected, where it comes from, whether it is right."""
    console.print()
    console.rule(Text(say(f"demo-case-{incident.name}"), style="bold"), align="left")
    maker = incident.manufacturer_name
    batch = say("demo-batch", code=incident.code, product=incident.product_name, maker=maker)
    console.print(Text("  " + batch))
    if len(told.candidates) > 1:
        text = say("demo-candidates", count=len(told.candidates))
        console.print(Text("  " + text, style="dim"))
    names = Names([*told.sellers, *told.first["source"]])
    shown = most_affected(told, incident)
    console.print()
    table = seller_table(shown, names, incident.unit, console.width)
    console.print(Padding(table, (0, 0, 0, 2)))
    left = len(told.confirmed) - len(shown)
    if left > 0:
        console.print(
            Text(
                "  " + say("demo-more", count=left, code=incident.code, command=program()),
                style="dim",
            )
        )
    if verdict.possible:
        console.print(Text("  " + say("demo-possible", count=verdict.possible), style="dim"))
    sources = ", ".join(names.of(each["party"]) for each in told.first["source"])
    console.print(Text("  " + say("demo-source", names=sources)))
    _show_dates(console, told, incident, names)
    _show_verdict(console, told, incident, verdict)


def most_affected(told: Recall, incident: Incident) -> list[Mapping[str, Any]]:
    """All confirmed sellers where they fit on a screen, else those who got most of the goods."""

    def got(seller: Mapping[str, Any]) -> Decimal:
        figures = (each for each in seller["figures"] if each["unit"] == incident.unit)
        return max((Decimal(each["opened"]) for each in figures), default=Decimal(0))

    ranked = sorted(told.confirmed, key=got, reverse=True)
    return ranked if len(ranked) <= ALL_SHOWN else ranked[:FIRST_SHOWN]


def _show_dates(console: Console, told: Recall, incident: Incident, names: Names) -> None:
    tampering = incident.tampering
    for party, _location in sorted(told.younger):
        if tampering is not None:
            sentence = say(
                "demo-younger",
                name=names.of(party),
                came=tampering.true_date,
                went=tampering.printed_date,
            )
            console.print(Text.assemble(("  ⚠ ", "bold yellow"), (sentence, "yellow")))


def _show_verdict(console: Console, told: Recall, incident: Incident, verdict: Verdict) -> None:
    score = say(
        "demo-score",
        found=f"{verdict.found:,}",
        sellers=f"{verdict.sellers:,}",
        unit=say(f"demo-units-{incident.unit}"),
        units_found=number(verdict.units_found),
        units=number(verdict.units),
    )
    remarks = _remarks(verdict) or [say("demo-exact")]
    took = say("demo-took", milliseconds=f"{told.milliseconds:.1f}")
    sign = ("  ✓ ", "bold green") if verdict.exact else ("  ✗ ", "bold red")
    console.print(Text.assemble(sign, (score, "bold"), f"  ·  {took}  ·  {_joined(remarks)}"))


def _remarks(verdict: Verdict) -> list[str]:
    remarks = []
    if verdict.extra:
        remarks.append(say("demo-extra", count=verdict.extra))
    if verdict.wrong:
        remarks.append(say("demo-amounts", names=", ".join(verdict.wrong[:3])))
    if not verdict.dates:
        remarks.append(say("demo-dates"))
    if not verdict.source:
        remarks.append(say("demo-sources"))
    return remarks


def show_receipt(console: Console, traced: Traced) -> None:
    """The way back from a receipt to its farms, as a tree."""
    answer = traced.answer
    console.print()
    console.rule(Text(say("demo-receipt"), style="bold"), align="left")
    root = say(
        "demo-receipt-root",
        shop=traced.shop.name,
        day=answer["business_date"],
        product=", ".join(line["product"] or "" for line in answer["lines"]),
        total=number(Decimal(answer["total_amount"])),
        code=traced.code,
    )
    tree = Tree(Text(root, style="bold"), guide_style="dim")
    waiting: list[tuple[Tree, Hand]] = [(tree, traced.shop)]
    while waiting:
        branch, hand = waiting.pop()
        waiting += [(branch.add(Text(each.name)), each) for each in hand.before.values()]
    console.print(tree)
    farms = say("demo-farms", found=traced.farms, count=traced.expected)
    _line(console, farms, good=traced.exact)


def show_figures(
    console: Console, recalls: Mapping[str, Times], visible: Times, memory: Mapping[str, int]
) -> None:
    """What was measured."""
    console.print()
    console.rule(Text(say("demo-figures"), style="bold"), align="left")
    for name, times in recalls.items():
        text = say("demo-recalls", name=name, count=times.count, **_shown(times))
        console.print(Text("  " + text))
    console.print(Text("  " + say("demo-visible", **_shown(visible))))
    parts = ", ".join(f"{name} {size / _MIB:.0f} MiB" for name, size in memory.items())
    console.print(Text("  " + say("demo-memory", parts=parts)))


def _shown(times: Times) -> dict[str, str]:
    return {"p50": f"{times.p50:.1f}", "p99": f"{times.p99:.1f}"}


def _joined(sentences: Sequence[str]) -> str:
    return ("；" if current() == "zh" else "; ").join(sentences)


def _line(console: Console, text: str, *, good: bool) -> None:
    sign = ("  ✓ ", "bold green") if good else ("  ✗ ", "bold red")
    console.print(Text.assemble(sign, text))
