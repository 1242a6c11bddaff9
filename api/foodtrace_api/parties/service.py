"""Answers about parties, as far as the caller sees.

A name is for everybody with a key, as it is where a code is looked up; the rest is for the party
itself, for inspectors and staff. Merges widen nobody's sight: either side can report one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from foodtrace.access import Caller, Sight, sight_of
from foodtrace.codes import canonical
from foodtrace.problems import NotFound
from foodtrace.sameness import goes_on_as
from foodtrace_api.lineage.documents import readable
from foodtrace_api.lineage.reading import reading
from foodtrace_api.lineage.told import complete
from foodtrace_api.parties.shapes import PartiesAnswer, PartyAnswer, PartyFound
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_api.web.door import Door
from foodtrace_ledger import describe as described
from foodtrace_ledger import named, parties, tenants
from foodtrace_ledger.completeness import completeness
from foodtrace_ledger.parties import PARTY, PartyView
from foodtrace_ledger.tenants import Occupied

_NOWHERE = Occupied(tenancies=(), places=(), count=0)


def look_up(door: Door, caller: Caller, code: str, at: date | None) -> PartiesAnswer:
    """Whom a code means on a day; raises NotFound `party.unknown`."""
    with reading(door, caller) as connection:
        found = _found(connection, caller, canonical(code), at)
        if not found:
            raise NotFound("party.unknown", code, "code")
        told = completeness(connection)
    return PartiesAnswer(
        code=canonical(code), at=at, parties=found, completeness=complete(door, caller, told)
    )


def _found(connection: Connection, caller: Caller, code: str, at: date | None) -> list[PartyFound]:
    known = [each for each in named.subjects(connection, code, at) if each.kind == PARTY]
    whole = [each.subject for each in known if _sees_all(caller, each.subject)]
    joined = parties.merges(connection, whole)
    last = {each: goes_on_as(each, joined.facts, at) for each in whole}
    today = described.names(connection, PARTY, {*last.values(), *(e.subject for e in known)})
    return [
        PartyFound(
            party=each.subject,
            name=each.name,
            now=_other(today.get(each.subject), each.name),
            scheme=each.scheme,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            goes_on_as=_other(last.get(each.subject), each.subject),
            goes_on_name=today.get(last[each.subject])
            if last.get(each.subject, each.subject) != each.subject
            else None,
        )
        for each in known
    ]


def _other(now: str | None, then: str | None) -> str | None:
    return None if now == then else now


def _sees_all(caller: Caller, party: str) -> bool:
    return sight_of(caller.role) is Sight.CHAIN or caller.holder == party


def describe(
    door: Door, caller: Caller, party: str, at: date | None, limit: int, cursor: str | None
) -> PartyAnswer:
    """One party; raises NotFound `party.unknown`, also of one that isn't registered where the
    caller doesn't see the chain."""
    question = ["party", party, None if at is None else at.isoformat()]
    first = read_cursor(question, cursor, int) or 0
    with reading(door, caller) as connection:
        known = parties.detail(connection, party, at)
        whole = _sees_all(caller, known.party)
        if whole:
            sat = tenants.of_parties(connection, known.ids, first=first, limit=limit)
        else:
            known, sat = _limited(connection, caller, known), _NOWHERE
        told = completeness(connection)
    behind = first + limit
    return PartyAnswer(
        party=known.party,
        at=at,
        registered=known.registered,
        name=known.name,
        now=known.now,
        party_kind=known.party_kind,
        node_kind=known.node_kind,
        region=known.region,
        names=list(known.names),
        aliases=list(known.aliases),
        merges=list(known.merges),
        ids=list(known.ids),
        goes_on_as=known.goes_on_as,
        goes_on_name=known.goes_on_name,
        circle=list(known.circle),
        unidentified=known.unidentified,
        documents=list(known.documents),
        occupied=list(sat.tenancies),
        places=list(sat.places),
        occupied_count=sat.count,
        next=cursor_of(question, behind) if sat.count > behind else None,
        limited=not whole,
        completeness=complete(door, caller, told),
    )


def _limited(connection: Connection, caller: Caller, known: PartyView) -> PartyView:
    """The name, and what documents say that the caller may read."""
    if not known.registered:
        raise NotFound("party.unknown", known.party, "party")
    events = {each.document.event_id for each in known.aliases}
    events |= {each.document.event_id for each in known.merges}
    events |= {each.event_id for each in known.names}
    seen = readable(connection, caller, events)
    return replace(
        known,
        party_kind=None,
        node_kind=None,
        region=None,
        names=tuple(each for each in known.names if each.event_id in seen),
        aliases=tuple(each for each in known.aliases if each.document.event_id in seen),
        merges=tuple(each for each in known.merges if each.document.event_id in seen),
        ids=(known.party,),
        goes_on_as=known.party,
        goes_on_name=known.now or known.name,
        circle=(),
        documents=(),
    )
