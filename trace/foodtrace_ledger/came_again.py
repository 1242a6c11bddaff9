"""What comes in again within one recall, so that no unit is counted twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from foodtrace_ledger import amounts
from foodtrace_ledger.amounts import Amounts, Edge
from foodtrace_ledger.goods import Goods, Sorted
from foodtrace_ledger.named_again import units
from foodtrace_ledger.neighbours import SAME
from foodtrace_ledger.walk import Walk


@dataclass(frozen=True, slots=True)
class CameAgain:
    """`at_starts`: what lots where the recall begins got of its own goods, bought back or unpacked.
    `out_of_units`: what came out of logistic units as itself, and so isn't in them any more."""

    at_starts: Mapping[int, Amounts]
    out_of_units: Amounts


def came_again(conn: Connection, walk: Walk, goods: Sorted) -> CameAgain:
    """Look at the links of a walk that lead back to where it began, and out of units."""
    starts = set(walk.began()) - walk.unlinked
    boxes = units(conn, walk) if Goods.MIXED in goods.goods else set()
    back: list[Edge] = []
    unpacked: list[Edge] = []
    for start, end, event, line, _ in zip(*walk.edges, strict=True):
        if line <= SAME:
            continue
        boxed = start in boxes
        if end in starts and (boxed or goods.goods[walk.place[start]] is Goods.ITSELF):
            back.append((end, event, line))
        if boxed and goods.goods[walk.place[end]] is Goods.ITSELF:
            unpacked.append((end, event, line))
    out: Counter[str] = Counter()
    for entered in amounts.entered(conn, unpacked).values():
        out.update(entered)
    return CameAgain(amounts.entered(conn, back), out)
