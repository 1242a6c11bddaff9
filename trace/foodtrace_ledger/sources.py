"""The source (来源) of recalled goods: who holds the first lots, and how one gets there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from foodtrace.unidentified import Known, known_of
from foodtrace_ledger import describe
from foodtrace_ledger.answers import Document, LotView, Path
from foodtrace_ledger.origins import Origins
from foodtrace_ledger.paths import paths
from foodtrace_ledger.reached import Place
from foodtrace_ledger.sellers import Seller, first_claims
from foodtrace_ledger.walk import Walk

# First lots of one source that are named; the others are counted.
LOTS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A party at a location where the goods come from.

    `lots` are its first lots (the first of `lot_count`), `path` leads from a recalled lot up to
    one of them, `documents` say that it began there. `held` are its figures in this recall, None
    where only lots above the recalled ones are its own. Names are those of the first document, as
    in a seller.
    """

    party: str
    location: str
    party_name: str | None
    location_name: str | None
    party_now: str | None
    location_now: str | None
    unidentified: Known | None
    lots: tuple[LotView, ...]
    lot_count: int
    path: Path
    documents: tuple[Document, ...]
    held: Seller | None


def source_places(conn: Connection, origins: Origins) -> dict[Place, list[int]]:
    """The first lots by holder and location, in the order of both."""
    views = describe.lots(conn, origins.sources)
    places: dict[Place, list[int]] = {}
    for holder, location, lot in sorted((v.holder, v.location, lot) for lot, v in views.items()):
        places.setdefault((holder, location), []).append(lot)
    return places


def sources(
    conn: Connection,
    upstream: Walk,
    places: Mapping[Place, Sequence[int]],
    held: Mapping[Place, Seller],
) -> tuple[Source, ...]:
    """Each source with its first lots."""
    shown = {place: lots[:LOTS_SHOWN] for place, lots in places.items()}
    views = describe.lots(conn, (lot for lots in shown.values() for lot in lots))
    firsts = [lots[0] for lots in places.values()]
    ways, claims = paths(conn, upstream, firsts), first_claims(conn, firsts)
    days = {
        place: claims[lots[0]][0].business_date if claims.get(lots[0]) else None
        for place, lots in places.items()
    }
    called = describe.called(
        conn,
        (
            (kind, code, day)
            for place, day in days.items()
            for kind, code in zip(("party", "location"), place, strict=True)
        ),
    )
    return tuple(
        Source(
            party=party,
            location=location,
            party_name=called["party", party, days[party, location]].name,
            location_name=called["location", location, days[party, location]].name,
            party_now=called["party", party, days[party, location]].now,
            location_now=called["location", location, days[party, location]].now,
            unidentified=known_of(party),
            lots=tuple(views[lot] for lot in shown[party, location]),
            lot_count=len(lots),
            path=ways[lots[0]],
            documents=tuple(claims.get(lots[0], ())),
            held=held.get((party, location)),
        )
        for (party, location), lots in places.items()
    )
