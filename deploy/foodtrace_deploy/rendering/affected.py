"""The answer of a recall: whom it affects, where the goods are, and what the answer doesn't know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text

from foodtrace_deploy.rendering import places, quantities
from foodtrace_deploy.rendering.completeness import show_completeness
from foodtrace_deploy.rendering.flags import show_flags
from foodtrace_deploy.rendering.groups import show_groups, show_within
from foodtrace_deploy.rendering.sellers import seller_table
from foodtrace_deploy.texts import say

Json = Mapping[str, Any]
#: The flag of dates that grow younger on the way: whoever did it is marked in the table.
YOUNGER = "date.younger"
#: Where a unit can be, in the order of the equation.
WHERE = ("book_stock", "retail", "used", "disposed", "adjusted", "into_mixed", "unexplained")


def show_affected(
    console: Console, answer: Json, *, milliseconds: float, by: str | None = None
) -> None:
    """Totals and source, the sellers (confirmed apart from possible), flags, completeness."""
    tampered = (flag["holder"] for flag in answer["flags"] if flag["code"] == YOUNGER)
    names = places.Names([*answer["sellers"], *answer["source"]], filter(None, tampered))
    _show_summary(console, answer, names, milliseconds)
    if answer.get("within"):
        show_within(console, answer["within"])
    if answer.get("groups") is not None:
        show_groups(console, answer, by or "party")
    for kind, is_sure in (("confirmed", True), ("possible", False)):
        some = [each for each in answer["sellers"] if each["confirmed"] is is_sure]
        if some:
            title = say(f"affected-{kind}", count=f"{len(some):,}")
            console.print(seller_table(console, some, names, title))
    show_flags(console, answer["flags"], answer["flag_count"], names)
    show_completeness(console, answer["completeness"])


def _show_summary(console: Console, answer: Json, names: places.Names, milliseconds: float) -> None:
    title = say(
        "affected-title",
        sellers=f"{answer['seller_count']:,}",
        confirmed=f"{answer['confirmed_count']:,}",
        lots=f"{answer['lot_count']:,}",
        milliseconds=f"{milliseconds:.1f}",
    )
    console.print(Text(title, style="bold"))
    for total in answer["totals"]["all"]:
        console.print(Text("  " + _equation(total)))
    for name in ("made_with", "mixed"):
        told = ", ".join(_whereabouts(each) for each in answer["totals"][name])
        if told:
            console.print(Text("  " + say(f"totals-{name}", told=told), style="dim"))
    for source in answer["source"]:
        papers = ", ".join(places.document(each) for each in source["documents"])
        party = names.of(source["party"])
        console.print(Text("  " + say("source-is", party=party, documents=papers or "–")))
    more = answer["source_count"] - len(answer["source"])
    if more:
        console.print(Text("  " + say("source-more", count=more)))


def _equation(total: Json) -> str:
    """Each unit once: what there was is what is where."""
    told = {**total, **total["now"]}
    there = [_term(told, name) for name in ("opened", "appeared") if _says(told, name)]
    where = [_term(told, name) for name in WHERE if _says(told, name)]
    return f"{' + '.join(there) or '0'} = {' + '.join(where) or '0'}"


def _whereabouts(told: Json) -> str:
    return " + ".join(_term(told, name) for name in WHERE if name in told and _says(told, name))


def _says(told: Json, name: str) -> bool:
    return quantities.any_of([told], name)


def _term(told: Json, name: str) -> str:
    return say(f"where-{name}", amount=quantities.quantity(told[name], told["unit"]))
