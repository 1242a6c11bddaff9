"""In which province goods are: by the region of the place, of what it is part of, or of the holder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from foodtrace.papers import province_of
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql

Place = tuple[str, str]


def provinces(conn: Connection, places: Iterable[Place]) -> dict[Place, str | None]:
    """The province (two digits of GB/T 2260) of each (holder, location); None where none is known.

    A circle of parents in bad data ends by itself.
    """
    wanted = set(places)
    of_location = _of_locations(conn, {location for _, location in wanted if location})
    left = {holder for holder, location in wanted if of_location.get(location) is None}
    of_party = {subject: province_of(region) for subject, region, _ in _stated(conn, "party", left)}
    return {place: of_location.get(place[1]) or of_party.get(place[0]) for place in wanted}


def _of_locations(conn: Connection, locations: set[str]) -> Mapping[str, str | None]:
    regions: dict[str, str | None] = {}
    parents: dict[str, str] = {}
    level = locations
    while level:
        for subject, region, parent in _stated(conn, "location", level):
            regions[subject] = province_of(region)
            if regions[subject] is None and parent is not None:
                parents[subject] = parent
        for subject in level:
            # Regions are places too, known by their code.
            regions.setdefault(subject, province_of(subject) if subject.isdigit() else None)
        level = {parents[each] for each in level if each in parents} - regions.keys()
    return {location: _climb(location, regions, parents) for location in locations}


def _climb(
    location: str, regions: Mapping[str, str | None], parents: Mapping[str, str]
) -> str | None:
    seen: set[str] = set()
    while location not in seen:
        seen.add(location)
        found = regions.get(location)
        if found is not None or location not in parents:
            return found
        location = parents[location]
    return None


def _stated(
    conn: Connection, kind: str, subjects: set[str]
) -> Iterable[tuple[str, str | None, str | None]]:
    if not subjects:
        return ()
    asked = {"kind": kind, "subject": arrays.texts(sorted(subjects))}
    return [(r.subject, r.region, r.parent) for r in conn.execute(sql("paper_regions"), asked)]
