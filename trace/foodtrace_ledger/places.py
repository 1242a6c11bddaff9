"""Locations: the tree one level at a time, pages of what stands in a place, codes of a subtree.

The database is asked for what was ever said to stand in a place; the domain's rules
(`foodtrace.places`, `foodtrace.registered`) say where it stands now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace.places import part_of, paths_up, region_above, regions_in, subtree
from foodtrace.problems import Conflict, NotFound
from foodtrace_ledger import arrays, describe, named
from foodtrace_ledger.sqlfile import sql

LOCATION = "location"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """A place by its id: its name and kind on the day asked about, and what it is part of.

    `now` is its name today where that is another. A place that nobody registered has neither name
    nor kind.
    """

    location: str
    name: str | None
    now: str | None
    kind: str | None
    parent: str | None


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a place stands, and of which kind it is."""

    parent: str | None
    kind: str | None


def resolve(conn: Connection, code: str) -> str:
    """The id of the location that a code means: its own, or an alias of one location alone.

    Raises NotFound `location.unknown`, and Conflict `location.ambiguous` with the ids that it may
    be. A place that no register knows is known where goods were held or something stands in it.
    """
    key = canonical(code)
    ids = {each.subject: each for each in named.subjects(conn, key) if each.kind == LOCATION}
    own = [each for each in ids.values() if each.scheme == "id"]
    if own or _is_spoken_of(conn, key):
        return key
    if len(ids) > 1:
        raise Conflict("location.ambiguous", ", ".join(sorted(ids)), "location")
    if not ids:
        raise NotFound("location.unknown", code, "location")
    return next(iter(ids))


def _is_spoken_of(conn: Connection, key: str) -> bool:
    if conn.execute(sql("location_is_used"), {"place": key}).scalar_one():
        return True
    return bool(_below(conn, [key], None)[key])


def within(conn: Connection, location: str, day: date | None = None) -> frozenset[str]:
    """The codes of all places in a location, itself included."""
    return codes(conn, depths(conn, location, day))


def codes(conn: Connection, locations: Iterable[str]) -> frozenset[str]:
    """Ids, and aliases that mean one of these places alone: documents name a stall by either."""
    inside = frozenset(locations)
    asked = {"kind": LOCATION, "subject": arrays.texts(sorted(inside))}
    aliases = {row.code for row in conn.execute(sql("aliases_of"), asked)} - inside
    return inside | (aliases - _of_others(conn, aliases, inside))


def _of_others(conn: Connection, codes: Iterable[str], inside: Iterable[str]) -> set[str]:
    asked = {
        "kind": LOCATION,
        "code": arrays.texts(sorted(codes)),
        "subject": arrays.texts(sorted(inside)),
    }
    return {row.code for row in conn.execute(sql("codes_of_others"), asked)}


def depths(conn: Connection, location: str, day: date | None = None) -> dict[str, int]:
    """All places in a location, itself included, with how deep in it they stand."""
    return subtree(location, lambda level: _below(conn, level, day))


def children(conn: Connection, location: str, day: date | None = None) -> tuple[str, ...]:
    """The places that stand directly in a location, by id."""
    return tuple(sorted(_below(conn, [location], day)[location]))


def _below(conn: Connection, level: Sequence[str], day: date | None) -> dict[str, list[str]]:
    """What stands directly in these places; a region that nobody registered is passed over."""
    regions = {part for place in level for part in regions_in(place)}
    name = "places_in_regions" if regions or any(map(region_above, level)) else "places_in"
    asked = {"parent": arrays.texts(sorted({*level, *regions})), "day": day}
    parents = {
        row.subject: part_of(row.subject, row.parent, row.region)
        for row in conn.execute(sql(name), asked)
    }
    found: dict[str, list[str]] = {place: [] for place in level}
    for place, parent in parents.items():
        nearest = parent
        while nearest in regions and nearest not in found and nearest not in parents:
            nearest = region_above(nearest)
        # What stands in a registered part of a region is met there, one level further.
        if nearest in found:
            found[nearest].append(place)
    return found


def placed(
    conn: Connection, locations: Iterable[str], day: date | None = None
) -> dict[str, Placed]:
    """Where places stand, and of which kind they are; for those that nobody registered only the
    region that a region's code lies in."""
    wanted = sorted(set(locations))
    asked = {"place": arrays.texts(wanted), "day": day}
    rows = {row.subject: row for row in conn.execute(sql("places_by_id"), asked)}
    found = {}
    for place in wanted:
        row = rows.get(place)
        parent = None if row is None else row.parent
        region = None if row is None else row.region
        found[place] = Placed(part_of(place, parent, region), None if row is None else row.kind)
    return found


def above(
    conn: Connection, locations: Iterable[str], day: date | None = None
) -> dict[str, tuple[str, ...]]:
    """What places are part of, nearest first."""

    def parents(level: Sequence[str]) -> Mapping[str, Iterable[str]]:
        known = placed(conn, level, day)
        return {place: [each.parent] for place, each in known.items() if each.parent is not None}

    return paths_up(locations, parents)


def views(
    conn: Connection, locations: Sequence[str], day: date | None = None
) -> tuple[PlaceView, ...]:
    """Places as they were on a day, in the order given."""
    known = placed(conn, locations, day)
    called = describe.called(conn, ((LOCATION, place, day) for place in locations))
    return tuple(
        PlaceView(
            location=place,
            name=called[LOCATION, place, day].name,
            now=called[LOCATION, place, day].now,
            kind=known[place].kind,
            parent=known[place].parent,
        )
        for place in locations
    )
