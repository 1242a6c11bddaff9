"""Answers about locations, as far as the caller sees.

What a place is called and what it is part of is for everybody with a key; who sat there is for
inspectors and staff, a party is told of itself, a reporter what it reported.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta, timezone

from sqlalchemy import Connection

from foodtrace.access import Caller, Sight, sight_of
from foodtrace_api.lineage.documents import readable
from foodtrace_api.lineage.reading import reading
from foodtrace_api.lineage.told import complete
from foodtrace_api.locations.shapes import ChildrenAnswer, LocationAnswer
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_api.web.door import Door
from foodtrace_ledger import locations, places, tenants
from foodtrace_ledger.completeness import completeness
from foodtrace_ledger.locations import Child, LocationView
from foodtrace_ledger.tenants import Tenants, TenantView

# Business days are those of Asia/Shanghai, which has known no summer time since 1991.
_SHANGHAI = timezone(timedelta(hours=8))


def today(door: Door) -> date:
    """The business day of now."""
    return door.clock().astimezone(_SHANGHAI).date()


def describe(door: Door, caller: Caller, code: str, at: date | None) -> LocationAnswer:
    """One location; raises NotFound `location.unknown` and Conflict `location.ambiguous`."""
    now = today(door)
    with reading(door, caller) as connection:
        known = locations.detail(connection, code, at, now)
        whole = sight_of(caller.role) is Sight.CHAIN
        if not whole:
            known = _limited(connection, caller, known, at or now)
        told = completeness(connection)
    return LocationAnswer(
        place=known.place,
        at=at or now,
        registered=known.registered,
        region=known.region,
        above=list(known.above),
        children=known.children,
        names=list(known.names),
        aliases=list(known.aliases),
        occupants=list(known.occupants),
        history=list(known.tenants.tenancies),
        overlaps=list(known.tenants.overlaps),
        gaps=list(known.tenants.gaps),
        limited=not whole,
        completeness=complete(door, caller, told),
    )


def children(
    door: Door,
    caller: Caller,
    code: str,
    at: date | None,
    *,
    deep: bool,
    limit: int,
    cursor: str | None,
) -> ChildrenAnswer:
    """A page of what stands in a location; raises as `describe` does."""
    now = today(door)
    question = ["children", code, None if at is None else at.isoformat(), deep]
    after = read_cursor(question, cursor, tuple[int, str])
    with reading(door, caller) as connection:
        page = locations.children(connection, code, at, now, deep=deep, after=after, limit=limit)
        found = list(page.children)
        whole = sight_of(caller.role) is Sight.CHAIN
        if not whole:
            found = _only_own(connection, caller, found, at or now)
        location = places.resolve(connection, code)
        told = completeness(connection)
    return ChildrenAnswer(
        location=location,
        at=at or now,
        children=found,
        count=page.count,
        next=None if page.next is None else cursor_of(question, page.next),
        limited=not whole,
        completeness=complete(door, caller, told),
    )


def _limited(
    connection: Connection, caller: Caller, known: LocationView, day: date
) -> LocationView:
    seen = _seen(connection, caller, list(known.tenants.tenancies))
    who = {each.occupant for each in seen if _covers(each, day)}
    return replace(
        known,
        occupants=tuple(each for each in known.occupants if each.party in who),
        tenants=Tenants(tenancies=tuple(seen), overlaps=(), gaps=()),
    )


def _only_own(
    connection: Connection, caller: Caller, children: list[Child], day: date
) -> list[Child]:
    taken = [each.place.location for each in children if each.occupants]
    every = tenants.of_locations(connection, taken)
    seen = {
        (each.location, each.occupant)
        for each in _seen(connection, caller, [t for t in every if _covers(t, day)])
    }
    return [
        replace(
            each,
            occupants=tuple(o for o in each.occupants if (each.place.location, o.party) in seen),
        )
        for each in children
    ]


def _seen(connection: Connection, caller: Caller, every: list[TenantView]) -> list[TenantView]:
    """The caller's own tenancies, and those of documents that it may read."""
    events = {number for each in every for number in each.event_ids}
    allowed = readable(connection, caller, events)
    return [
        each
        for each in every
        if (caller.holder is not None and each.occupant == caller.holder)
        or allowed.intersection(each.event_ids)
    ]


def _covers(each: TenantView, day: date) -> bool:
    return each.since <= day and (each.until is None or day <= each.until)
