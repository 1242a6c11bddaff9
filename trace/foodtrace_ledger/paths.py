"""Paths of a walk with the documents that make them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from sqlalchemy import Connection

from foodtrace.lots import LotKind
from foodtrace_ledger.answers import Document, LotView, Path, Reason, Step
from foodtrace_ledger.describe import documents, lots
from foodtrace_ledger.neighbours import Way
from foodtrace_ledger.walk import Hop, How, Walk

# Steps of a path told from either end; what lies between is only counted.
PATH_ENDS = 50

_REASONS = {
    How.DOCUMENT: Reason.LINKED,
    How.CARRIED: Reason.CARRIED_OVER,
    How.SAME: Reason.SAME_PARTY,
    How.AGAIN: Reason.NAMED_AGAIN,
}


@dataclass(frozen=True, slots=True)
class _Route:
    hops: list[Hop]
    left_out: int


def paths(conn: Connection, walk: Walk, wanted: Iterable[int]) -> dict[int, Path]:
    """The first path to each of the lots, with the documents that make it."""
    every = {lot: walk.path(lot) for lot in wanted}
    routes = {lot: _route(hops) for lot, hops in every.items()}
    told = [hop for route in routes.values() for hop in route.hops]
    views = lots(conn, {walk.lots[hop.place] for hop in told})
    papers = documents(
        conn, {hop.event for hop in told if hop.how is not How.CARRIED and hop.event}
    )
    return {lot: _path(walk, route, views, papers) for lot, route in routes.items()}


def reasons(walk: Walk, lot: int) -> tuple[Reason, ...]:
    """Why a lot is in the walk, each reason on the path to it once: what makes it possible, if
    anything does, else what confirms it."""
    hops = walk.path(lot)
    found = {reason(walk, before.place, hop) for before, hop in pairwise(hops)}
    if walk.lots[hops[0].place] in walk.unlinked:
        found.add(Reason.SAME_BATCH)
    return tuple(each for each in Reason if each in found)


def reason(walk: Walk, before: int, hop: Hop) -> Reason:
    """Why a hop leads on from the place before."""
    if hop.how is not How.DOUBTED:
        return _REASONS[hop.how]
    # Which of the two gave the goods.
    giver = walk.kind_of(before if walk.way is Way.DOWN else hop.place)
    if giver is LotKind.POOL:
        return Reason.POOL
    return Reason.RETURNED if giver is LotKind.RETURNED else Reason.UNALLOCATED


def _route(hops: list[Hop]) -> _Route:
    surplus = len(hops) - 1 - 2 * PATH_ENDS
    if surplus <= 0:
        return _Route(hops, 0)
    return _Route(hops[: PATH_ENDS + 1] + hops[-PATH_ENDS:], surplus)


def _path(
    walk: Walk, route: _Route, views: Mapping[int, LotView], papers: Mapping[int, Document]
) -> Path:
    first, *following = route.hops
    return Path(
        start=views[walk.lots[first.place]],
        steps=tuple(_steps(walk, first, following, views, papers)),
        left_out=route.left_out,
    )


def _steps(
    walk: Walk,
    first: Hop,
    following: Sequence[Hop],
    views: Mapping[int, LotView],
    papers: Mapping[int, Document],
) -> Iterable[Step]:
    for before, hop in pairwise((first, *following)):
        delivered, drawn = carried_days(walk, before.place, hop)
        yield Step(
            lot=views[walk.lots[hop.place]],
            reason=reason(walk, before.place, hop),
            document=None if hop.how is How.CARRIED else papers.get(hop.event),
            line=hop.line if hop.line > 0 else None,
            delivered=delivered,
            drawn=drawn,
        )


def carried_days(walk: Walk, before: int, hop: Hop) -> tuple[date, date] | tuple[None, None]:
    """Where stock was carried over, the day of the delivery and that of the pool drawn from."""
    if hop.how is not How.CARRIED:
        return None, None
    pool = hop.place if walk.way is Way.DOWN else before
    return date.fromordinal(hop.event), date.fromordinal(walk.pools[walk.lots[pool]][1])
