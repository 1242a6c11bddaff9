"""Flags of documents: two contents, unidentified sides, invented voucher numbers, foreign places,
merges in a circle, reports that differ, returns of what was never sold, broken check characters.

One statement names the suspects by rule; each rule reads more for its own suspects alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from foodtrace.codes import GRAMMARS
from foodtrace.effects import AliasFact, Merge, Occupancy, Role
from foodtrace.flag_rules.places import foreign_occupants
from foodtrace.flags import Flag, broken_check_character
from foodtrace.sameness import Sameness, merge_circles
from foodtrace.unidentified import is_unidentified
from foodtrace.yields import mass_flags
from foodtrace_ledger import arrays
from foodtrace_ledger.flagging.returns import of_returns
from foodtrace_ledger.flagging.trades import of_reports
from foodtrace_ledger.sqlfile import plain, sql

Rule = Callable[[Connection, Sequence[int]], Iterator[Flag]]


def of_documents(conn: Connection, events: Sequence[int]) -> Iterator[Flag]:
    """The flags of documents, by this ledger's numbers."""
    yield from _judged(conn, "flag_suspects_picked", {"event": arrays.numbers(events)})


def of_documents_about(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """The flags of all documents that speak of some lots."""
    yield from _judged(conn, "flag_suspects_of_lots", {"lot": arrays.numbers(lots)})


def _judged(conn: Connection, name: str, asked: Mapping[str, object]) -> Iterator[Flag]:
    suspects: dict[str, list[int]] = defaultdict(list)
    for row in conn.execute(sql(name), asked):
        suspects[row.rule].append(row.event)
    for code, rule in _RULES.items():
        if suspects[code]:
            yield from rule(conn, sorted(suspects[code]))


def documents(conn: Connection, events: Sequence[int]) -> dict[int, Any]:
    """Day, event id and sides of documents that hold; of two contents the later day's."""
    rows = conn.execute(sql("flag_documents"), {"event": arrays.numbers(events)})
    return {row.id: row for row in rows}


def _flag(code: str, row: Any, holder: str | None, location: str | None, detail: str = "") -> Flag:
    return Flag(
        code=code,
        holder=holder,
        location=location,
        event_id=row.event_id,
        day=row.day,
        detail=detail,
    )


def _of_contents(conn: Connection, events: Sequence[int]) -> Iterator[Flag]:
    for row in documents(conn, events).values():
        yield _flag("event.two-contents", row, row.giver, row.giver_location)


def _of_unidentified(conn: Connection, events: Sequence[int]) -> Iterator[Flag]:
    for row in documents(conn, events).values():
        sides = ((row.giver, row.giver_location), (row.taker, row.taker_location))
        for holder, location in sides:
            if holder is not None and is_unidentified(holder):
                yield _flag("party.unidentified", row, holder, location, holder[1:])


def _of_citations(conn: Connection, events: Sequence[int]) -> Iterator[Flag]:
    known = documents(conn, events)
    for row in conn.execute(sql("flag_uncited"), {"event": arrays.numbers(events)}):
        about = known.get(row.event)
        if about is not None:
            giver, place = about.giver, about.giver_location
            yield _flag("code.never-issued", about, giver, place, row.number)


def _of_transfers(conn: Connection, events: Sequence[int]) -> Iterator[Flag]:
    known = documents(conn, events).values()
    places = arrays.texts(sorted({row.taker_location for row in known if row.taker_location}))
    occupancies = [
        Occupancy(0, row.location, row.occupant, row.since, row.until)
        for row in conn.execute(sql("flag_occupancies_at"), {"location": places})
    ]
    same = sameness(conn, {row.taker for row in known})
    for row in known:
        ids = same.parties(row.taker, row.day)
        others = foreign_occupants(row.taker_location, row.day, ids, occupancies)
        if others:
            told = ", ".join(others)
            code = "transfer.foreign-location"
            yield _flag(code, row, row.taker, row.taker_location, told)


def sameness(conn: Connection, parties: Iterable[str]) -> Sameness:
    """Under which ids some parties go: their own aliases, and all merges, which are few."""
    asked = {"party": arrays.texts(sorted(parties))}
    return Sameness(
        (
            AliasFact(0, "party", row.subject, row.scheme, row.code, row.valid_from, row.valid_to)
            for row in conn.execute(sql("flag_party_aliases_about"), asked)
        ),
        (Merge(0, row.party, row.into_party, row.since) for row in _merges(conn)),
    )


def _merges(conn: Connection) -> Sequence[Any]:
    return conn.execute(sql("flag_all_merges")).all()


def of_merges(conn: Connection, events: Sequence[int]) -> Iterator[Flag]:
    """Merges that lie on a circle."""
    merges, mine = _merges(conn), set(events)
    inside = merge_circles(Merge(0, row.party, row.into_party, row.since) for row in merges)
    for row in merges:
        if row.event in mine and row.party in inside and row.into_party in inside:
            told = f"{row.party} → {row.into_party}"
            yield _flag("party.merge-circle", row, row.party, None, told)


def of_aliases(conn: Connection, events: Sequence[int]) -> Iterator[Flag]:
    """Codes that these documents register, and whose check character is wrong."""
    asked = {"event": arrays.numbers(events), "scheme": arrays.texts(GRAMMARS)}
    for row in conn.execute(sql("flag_aliases_of_events"), asked):
        if broken_check_character(row.code, row.scheme):
            holder = row.subject if row.subject_kind == "party" else None
            location = row.subject if row.subject_kind == "location" else None
            told = f"{row.subject_kind} {row.subject}: {row.scheme} {row.code}"
            yield _flag("code.check-character", row, holder, location, told)


def of_parties(conn: Connection, events: Sequence[int]) -> Iterator[Flag]:
    """Parties that these documents name and nobody registered, once a business day."""
    for row in conn.execute(sql("flag_unknown_parties"), {"event": arrays.numbers(events)}):
        yield _flag("party.unknown", row, row.party, row.location)


def _of_yields(conn: Connection, events: Sequence[int]) -> Iterator[Flag]:
    known = documents(conn, events)
    rows = plain(conn, "flag_yields", {"event": arrays.numbers(events)})
    for (event, _), lines in groupby(rows, key=itemgetter(0, 1)):
        masses: dict[str, list[int | None]] = {Role.TAKEN: [], Role.OPENED: []}
        bounds: tuple[Decimal | None, Decimal | None] = (None, None)
        for _, _, role, _, least, most, mass in lines:
            masses[role].append(None if mass is None else int(mass))
            bounds = least, most
        for code, detail in mass_flags(masses[Role.TAKEN], masses[Role.OPENED], *bounds):
            about = known[event]
            yield _flag(code, about, about.giver, about.giver_location, detail)


#: The rule of each suspicion; its statement is `suspects` in flag_document.sql.
_RULES: Mapping[str, Rule] = {
    "event.two-contents": _of_contents,
    "party.unidentified": _of_unidentified,
    "code.never-issued": _of_citations,
    "transfer.foreign-location": _of_transfers,
    "yield.out-of-range": _of_yields,
    "party.merge-circle": of_merges,
    "trade.reports-differ": of_reports,
    "return.never-sold": of_returns,
}
#: What the rules find.
CODES = tuple(_RULES)
