"""A recall by party, by location or by market: who is sure and who only possible, never mixed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection

from foodtrace.places import ANSWERING
from foodtrace.sameness import goes_on_as
from foodtrace.unidentified import Known, known_of
from foodtrace_ledger import amounts, arrays, describe, parties, places
from foodtrace_ledger.amounts import Sums
from foodtrace_ledger.answers import Figures
from foodtrace_ledger.goods import Goods
from foodtrace_ledger.places import LOCATION
from foodtrace_ledger.reached import Holding, Place
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.totals import began


class By(StrEnum):
    """By what sellers are grouped.

    party: all places of one party, under the id it goes on as; location: all who sold at one place;
    market: the market, chain or platform that a place is part of, the nearest one. "" is the group
    of those without.
    """

    PARTY = "party"
    LOCATION = "location"
    MARKET = "market"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Some sellers of a group and their figures, as in a seller; `receipts` counts one that sells
    two of the lots twice."""

    sellers: int
    lots: int
    figures: tuple[Figures, ...]
    made_with: tuple[Figures, ...]
    mixed: tuple[Figures, ...]
    receipts: int
    possible_receipts: int
    first_day: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The sellers of one party, location or market, by its id and its name on the last day.

    `now` is its name today where that is another. Figures of sellers who are `confirmed` and of
    those who are only `possible` stand apart.
    """

    key: str
    name: str | None
    now: str | None
    unidentified: Known | None
    confirmed: Part
    possible: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPage:
    """Groups by their keys; `count` are those of all pages, `next` the key to go on after."""

    groups: tuple[Group, ...]
    count: int
    next: str | None


def keyed(conn: Connection, sellers: Iterable[Place], by: By) -> dict[str, list[Place]]:
    """The sellers by the key of their group, keys in order."""
    every = list(sellers)
    if by is By.PARTY:
        keys = _parties(conn, {party for party, _ in every})
        pairs = ((keys[party], (party, place)) for party, place in every)
    else:
        keys = _locations(conn, {place for _, place in every if place})
        if by is By.MARKET:
            markets = _markets(conn, set(keys.values()))
            keys = {code: markets[place] for code, place in keys.items()}
        pairs = ((keys.get(place, ""), (party, place)) for party, place in every)
    found: dict[str, list[Place]] = defaultdict(list)
    for key, seller in pairs:
        found[key].append(seller)
    return {key: found[key] for key in sorted(found)}


def _parties(conn: Connection, holders: set[str]) -> dict[str, str]:
    """Each holder as written with the id under which that party goes on today."""
    own = _owners(conn, "party", holders)
    joined = parties.merges(conn, own.values()).facts
    return {holder: goes_on_as(party, joined) for holder, party in own.items()}


def _locations(conn: Connection, codes: set[str]) -> dict[str, str]:
    return _owners(conn, LOCATION, codes)


def _owners(conn: Connection, kind: str, codes: set[str]) -> dict[str, str]:
    """Each code with the one subject that it is an alias of, else with itself."""
    asked = {"kind": kind, "code": arrays.texts(sorted(codes))}
    found = {row.code: row.subject for row in conn.execute(sql("owners_of_codes"), asked)}
    return {code: found.get(code, code) for code in codes}


def _markets(conn: Connection, locations: set[str]) -> dict[str, str]:
    """The nearest market, chain or platform of each place, itself included; "" where there is none."""
    above = places.above(conn, locations)
    known = places.placed(conn, {each for path in above.values() for each in path} | locations)
    return {
        place: next((each for each in (place, *path) if known[each].kind in ANSWERING), "")
        for place, path in above.items()
    }


def page(
    conn: Connection,
    groups: Mapping[str, Sequence[Place]],
    held: Mapping[Place, Holding],
    first: Mapping[int, Sums],
    by: By,
    *,
    after: str | None,
    limit: int,
) -> GroupPage:
    """A page of groups with their figures; `first` are the sums of lots where the walk began."""
    rest = [key for key in groups if after is None or key > after]
    keys = rest[:limit]
    parts = [
        [held[place] for place in groups[key] if held[place].confirmed is sure]
        for key in keys
        for sure in (True, False)
    ]
    told = _parts(conn, parts, first)
    pairs = list(zip(keys, told[::2], told[1::2], strict=True))
    kind = "party" if by is By.PARTY else LOCATION
    days = {key: _last_day(sure, possible) for key, sure, possible in pairs}
    called = describe.called(conn, ((kind, key, days[key]) for key in keys))
    return GroupPage(
        groups=tuple(
            Group(
                key=key,
                name=called[kind, key, days[key]].name,
                now=called[kind, key, days[key]].now,
                unidentified=known_of(key) if by is By.PARTY else None,
                confirmed=sure,
                possible=possible,
            )
            for key, sure, possible in pairs
        ),
        count=len(groups),
        next=keys[-1] if len(rest) > limit else None,
    )


def _last_day(*parts: Part) -> date | None:
    return max((part.last_day for part in parts if part.last_day), default=None)


def _parts(
    conn: Connection, parts: Sequence[Sequence[Holding]], first: Mapping[int, Sums]
) -> list[Part]:
    """The figures of several groups of holders, in one question."""
    kinds = list(Goods)
    lots: list[int] = []
    numbers: list[int] = []
    for number, holdings in enumerate(parts):
        for holding in holdings:
            for goods, some in holding.lots.items():
                lots += some
                numbers += [number * len(kinds) + kinds.index(goods)] * len(some)
    sums = amounts.by_group(conn, lots, numbers)
    return [
        _part(
            holdings,
            {goods: sums.get(n * len(kinds) + place, Sums()) for place, goods in enumerate(kinds)},
            first,
        )
        for n, holdings in enumerate(parts)
    ]


def _part(
    holdings: Sequence[Holding], own: Mapping[Goods, Sums], first: Mapping[int, Sums]
) -> Part:
    heads = (
        first[lot]
        for holding in holdings
        for lot in holding.lots.get(Goods.ITSELF, ())
        if lot in first
    )
    implied = began(heads).implied
    days = [day for each in own.values() for day in (each.first_day, each.last_day) if day]
    return Part(
        sellers=len(holdings),
        lots=sum(holding.count for holding in holdings),
        figures=tuple(
            Figures.of(each, implied.get(each.dimension, 0)) for each in own[Goods.ITSELF].balances
        ),
        made_with=tuple(map(Figures.of, own[Goods.MADE_WITH].balances)),
        mixed=tuple(map(Figures.of, own[Goods.MIXED].balances)),
        receipts=sum(each.receipts for each in own.values()),
        possible_receipts=sum(each.possible_receipts for each in own.values()),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
    )
