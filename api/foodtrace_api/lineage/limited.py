"""A walk over the links that a caller sees; the ledger's own walk is for those who see them all.

It keeps to what documents state: which days of stock without codes may have been drawn from, and
who goes under which ids, is for those who see the chain to conclude.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Connection

from foodtrace_api.lineage.sight import View
from foodtrace_ledger.ahead import Ahead
from foodtrace_ledger.met import Meeting
from foodtrace_ledger.neighbours import Edge, Way, neighbours
from foodtrace_ledger.walk import Walk

Leaving = dict[int, list[Edge]]


def limited_walk(connection: Connection, lots: Iterable[int], way: Way, view: View) -> Walk:
    """Every lot that seen links lead to; confirmed links first, as in the ledger's walk."""
    starts = list(dict.fromkeys(lots))
    leaving = _seen(connection, starts, way, view)
    walk = Walk(way)
    for lot in starts:
        walk.meet(lot, None, confirmed=True)
    _spread(walk, starts, leaving, confirmed=True)
    _spread(walk, list(walk.lots), leaving, confirmed=False)
    for edges in leaving.values():
        for edge in edges:
            walk.note(edge)
    Meeting(Ahead(connection, way, most=0), walk).learn()
    return walk


def _seen(connection: Connection, starts: list[int], way: Way, view: View) -> Leaving:
    leaving: Leaving = defaultdict(list)
    met = set(starts)
    level = starts
    while level:
        following = []
        for edge in view.links(list(neighbours(connection, level, way))):
            leaving[edge.start].append(edge)
            if edge.end not in met:
                met.add(edge.end)
                following.append(edge.end)
        level = following
    return leaving


def _spread(walk: Walk, level: list[int], leaving: Leaving, *, confirmed: bool) -> None:
    while level:
        following = []
        for lot in level:
            for edge in leaving.get(lot, ()):
                if edge.end in walk.place or (confirmed and edge.possible):
                    continue
                walk.meet(edge.end, edge, confirmed=confirmed)
                following.append(edge.end)
        level = following
