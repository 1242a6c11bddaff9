"""Paths of a walk with the documents that make them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from foodtrace_ledger.answers import Document, LotView, Path, Step
from foodtrace_ledger.describe import documents, lots
from foodtrace_ledger.walk import Walk

# Steps of a path told from either end; what lies between is only counted.
PATH_ENDS = 50


@dataclass(frozen=True, slots=True)
class _Route:
    places: list[int]
    left_out: int


def paths(conn: Connection, walk: Walk, wanted: Iterable[int]) -> dict[int, Path]:
    """The first path to each of the lots, with the documents that make it."""
    routes = {lot: _route(walk, lot) for lot in wanted}
    places = {place for route in routes.values() for place in route.places}
    views = lots(conn, (walk.lots[place] for place in places))
    papers = documents(conn, (walk.event[place] for place in places if walk.depth[place]))
    return {lot: _path(walk, route, views, papers) for lot, route in routes.items()}


def _route(walk: Walk, lot: int) -> _Route:
    places = walk.path(lot)
    surplus = len(places) - 1 - 2 * PATH_ENDS
    if surplus <= 0:
        return _Route(places, 0)
    return _Route(places[: PATH_ENDS + 1] + places[-PATH_ENDS:], surplus)


def _path(
    walk: Walk, route: _Route, views: Mapping[int, LotView], papers: Mapping[int, Document]
) -> Path:
    first, *following = route.places
    return Path(
        start=views[walk.lots[first]],
        steps=tuple(
            Step(
                lot=views[walk.lots[place]],
                document=papers[walk.event[place]],
                line=walk.line[place],
            )
            for place in following
        ),
        left_out=route.left_out,
    )
