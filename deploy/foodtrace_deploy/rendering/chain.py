"""Where goods came from and where they went, as a tree along first paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from foodtrace_deploy.rendering import places
from foodtrace_deploy.rendering.completeness import show_completeness
from foodtrace_deploy.texts import say

Json = Mapping[str, Any]
PROCESS = "process"
#: Reasons told beside the document: one doesn't see them from it.
TOLD = ("same_party", "named_again", "returned", "unallocated")


@dataclass(slots=True)
class Node:
    """A lot of the walk with those that were reached through it; `above` is the code before it."""

    reached: Json
    above: str = ""
    children: list[Node] = field(default_factory=list)


def show_chains(console: Console, subject: str, up: Json, down: Json, *, depth: int) -> None:
    """Both directions under the subject, `depth` levels, then what the answer doesn't know."""
    tree = Tree(Text(subject, style="bold"))
    for way, answer in (("upstream", up), ("downstream", down)):
        # The lots that were asked about are in both answers.
        count = answer["lot_count"] - sum(each["depth"] == 0 for each in answer["lots"])
        title = Text(say(f"chain-{way}", count=f"{count:,}"), style="bold")
        _add_roots(tree.add(title), answer, way, depth)
    # Where a line is cut off, one doesn't see the document.
    console.print(tree, soft_wrap=False)
    show_completeness(console, down["completeness"])


def _add_roots(branch: Tree, answer: Json, way: str, depth: int) -> None:
    roots = forest(answer["lots"])
    for root in roots:
        if root.children:
            _grow(branch, root, depth)
    idle = sum(not root.children for root in roots)
    if idle:
        told = say(f"chain-nothing-{way}")
        if idle > 1 or len(roots) > 1:
            told = say("chain-itself", count=idle, told=told)
        branch.add(Text(told, style="dim"))
    left = answer["lot_count"] - len(answer["lots"])
    if left > 0:
        branch.add(Text(say("chain-more", count=f"{left:,}"), style="yellow"))
    if answer["circle"]:
        lots = ", ".join(each["code"] for each in answer["circle"])
        branch.add(Text(say("chain-circle", lots=lots), style="yellow"))


def forest(lots: Sequence[Json]) -> list[Node]:
    """The lots by first path; the node of a process stands for nobody's goods and is left out."""
    nodes: dict[str, Node] = {}
    roots: list[Node] = []
    for reached in lots:
        node = Node(reached)
        before = reached["before"]
        ahead = nodes.get(before["lot_id"]) if before else None
        if reached["lot"]["kind"] == PROCESS and ahead is not None:
            nodes[reached["lot"]["lot_id"]] = ahead
            continue
        nodes[reached["lot"]["lot_id"]] = node
        node.above = ahead.reached["lot"]["code"] if ahead else ""
        (roots if ahead is None else ahead.children).append(node)
    return roots


def _grow(branch: Tree, root: Node, depth: int) -> None:
    """The chain may be thousands deep, so this doesn't recurse."""
    waiting = [(branch, root, 1)]
    while waiting:
        above, node, level = waiting.pop()
        twig = above.add(_label(node))
        if level < depth:
            waiting += [(twig, child, level + 1) for child in reversed(node.children)]
        elif node.children:
            count = f"{_below(node):,}"
            twig.add(Text(say("chain-deeper", count=count), style="yellow"))


def _below(node: Node) -> int:
    count, waiting = 0, list(node.children)
    while waiting:
        count += 1
        waiting += waiting.pop().children
    return count


def _label(node: Node) -> Text:
    """Holder and place, code where it isn't the one of the line above, document or other reason."""
    reached = node.reached
    lot, document = reached["lot"], reached["document"]
    text = Text(_holder(reached), style="" if reached["confirmed"] else "dim")
    if lot["code"] != node.above:
        goods = " ".join(part for part in (lot["product"], lot["code"]) if part)
        text.append(f"  {goods}", style="cyan")
    if document is not None:
        text.append(f"  {places.document(document)} {document['business_date']}", style="dim")
    if reached.get("drawn"):
        days = {"delivered": reached["delivered"], "drawn": reached["drawn"]}
        text.append("  " + say("chain-carried_over", **days), style="dim")
    elif reached.get("reason") in TOLD:
        text.append("  " + say(f"reason-{reached['reason']}"), style="dim")
    if not reached["confirmed"]:
        text.append("  " + say("chain-possible"), style="yellow")
    return text


def _holder(reached: Json) -> str:
    """The party's name and the place's, ids where none is registered."""
    lot = reached["lot"]
    name = reached.get("party_name")
    now = reached.get("party_now")
    party = places.called(name, now) if name else places.holder(lot["holder"], {})
    place = reached.get("location_name") or lot["location"]
    return f"{party} · {place}" if place and place != lot["holder"] else party
