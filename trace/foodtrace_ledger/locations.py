"""One location, and pages of what stands in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from foodtrace.registered import holding, stated
from foodtrace_ledger import describe, parties, places, tenants
from foodtrace_ledger.parties import AliasView, NameView
from foodtrace_ledger.places import LOCATION, PlaceView
from foodtrace_ledger.tenants import Tenants

# Where a page of children ended: depth and location.
Mark = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupant:
    """Who sits somewhere on the day asked about, by the name of that day; `now` if it is another."""

    party: str
    name: str | None
    now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationView:
    """A location on a day: what it is, what it is part of (nearest first), who sits there, and all
    names and tenants over time. `children` counts what stands directly in it."""

    place: PlaceView
    registered: bool
    region: str | None
    above: tuple[PlaceView, ...]
    children: int
    names: tuple[NameView, ...]
    aliases: tuple[AliasView, ...]
    occupants: tuple[Occupant, ...]
    tenants: Tenants


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """What stands in a location, `depth` levels further down, and who sits there on the day."""

    place: PlaceView
    depth: int
    occupants: tuple[Occupant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildPage:
    """Places by depth and id; `count` are those of all pages, `next` where to go on after."""

    children: tuple[Child, ...]
    count: int
    next: Mark | None


def detail(conn: Connection, code: str, at: date | None, today: date) -> LocationView:
    """A location by its id or an alias, as of a day or `today`; raises NotFound and Conflict."""
    location = places.resolve(conn, code)
    said = parties.words(conn, LOCATION, location)
    over = places.above(conn, [location], at)[location]
    place, *above = places.views(conn, [location, *over], at)
    sat = tenants.of_location(conn, location)
    day = at or today
    return LocationView(
        place=place,
        registered=holding(said) is not None,
        region=stated(said, "region", at),
        above=tuple(above),
        children=len(places.children(conn, location, at)),
        names=parties.names_of(said),
        aliases=parties.aliases(conn, LOCATION, location),
        occupants=_occupants(conn, [location], day).get(location, ()),
        tenants=sat,
    )


def children(
    conn: Connection,
    code: str,
    at: date | None,
    today: date,
    *,
    deep: bool = False,
    after: Mark | None = None,
    limit: int = 100,
) -> ChildPage:
    """What stands in a location: directly, or with all that stands in that (`deep`)."""
    location = places.resolve(conn, code)
    if deep:
        depths: Mapping[str, int] = places.depths(conn, location, at)
    else:
        depths = dict.fromkeys(places.children(conn, location, at), 1)
    order = sorted((depth, place) for place, depth in depths.items() if place != location)
    rest = [mark for mark in order if after is None or mark > after]
    page = rest[:limit]
    sitting = _occupants(conn, [place for _, place in page], at or today)
    views = places.views(conn, [place for _, place in page], at)
    return ChildPage(
        children=tuple(
            Child(place=view, depth=depth, occupants=sitting.get(place, ()))
            for (depth, place), view in zip(page, views, strict=True)
        ),
        count=len(order),
        next=page[-1] if len(rest) > limit else None,
    )


def _occupants(
    conn: Connection, locations: Iterable[str], day: date
) -> dict[str, tuple[Occupant, ...]]:
    sitting = tenants.occupants(conn, locations, day)
    called = describe.called(
        conn, (("party", party, day) for who in sitting.values() for party in who)
    )
    return {
        place: tuple(
            Occupant(
                party=party,
                name=called["party", party, day].name,
                now=called["party", party, day].now,
            )
            for party in who
        )
        for place, who in sitting.items()
    }
