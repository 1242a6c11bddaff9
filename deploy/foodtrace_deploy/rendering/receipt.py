"""A receipt with where its food comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from foodtrace_deploy.rendering import places, quantities
from foodtrace_deploy.rendering.moments import moment
from foodtrace_deploy.texts import say

Json = Mapping[str, Any]


def show_receipt(console: Console, receipt: Json) -> None:
    """Shop and day, then each line with its papers and the hands it went through, shop first."""
    tree = Tree(Text(_title(receipt), style="bold"))
    for line in receipt["lines"]:
        branch = tree.add(Text(_line(line), style="dim strike" if line["void"] else ""))
        for paper in line["papers"]:
            told = say(
                "receipt-paper",
                kind=paper["kind"],
                number=paper["number"],
                verification=say(f"paper-{paper['verification']}"),
            )
            branch.add(Text(told, style="dim"))
        _add_candidates(branch, line)
        for origin in line["origins"]:
            branch.add(_way(origin))
        more = line["origin_count"] - len(line["origins"])
        if more > 0:
            branch.add(Text(say("origin-more", count=more), style="yellow"))
        if not line["origin_count"]:
            branch.add(Text(say("origin-none"), style="yellow"))
    console.print(tree, soft_wrap=False)
    if receipt["as_of"]:
        at = moment(receipt["as_of"])
        console.print(Text(say("complete-as-of", at=at), style="dim"))


def _add_candidates(branch: Tree, line: Json) -> None:
    """Which lots the goods are from, or may be; a lot that the line names itself needs no word."""
    possible = [each for each in line["one_of"] if not each["confirmed"]]
    if not possible:
        return
    count = line["one_of_count"]
    told = say(
        "receipt-one-of", product=line["product"] or say("candidate-goods"), count=f"{count:,}"
    )
    twig = branch.add(Text(told, style="yellow"))
    for each in possible:
        parts = (
            each["code"] or say("candidate-uncoded"),
            each["giver"] and say("candidate-giver", giver=each["giver"]),
            each["delivered"] and say("candidate-delivered", day=each["delivered"]),
        )
        twig.add(Text("  ".join(part for part in parts if part)))
    if count > len(possible):
        twig.add(Text(say("candidate-more", count=f"{count - len(possible):,}"), style="yellow"))


def _title(receipt: Json) -> str:
    shop = receipt["shop"]
    where = places.location(shop)
    name = shop["name"]
    told = [
        places.called(name, shop.get("now")) if name else shop["party"],
        where,
        receipt["number"],
        receipt["business_date"],
    ]
    if receipt["total_amount"] is not None:
        told.append(f"{quantities.number(receipt['total_amount'])} {receipt['currency']}")
    return "  ".join(part for part in told if part)


def _line(line: Json) -> str:
    amounts = ", ".join(quantities.quantity(a["amount"], a["unit"]) for a in line["amounts"])
    told = [line["product"], line["specification"], amounts]
    if line["batch_code"]:
        told.append(say("receipt-batch", code=line["batch_code"]))
    if line["production_date"]:
        told.append(say("produced-on", days=line["production_date"]))
    return "  ".join(part for part in told if part)


def _way(origin: Json) -> Text:
    hands = [name or say("origin-unnamed") for name in reversed(origin["way"])]
    text = Text(" ← ".join(hands))
    if not origin["known"]:
        text.append(" ← " + say("origin-unknown"), style="yellow")
    if not origin["confirmed"]:
        text.append("  " + say("chain-possible"), style="yellow")
    return text
