"""What is odd about an answer's goods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from foodtrace.flags import FLAGS
from foodtrace_deploy.rendering.places import Names
from foodtrace_deploy.texts import current, say

#: Flags that are shown; the answer counts them all.
SHOWN = 10
#: Fields of documents that a flag's facts begin with.
DATES = ("production_date", "expiry_date")
#: Whose word a report of a trade is, as flags write it.
TELLERS = {"giver": "seller", "taker": "buyer", "shipped": "shipped", "received": "received"}


def show_flags(
    console: Console, flags: Sequence[Mapping[str, Any]], count: int, names: Names
) -> None:
    """One line a flag: what it means, at whose place, and the facts."""
    if not count:
        return
    console.print(Text(say("flags-title", count=count), style="bold yellow"))
    for flag in flags[:SHOWN]:
        console.print(Text("  " + _line(flag, names), style="yellow"))
    if count > min(len(flags), SHOWN):
        console.print(Text("  " + say("flags-more", count=count - min(len(flags), SHOWN))))


def detail(flag: Mapping[str, Any]) -> str:
    """The facts behind a flag, with dates and tellers in words."""
    told = str(flag.get("detail") or "")
    field, colon, rest = told.partition(": ")
    if field in DATES:
        return say(f"flag-field-{field}") + colon + rest
    return "; ".join(_statement(each) for each in told.split("; "))


def _statement(told: str) -> str:
    """One teller's word, such as `received market-2: 5 kg`: who that is in words."""
    teller, space, rest = told.partition(" ")
    if teller not in TELLERS or ": " not in rest:
        return told
    return say(f"teller-{TELLERS[teller]}") + space + rest


def _line(flag: Mapping[str, Any], names: Names) -> str:
    text = FLAGS.get(flag["code"])
    meaning = flag["code"] if text is None else text.zh if current() == "zh" else text.en
    holder = flag.get("holder_name") or names.of(flag.get("holder") or "")
    facts = (holder, detail(flag))
    return f"{meaning}  {'  '.join(str(fact) for fact in facts if fact)}  [{flag['code']}]"
