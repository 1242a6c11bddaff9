"""Whose book a caller sees: inspectors and staff all, a party its own, a reporter those it reports
for by a mandate of the day."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from foodtrace.access import Caller, Role, Sight, sight_of
from foodtrace.codes import canonical
from foodtrace.problems import TheirFault
from foodtrace_api.push.places import ancestors
from foodtrace_office.mandates import holds_mandate


def party_asked(
    connection: Connection, caller: Caller, party: str | None, location: str | None, day: date
) -> str | None:
    """The party whose book is meant, None for whoever is at the place; ids in canonical form.

    A party that names none means itself. Raises TheirFault `auth.forbidden`.
    """
    if sight_of(caller.role) is Sight.CHAIN:
        return party
    if caller.role is Role.PARTY:
        if party not in (None, caller.holder):
            raise TheirFault("auth.forbidden", f"the stock of {party}", "party")
        return caller.holder
    if not may_report(connection, caller, party, location, day):
        asked, path = (location, "location") if party is None else (party, "party")
        raise TheirFault("auth.forbidden", f"no mandate for {asked} on {day}", path)
    return party


def may_report(
    connection: Connection, caller: Caller, party: str | None, location: str | None, day: date
) -> bool:
    """Whether a reporter speaks on that day for the party, or for all who sit at the place."""
    if caller.role is not Role.REPORTER or caller.reporter is None:
        return False
    if party is not None and party == canonical(caller.reporter):
        return True
    markets = ancestors(connection, [location])[location] if location else frozenset()
    return holds_mandate(connection, caller.reporter, at=day, party=party, markets=markets)
