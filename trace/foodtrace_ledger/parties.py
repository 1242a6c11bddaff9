"""Parties: names over time, aliases with their days, merges, and who nobody could identify."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace.effects import Merge
from foodtrace.problems import NotFound
from foodtrace.registered import Registered, holding, names
from foodtrace.sameness import goes_on_as, merge_circles
from foodtrace.unidentified import Known, known_of
from foodtrace_ledger import arrays, describe, named
from foodtrace_ledger.answers import Document
from foodtrace_ledger.sqlfile import sql

PARTY = "party"
# Documents that are named for somebody whom no register knows.
DOCUMENTS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NameView:
    """A name, from the day it was first said; by which event."""

    name: str
    since: date
    event_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasView:
    """A code under which it goes, on the days it holds (None: no limit), by which document."""

    scheme: str
    code: str
    valid_from: date | None
    valid_to: date | None
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeView:
    """`party` goes on as `into` from the day `since`, by which document; names are today's."""

    party: str
    party_name: str | None
    into: str
    into_name: str | None
    since: date
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyView:
    """All that is known of a party by its id.

    `name` and the kinds are those of the day asked about, `now` today's name where it is another.
    `ids` are all ids that merges make one, over any number of them; `goes_on_as` is the last of
    them on that day, `circle` those that were merged in a circle. Who isn't registered is known by
    `documents` alone; `unidentified` is what a key that begins with "?" tells.
    """

    party: str
    registered: bool
    name: str | None
    now: str | None
    party_kind: str | None
    node_kind: str | None
    region: str | None
    names: tuple[NameView, ...]
    aliases: tuple[AliasView, ...]
    merges: tuple[MergeView, ...]
    ids: tuple[str, ...]
    goes_on_as: str
    goes_on_name: str | None
    circle: tuple[str, ...]
    unidentified: Known | None
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merges:
    """The merges that make a party one with others, and the events that say each."""

    facts: tuple[Merge, ...]
    events: tuple[int, ...]

    @property
    def ids(self) -> frozenset[str]:
        """Everybody whom they name."""
        return frozenset(each for merge in self.facts for each in (merge.party, merge.into))


def merges(conn: Connection, parties: Iterable[str]) -> Merges:
    """All merges that join these parties to others, over any number of them."""
    waiting = set(parties)
    met = set(waiting)
    found: dict[tuple[Merge, int], None] = {}
    while waiting:
        rows = conn.execute(sql("merges_of"), {"party": arrays.texts(sorted(waiting))}).all()
        for row in rows:
            found[Merge(0, row.party, row.into_party, row.since), row.event] = None
        waiting = {each for row in rows for each in (row.party, row.into_party)} - met
        met |= waiting
    return Merges(
        facts=tuple(merge for merge, _ in found), events=tuple(event for _, event in found)
    )


def ids(conn: Connection, party: str) -> frozenset[str]:
    """Every id under which lots of a party may stand: what a code (canonical) names, whoever that
    was merged with, and their aliases where they are nobody else's."""
    known = {each.subject for each in named.subjects(conn, party) if each.kind == PARTY}
    group = {party, *known} | merges(conn, {party, *known}).ids
    asked = {"kind": PARTY, "subject": arrays.texts(sorted(group))}
    codes = {row.code for row in conn.execute(sql("aliases_of"), asked)} - group
    if not codes:
        return frozenset(group)
    shared = conn.execute(sql("codes_of_others"), {**asked, "code": arrays.texts(sorted(codes))})
    return frozenset(group | (codes - {row.code for row in shared}))


def circles(conn: Connection) -> frozenset[str]:
    """The parties that were merged into each other in a circle, of all that the ledger knows."""
    rows = conn.execute(sql("all_merges"))
    return merge_circles(Merge(0, row.party, row.into_party, row.since) for row in rows)


def words(conn: Connection, kind: str, subject: str) -> tuple[Registered, ...]:
    """What registers say of a party, product or location."""
    rows = conn.execute(sql("words_on"), {"kind": kind, "subject": subject})
    return tuple(
        Registered(
            day=row.day,
            event_id=row.event_id,
            name=row.name,
            attributes=tuple(sorted(row.attributes.items())),
        )
        for row in rows
    )


def aliases(conn: Connection, kind: str, subject: str) -> tuple[AliasView, ...]:
    """The codes under which a subject goes, each with its days."""
    rows = conn.execute(sql("aliases_of"), {"kind": kind, "subject": arrays.texts([subject])}).all()
    papers = describe.documents(conn, (row.event for row in rows))
    return tuple(
        AliasView(
            scheme=row.scheme,
            code=row.code,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            document=papers[row.event],
        )
        for row in rows
    )


def names_of(said: Iterable[Registered]) -> tuple[NameView, ...]:
    """The names over time."""
    return tuple(
        NameView(name=each.name, since=each.since, event_id=each.event_id) for each in names(said)
    )


def detail(conn: Connection, party: str, at: date | None = None) -> PartyView:
    """A party by its id, as of a day or now; raises NotFound `party.unknown`."""
    key = canonical(party)
    said = words(conn, PARTY, key)
    joined = merges(conn, [key])
    if not (said or joined.facts or _is_spoken_of(conn, key)):
        raise NotFound("party.unknown", party, "party")
    held, latest = holding(said, at), holding(said)
    last = goes_on_as(key, joined.facts, at)
    called = describe.names(conn, PARTY, {key, last, *joined.ids})
    name, now = (None if each is None else each.name for each in (held, latest))
    return PartyView(
        party=key,
        registered=bool(said),
        name=name,
        now=None if now == name else now,
        party_kind=None if held is None else held.stated("party_kind"),
        node_kind=None if held is None else held.stated("node_kind"),
        region=None if held is None else held.stated("region"),
        names=names_of(said),
        aliases=aliases(conn, PARTY, key),
        merges=_told(conn, joined, called),
        ids=tuple(sorted({key, *joined.ids})),
        goes_on_as=last,
        goes_on_name=called.get(last),
        circle=tuple(sorted(merge_circles(joined.facts))),
        unidentified=known_of(key),
        documents=() if said else _documents(conn, key),
    )


def _is_spoken_of(conn: Connection, party: str) -> bool:
    return bool(conn.execute(sql("party_is_spoken_of"), {"party": party}).scalar_one())


def _documents(conn: Connection, party: str) -> tuple[Document, ...]:
    asked = {"party": party, "shown": DOCUMENTS_SHOWN}
    events = [row.event for row in conn.execute(sql("documents_of_holder"), asked)]
    papers = describe.documents(conn, events)
    return tuple(papers[event] for event in events)


def _told(conn: Connection, joined: Merges, called: dict[str, str]) -> tuple[MergeView, ...]:
    papers = describe.documents(conn, joined.events)
    return tuple(
        MergeView(
            party=merge.party,
            party_name=called.get(merge.party),
            into=merge.into,
            into_name=called.get(merge.into),
            since=merge.since,
            document=papers[event],
        )
        for merge, event in sorted(
            zip(joined.facts, joined.events, strict=True),
            key=lambda pair: (pair[0].since, pair[0].party, pair[0].into, pair[1]),
        )
    )
