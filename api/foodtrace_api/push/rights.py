"""Mandates of a reporter for the sides that speak in a push, fetched in two queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import Connection, Engine

from foodtrace.access import Caller, Mandated, Role
from foodtrace.codes import canonical
from foodtrace.events import Event
from foodtrace.events.side import Side
from foodtrace_api.push.places import ancestors
from foodtrace_office.mandates import Mandate, mandates_of


def mandated_for(engine: Engine, caller: Caller, events: Iterable[Event]) -> Mandated:
    """Who may be spoken for in these events; asks the database only for reporters.

    A reporter speaks for itself where its own id is the party.
    """
    if caller.role is not Role.REPORTER or caller.reporter is None:
        return _nobody
    sides = {side for event in events for side in event.speakers}
    with engine.connect() as connection:
        markets = ancestors(connection, {side.place for side in sides if side.place})
        held = _held(connection, caller.reporter, sides, markets)
    own = canonical(caller.reporter)

    def mandated(side: Side, day: date) -> bool:
        if side.holder == own:
            return True
        subjects = (side.holder, *(("@" + place) for place in markets.get(side.place, ())))
        return any(each.holds(day) for name in subjects for each in held.get(name, ()))

    return mandated


def _nobody(_side: Side, _day: date) -> bool:
    return False


def _held(
    connection: Connection,
    reporter: str,
    sides: Iterable[Side],
    markets: Mapping[str, frozenset[str]],
) -> dict[str, list[Mandate]]:
    """Mandates by party, and by "@" and market."""
    found = mandates_of(
        connection,
        reporter,
        parties={side.holder for side in sides},
        markets={place for places in markets.values() for place in places},
    )
    held: dict[str, list[Mandate]] = {}
    for each in found:
        subject = each.party if each.party is not None else f"@{each.market}"
        held.setdefault(subject, []).append(each)
    return held
