"""Who sat where: the histories of locations, and the locations that a party occupied."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.places import Gap, History, Overlap, Sat, Tenancy, history
from foodtrace_ledger import arrays, describe, places
from foodtrace_ledger.places import PlaceView
from foodtrace_ledger.sqlfile import sql


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantView:
    """Who sat at a location and when, by the name of the first day; `now` is today's if another.

    `end` says how one knows of the end: "stated", "implied" by the next tenant, or still "open".
    `since_stated` is False where only the day of a document tells. `event_ids` say it.
    """

    location: str
    occupant: str
    name: str | None
    now: str | None
    since: date
    since_stated: bool
    until: date | None
    end: str
    event_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupied:
    """The locations that a party occupied, a page of `count` tenancies by their first days."""

    tenancies: tuple[TenantView, ...]
    places: tuple[PlaceView, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenants:
    """The tenants of a location over time, the days of several and those of none between."""

    tenancies: tuple[TenantView, ...]
    overlaps: tuple[Overlap, ...]
    gaps: tuple[Gap, ...]


def histories(conn: Connection, locations: Iterable[str]) -> dict[str, History]:
    """The tenants of locations; none for those where nobody was ever said to sit."""
    return _histories(conn, "sat_at", {"place": arrays.texts(sorted(set(locations)))})


def _histories(conn: Connection, name: str, asked: Mapping[str, object]) -> dict[str, History]:
    said: dict[str, set[Sat]] = defaultdict(set)
    for row in conn.execute(sql(name), asked):
        said[row.location].add(
            Sat(
                occupant=row.occupant,
                since=row.since,
                until=row.until,
                day=row.day,
                event_id=row.event_id,
            )
        )
    return {place: history(sats) for place, sats in said.items()}


def of_location(conn: Connection, location: str) -> Tenants:
    """The tenants of one location."""
    known = histories(conn, [location]).get(location) or history(())
    return Tenants(
        tenancies=_told(conn, [(location, each) for each in known.tenancies]),
        overlaps=known.overlaps,
        gaps=known.gaps,
    )


def of_locations(conn: Connection, locations: Iterable[str]) -> tuple[TenantView, ...]:
    """The tenants of several locations."""
    known = histories(conn, locations)
    return _told(conn, [(place, each) for place, h in known.items() for each in h.tenancies])


def of_parties(
    conn: Connection, parties: Iterable[str], *, first: int = 0, limit: int = 100
) -> Occupied:
    """Where somebody under any of these ids sat."""
    ids = sorted(set(parties))
    known = _histories(conn, "sat_by", {"party": arrays.texts(ids)})
    mine = sorted(
        (
            (place, each)
            for place, h in known.items()
            for each in h.tenancies
            if each.occupant in ids
        ),
        key=lambda pair: (pair[1].since, pair[0], pair[1].occupant),
    )
    page = mine[first : first + limit]
    return Occupied(
        tenancies=_told(conn, page),
        places=places.views(conn, sorted({place for place, _ in page})),
        count=len(mine),
    )


def occupants(conn: Connection, locations: Iterable[str], day: date) -> dict[str, tuple[str, ...]]:
    """Who sat at locations on a day, by id."""
    return {place: known.on(day) for place, known in histories(conn, locations).items()}


def _told(conn: Connection, tenancies: Sequence[tuple[str, Tenancy]]) -> tuple[TenantView, ...]:
    called = describe.called(conn, (("party", each.occupant, each.since) for _, each in tenancies))
    return tuple(
        TenantView(
            location=place,
            occupant=each.occupant,
            name=called["party", each.occupant, each.since].name,
            now=called["party", each.occupant, each.since].now,
            since=each.since,
            since_stated=each.since_stated,
            until=each.until,
            end=each.end,
            event_ids=each.event_ids,
        )
        for place, each in tenancies
    )
