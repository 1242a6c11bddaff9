"""One affected seller: what came in, where it went, since when, and by which documents one knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from foodtrace.unidentified import Known, known_of
from foodtrace_ledger import amounts, arrays, describe
from foodtrace_ledger.amounts import Sums
from foodtrace_ledger.answers import Document, Figures, Path, Reason
from foodtrace_ledger.describe import Called
from foodtrace_ledger.goods import Goods
from foodtrace_ledger.memory import remembered
from foodtrace_ledger.paths import paths, reasons
from foodtrace_ledger.reached import Holding, Place, grouped
from foodtrace_ledger.sqlfile import plain
from foodtrace_ledger.totals import Amounts, began
from foodtrace_ledger.walk import Walk

# Up to so many receipts of a page each is counted once, even if it has several of the lots.
EXACT_RECEIPTS = 50_000
_NOTHING = Sums()
# Documents named for a seller that no path leads to.
CLAIMS_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """A party at a location that holds, held or sold the recalled goods.

    `figures` are of the goods themselves, `made_with` of products with them inside, `mixed` of
    stock in which they lie among others (at most so much of it is recalled). `path` is the first
    one that leads there and `reasons` what it rests on; `unlinked` says that there is none, and
    `documents` which claim the batch. Of `receipts` some line surely sold one of the confirmed
    lots, of `possible_receipts` none; they are different receipts where `receipts_exact`, else one
    that sells two of the lots counts twice. Names are those of `last_day`; `party_now` and
    `location_now` today's where they are others. Of one who isn't `unidentified` nothing stands
    there, else what is known.
    """

    party: str
    location: str
    party_name: str | None
    location_name: str | None
    party_now: str | None
    location_now: str | None
    unidentified: Known | None
    confirmed: bool
    reasons: tuple[Reason, ...]
    unlinked: bool
    lots: int
    figures: tuple[Figures, ...]
    made_with: tuple[Figures, ...]
    mixed: tuple[Figures, ...]
    receipts: int
    possible_receipts: int
    receipts_exact: bool
    first_day: date | None
    last_day: date | None
    path: Path
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is looked up for all sellers of a page at once."""

    own: Mapping[Place, Mapping[Goods, Sums]]
    names: Mapping[describe.SubjectOn, Called]
    paths: Mapping[int, Path]
    claims: Mapping[int, Sequence[Document]]
    receipts: Mapping[tuple[int, bool], int] | None


def sellers(
    conn: Connection, walk: Walk, page: Mapping[Place, Holding], first: Mapping[int, Sums]
) -> dict[Place, Seller]:
    """The sellers of a page; `first` are the sums by lot where the walk began."""
    known = _look_up(conn, walk, page)
    return {place: _seller(place, each, walk, first, known) for place, each in page.items()}


def _look_up(conn: Connection, walk: Walk, page: Mapping[Place, Holding]) -> _Known:
    held = grouped(walk, page.values())
    sums = amounts.by_group(conn, held.lots, held.groups)
    firsts = [holding.first for holding in page.values()]
    claimed = [lot for lot in firsts if walk.depth[walk.place[lot]] == 0]
    exact = None
    if sum(each.receipts + each.possible_receipts for each in sums.values()) <= EXACT_RECEIPTS:
        exact = amounts.distinct_receipts(conn, held.lots, held.holders, held.doubts)
    own = {place: _own(holding, sums) for place, holding in page.items()}
    days = {place: _days(each) for place, each in own.items()}
    return _Known(
        own,
        describe.called(
            conn,
            (
                (kind, code, last)
                for place, (_, last) in days.items()
                for kind, code in zip(("party", "location"), place, strict=True)
            ),
        ),
        paths(conn, walk, firsts),
        first_claims(conn, claimed),
        exact,
    )


def first_claims(conn: Connection, lots: Sequence[int]) -> dict[int, list[Document]]:
    """The first documents that speak of each lot; lots of which none does are left out."""
    known: dict[int, list[int]] = remembered(conn, "first_claims")
    new = [lot for lot in lots if lot not in known]
    if new:
        known.update((lot, []) for lot in new)
        asked = {"lot": arrays.numbers(new), "shown": CLAIMS_SHOWN}
        for lot, event in plain(conn, "first_claims", asked):
            known[lot].append(event)
    papers = describe.documents(conn, (event for lot in lots for event in known[lot]))
    return {lot: [papers[event] for event in known[lot]] for lot in lots if known[lot]}


def _seller(
    place: Place, holding: Holding, walk: Walk, first: Mapping[int, Sums], known: _Known
) -> Seller:
    party, location = place
    own = known.own[place]
    # A stray's missing records are shown as what they are: less than nothing in stock.
    heads = (
        first[lot]
        for lot in holding.lots.get(Goods.ITSELF, ())
        if lot in first and lot not in walk.unlinked
    )
    sure, possible = _receipts(holding, list(own.values()), known)
    first_day, last_day = _days(own)
    name = known.names["party", party, last_day]
    location_name = known.names["location", location, last_day]
    return Seller(
        party=party,
        location=location,
        party_name=name.name,
        location_name=location_name.name,
        party_now=name.now,
        location_now=location_name.now,
        unidentified=known_of(party),
        confirmed=holding.confirmed,
        reasons=reasons(walk, holding.first) or (Reason.LINKED,),
        unlinked=holding.first in walk.unlinked,
        lots=holding.count,
        figures=_figures(own[Goods.ITSELF], began(heads).implied),
        made_with=_figures(own[Goods.MADE_WITH], {}),
        mixed=_figures(own[Goods.MIXED], {}),
        receipts=sure,
        possible_receipts=possible,
        receipts_exact=known.receipts is not None,
        first_day=first_day,
        last_day=last_day,
        path=known.paths[holding.first],
        documents=tuple(known.claims.get(holding.first, ())),
    )


def _own(holding: Holding, sums: Mapping[int, Sums]) -> dict[Goods, Sums]:
    return {goods: _sums(holding, goods, sums) for goods in Goods}


def _days(own: Mapping[Goods, Sums]) -> tuple[date | None, date | None]:
    days = [day for each in own.values() for day in (each.first_day, each.last_day) if day]
    return min(days, default=None), max(days, default=None)


def _sums(holding: Holding, goods: Goods, sums: Mapping[int, Sums]) -> Sums:
    """Goods of one kind, confirmed and possible lots together; receipts of the latter are possible."""
    if goods not in holding.lots:
        return _NOTHING
    sure, doubted = (sums.get(holding.group(goods, sure=sure), _NOTHING) for sure in (True, False))
    days = [day for each in (sure, doubted) for day in (each.first_day, each.last_day) if day]
    return Sums(
        amounts.total((sure, doubted)),
        sure.receipts,
        sure.possible_receipts + doubted.receipts + doubted.possible_receipts,
        min(days, default=None),
        max(days, default=None),
    )


def _figures(sums: Sums, implied: Amounts) -> tuple[Figures, ...]:
    return tuple(
        Figures.of(balance, implied.get(balance.dimension, 0)) for balance in sums.balances
    )


def _receipts(holding: Holding, own: list[Sums], known: _Known) -> tuple[int, int]:
    if known.receipts is None:
        return sum(s.receipts for s in own), sum(s.possible_receipts for s in own)
    number = holding.number
    return known.receipts.get((number, False), 0), known.receipts.get((number, True), 0)
