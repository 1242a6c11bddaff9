"""A recall seen from one place: which of its sellers are at or in a location."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from foodtrace_ledger import arrays, describe, places
from foodtrace_ledger.identities import PARTY, Identities
from foodtrace_ledger.places import LOCATION
from foodtrace_ledger.reached import Holding, Place
from foodtrace_ledger.sqlfile import sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """So many sellers, by how sure one is of them."""

    sellers: int
    confirmed: int
    possible: int

    @classmethod
    def of(cls, held: Iterable[Holding]) -> Counted:
        """The sellers who hold these."""
        sure = [each.confirmed for each in held]
        return cls(sellers=len(sure), confirmed=sum(sure), possible=len(sure) - sum(sure))


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """What an answer about one location leaves out, and what it rests on.

    `places` are in the location, itself included. `by_register` counts sellers inside whose
    documents name no place, but who sat there by the register at some time: rather one too many.
    Of those `outside`, `unplaced` name no place, or one that no register knows.
    """

    location: str
    name: str | None
    places: int
    by_register: int
    outside: Counted
    unplaced: Counted


@dataclass(frozen=True, slots=True)
class Scope:
    """The sellers in a location, and what is to be said of the others."""

    inside: tuple[Place, ...]
    told: Within


def scope(
    conn: Connection, code: str, sellers: Iterable[Place], held: Mapping[Place, Holding]
) -> Scope:
    """Those of the sellers who are in a location; raises NotFound and Conflict for its code."""
    location = places.resolve(conn, code)
    depths = places.depths(conn, location)
    codes = places.codes(conn, depths)
    every = tuple(sellers)
    sitting = _sitting(conn, codes, {party for party, place in every if not place})
    inside = tuple(
        (party, place) for party, place in every if (place in codes if place else party in sitting)
    )
    kept = set(inside)
    rest = [each for each in every if each not in kept]
    known = _registered(conn, {place for _, place in rest if place})
    unplaced = [each for each in rest if each[1] not in known]
    return Scope(
        inside,
        Within(
            location=location,
            name=describe.names(conn, LOCATION, [location]).get(location),
            places=len(depths),
            by_register=sum(not place for _, place in inside),
            outside=Counted.of(held[each] for each in rest),
            unplaced=Counted.of(held[each] for each in unplaced),
        ),
    )


def _sitting(conn: Connection, codes: Iterable[str], parties: Iterable[str]) -> set[str]:
    """Those of the parties who ever sat at one of the places, under any of their ids."""
    asked = {"place": arrays.texts(sorted(codes))}
    tenants = {row.occupant for row in conn.execute(sql("occupied_by"), asked)}
    if not tenants:
        return set()
    identities = Identities(conn)
    known = set(parties)
    identities.learn(PARTY, known)
    return {each for each in known if tenants.intersection(identities.members(PARTY, each))}


def _registered(conn: Connection, codes: Iterable[str]) -> set[str]:
    asked = {"kind": LOCATION, "code": arrays.texts(sorted(codes)), "subject": arrays.texts(())}
    return {row.code for row in conn.execute(sql("codes_of_others"), asked)}
