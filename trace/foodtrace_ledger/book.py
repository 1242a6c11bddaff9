"""进销存: the book stock of a party, a place or a lot at any business day, with its equation.

Book stock is computed from documents; what people counted stands beside it, never in its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.conversions import Ratios
from foodtrace.lots import LotKind
from foodtrace.stock_book import Account, Entry, Keeping, Oddity, comparable, oddities, periods
from foodtrace.stock_entries import owner_of
from foodtrace_ledger import book_rows, describe
from foodtrace_ledger.book_rows import BookLot
from foodtrace_ledger.book_told import Beside, beside
from foodtrace_ledger.book_values import Equation, LotStock, Odd, StockLine, StockPage
from foodtrace_ledger.identities import PARTY, PRODUCT, Identities
from foodtrace_ledger.places import within
from foodtrace_ledger.roots import of_lots

#: Without a day everything known is in the book.
ALL_DAYS = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whose stock, where, of what, when; ids in canonical form.

    `party` or `location` is given; a location with all that stands in it. `limited`: only what lies
    in lots of the party itself or is kept for it, under its id as written; else all its ids, and
    what is kept by it for others in full. `today` is the day on which ids are the same where `at`
    isn't given.
    """

    party: str | None
    location: str | None
    product: str | None = None
    at: date | None = None
    since: date | None = None
    after: str | None = None
    limit: int = 100
    limited: bool = False
    today: date

    @property
    def day(self) -> date:
        """The last day of the book."""
        return self.at or ALL_DAYS


@dataclass(slots=True)
class _Kept:
    """The entries of an account, in whose lots they lie, and the product's keys in use."""

    entries: list[Entry] = field(default_factory=list)
    holders: set[str] = field(default_factory=set)
    products: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    beside: Beside = field(default_factory=Beside)


class _Ids:
    """One id for each party and product that goes under several."""

    def __init__(self, conn: Connection, wanted: Wanted) -> None:
        self._known = Identities(conn)
        self._day = wanted.at or wanted.today
        self.own: frozenset[str] = frozenset()
        if wanted.party is not None:
            self.own = frozenset({wanted.party})
            if not wanted.limited:
                self._known.learn(PARTY, [wanted.party])
                self.own = self._known.on(PARTY, wanted.party, self._day)
        self._asked = wanted.party

    def learn(self, lots: Iterable[BookLot], product: str | None) -> None:
        """Look up the products of lots, and the one asked about."""
        named = {key for lot in lots for key in lot.products}
        self._known.learn(PRODUCT, named if product is None else {*named, product})

    def product(self, key: str) -> str:
        """The key that stands for all of a product."""
        return min(self._known.on(PRODUCT, key, self._day))

    def party(self, party: str) -> str:
        """The id asked about stands for all of the party; others are told as written."""
        return self._asked if self._asked is not None and party in self.own else party


# Codes of the places asked about, None for all.
Places = Collection[str] | None
# Lots of one holder, place, keeping, product and owners are added up in SQL already.
_Group = tuple[str, str, Keeping, str, frozenset[str | None], bool]


def stock(conn: Connection, wanted: Wanted) -> StockPage:
    """A page of products with the book of each account; empty where nothing is known."""
    ids = _Ids(conn, wanted)
    inside = None if wanted.location is None else within(conn, wanted.location, wanted.at)
    lots = _lots(conn, wanted, ids, inside)
    ids.learn(lots.values(), wanted.product)
    of_lot = {lot.id: {ids.product(key) for key in lot.products} for lot in lots.values()}
    every = sorted({key for keys in of_lot.values() for key in keys})
    if wanted.product is not None:
        every = [key for key in every if key == ids.product(wanted.product)]
    rest = [key for key in every if wanted.after is None or key > wanted.after]
    page = frozenset(rest[: wanted.limit])
    shown = [lot for lot in lots.values() if of_lot[lot.id] & page]
    accounts = _accounts(conn, wanted, ids, shown, page)
    return StockPage(
        lines=_lines(conn, wanted, ids, accounts, inside),
        next=max(page) if len(rest) > len(page) else None,
        product_count=len(every),
    )


def _lots(conn: Connection, wanted: Wanted, ids: _Ids, inside: Places) -> dict[int, BookLot]:
    if wanted.party is None:
        return book_rows.lots_of_place(conn, inside or ())
    lots = book_rows.lots_of_holders(conn, ids.own, inside)
    if wanted.location and any(lot.location == "" for lot in lots.values()):
        # What states no place may lie at any: judged over all of them.
        lots = book_rows.lots_of_holders(conn, ids.own, None)
    if wanted.limited:
        return lots
    # What others own and this party keeps may be sold by the owners themselves.
    kept = {
        (owner, lot.location)
        for lot in lots.values()
        for owner in lot.owners
        if lot.holder in ids.own and owner is not None and owner not in ids.own
    }
    if kept:
        theirs = book_rows.lots_of_holders(conn, {owner for owner, _ in kept}, None)
        lots |= {
            number: lot
            for number, lot in theirs.items()
            if any((who, lot.location) in kept for who in (lot.holder, *lot.owners) if who)
        }
    return lots


def _accounts(
    conn: Connection, wanted: Wanted, ids: _Ids, lots: Sequence[BookLot], page: Collection[str]
) -> dict[Account, _Kept]:
    groups: dict[_Group, int] = {}
    parts = [(lot, groups.setdefault(_group(lot, ids), len(groups))) for lot in lots]
    known = list(groups)
    accounts: dict[Account, _Kept] = defaultdict(_Kept)
    for each in book_rows.entries(conn, parts):
        holder, _, _, product, owners, by_line = known[each.part]
        owner = owner_of(each.owner, owners) if by_line else _only(owners)
        stated = ids.product(each.product) if each.product and _is_unit(known[each.part]) else None
        account = _account(known[each.part], ids, owner or holder, stated or product)
        if account.product in page and _asked(account, holder, wanted, ids):
            accounts[account].entries.append(each.entry)
            accounts[account].holders.add(holder)
    for account, told, holders in _told(conn, wanted, ids, lots, page):
        accounts[account].beside = told
        accounts[account].holders |= holders
    used: dict[str, set[str]] = defaultdict(set)
    printed: dict[str, set[str]] = defaultdict(set)
    for lot in lots:
        for key in lot.products:
            used[ids.product(key)].add(key)
        if lot.name is not None and lot.keeping is not Keeping.UNIT:
            printed[ids.product(lot.product)].add(lot.name)
    for account, kept in accounts.items():
        kept.products, kept.names = used[account.product], printed[account.product]
    return {
        account: kept
        for account, kept in accounts.items()
        if wanted.party in (None, account.party) or kept.holders & ids.own
    }


def _group(lot: BookLot, ids: _Ids) -> _Group:
    return (
        lot.holder,
        lot.location,
        lot.keeping,
        ids.product(lot.product),
        lot.owners,
        lot.by_line,
    )


def _is_unit(group: _Group) -> bool:
    return group[2] is Keeping.UNIT


def _only(owners: frozenset[str | None]) -> str | None:
    (only,) = owners
    return only


def _account(group: _Group, ids: _Ids, party: str, product: str) -> Account:
    return Account(ids.party(party), group[1], product, group[2])


def _asked(account: Account, holder: str, wanted: Wanted, ids: _Ids) -> bool:
    """Goods of the party or in its hands; the goods of others count in full, or its own share."""
    if wanted.party is None:
        return True
    if account.party == wanted.party:
        return True
    return holder in ids.own if wanted.limited else True


def _told(
    conn: Connection, wanted: Wanted, ids: _Ids, lots: Sequence[BookLot], page: Collection[str]
) -> list[tuple[Account, Beside, set[str]]]:
    """Counts and differing reports, by the account that a holder's goods of a kind are in."""
    owners: dict[tuple[str, str, Keeping, str], set[str | None]] = defaultdict(set)
    for lot in lots:
        owners[_shelf(lot, ids)] |= lot.owners
    numbers = {shelf: place for place, shelf in enumerate(owners)}
    known = beside(conn, [(lot, numbers[_shelf(lot, ids)]) for lot in lots], wanted.day)
    answer = []
    for shelf, part in numbers.items():
        holder, location, keeping, product = shelf
        party = ids.party(owner_of(None, owners[shelf]) or holder)
        account = Account(party, location, product, keeping)
        if part in known and product in page and _asked(account, holder, wanted, ids):
            answer.append((account, known[part], {holder}))
    return answer


def _shelf(lot: BookLot, ids: _Ids) -> tuple[str, str, Keeping, str]:
    return lot.holder, lot.location, lot.keeping, ids.product(lot.product)


def _lines(
    conn: Connection,
    wanted: Wanted,
    ids: _Ids,
    accounts: Mapping[Account, _Kept],
    inside: Places,
) -> tuple[StockLine, ...]:
    keys = {key for kept in accounts.values() for key in kept.products}
    words = book_rows.registered(conn, keys, wanted.at or wanted.today)
    names = describe.all_names(
        conn,
        [
            *(("party", account.party) for account in accounts),
            *(("location", account.location) for account in accounts if account.location),
        ],
    )
    ratios = {
        account: Ratios(
            fact for key in sorted(kept.products) for fact in words.get(key, ("", ()))[1]
        )
        for account, kept in accounts.items()
    }
    odd = _odd(wanted, accounts, ratios)
    lines = (
        StockLine(
            party=account.party,
            party_name=names.get(("party", account.party)),
            location=account.location,
            location_name=names.get(("location", account.location)),
            product=account.product,
            product_name=_name(kept, words),
            products=tuple(sorted(kept.products)),
            keeping=account.keeping,
            kept_by=tuple(sorted(kept.holders - {account.party} - _all_own(account, ids))),
            partial=_partial(account, wanted),
            equations=_equations(kept.entries, wanted),
            comparable=_one_unit(kept.entries, ratios[account], wanted),
            **_beside(kept.beside),
            odd=tuple(Odd.of(each) for each in odd.get(account, ())),
        )
        for account, kept in sorted(accounts.items(), key=lambda each: _order(each[0]))
        # Other places are read for the judgement alone: the goods may lie there.
        if inside is None or account.location in inside
    )
    return tuple(line for line in lines if line.equations or line.found)


def _name(kept: _Kept, words: book_rows.Words) -> str | None:
    """As registered, else as documents print it."""
    registered = (words[key][0] for key in sorted(kept.products) if key in words)
    return next(registered, min(kept.names, default=None))


def _beside(told: Beside) -> dict[str, Any]:
    return {each.name: getattr(told, each.name) for each in fields(told)}


def _order(account: Account) -> tuple[str, ...]:
    return account.product, account.location, account.party, account.keeping


def _all_own(account: Account, ids: _Ids) -> frozenset[str]:
    return ids.own if account.party in ids.own else frozenset()


def _partial(account: Account, wanted: Wanted) -> bool:
    return wanted.limited and wanted.party not in (None, account.party)


def _equations(entries: Sequence[Entry], wanted: Wanted) -> tuple[Equation, ...]:
    return tuple(Equation.of(each) for each in periods(entries, wanted.day, wanted.since))


def _one_unit(entries: Sequence[Entry], ratios: Ratios, wanted: Wanted) -> Equation | None:
    """All units together, where there are several that the product's master data convert."""
    known = [entry for entry in entries if entry.day <= wanted.day and entry.amount]
    if len({ratios.group(entry.dimension) for entry in known}) == len(
        {entry.dimension for entry in known}
    ):
        return None
    told = comparable(known, ratios)
    found = periods(told, wanted.day, wanted.since) if told else ()
    return Equation.of(found[0]) if found else None


def _odd(
    wanted: Wanted, accounts: Mapping[Account, _Kept], ratios: Mapping[Account, Ratios]
) -> dict[Account, tuple[Oddity, ...]]:
    """What doesn't add up. Where some documents state no place the goods may lie at any: then a
    place alone is short only if all places together are."""
    together: dict[tuple[str, str], list[Account]] = defaultdict(list)
    for account in accounts:
        if account.keeping is Keeping.SHELF and not _partial(account, wanted):
            together[account.party, account.product].append(account)
    answer: dict[Account, tuple[Oddity, ...]] = {}
    for group in together.values():
        short = {"lot.never-received", "lot.oversold"}
        if len(group) > 1 and any(account.location == "" for account in group):
            every = [entry for account in group for entry in accounts[account].entries]
            codes = {each.code for each in oddities(every, wanted.day, ratios[group[0]])}
            short = short if short & codes else set()
        for account in group:
            found = oddities(accounts[account].entries, wanted.day, ratios[account])
            unplaced = {"lot.never-received", "lot.oversold"} - short
            answer[account] = tuple(each for each in found if each.code not in unplaced)
    return answer


def of_lot(
    conn: Connection, lot_id: UUID, *, at: date | None, since: date | None, today: date
) -> LotStock:
    """The book of one lot; raises NotFound `lot.unknown`.

    A pool of one business day sells yesterday's stock too, so it isn't judged by itself.
    """
    (number,) = of_lots(conn, [lot_id]).starts
    lot = book_rows.lots(conn, [number])[number]
    wanted = Wanted(party=lot.holder, location=lot.location, at=at, since=since, today=today)
    ids = _Ids(conn, replace(wanted, limited=True))
    ids.learn([lot], None)
    keys = {key for key in lot.products if key}
    words = book_rows.registered(conn, keys, at or today)
    ratios = Ratios(fact for key in sorted(keys) for fact in words.get(key, ("", ()))[1])
    entries = [each.entry for each in book_rows.entries(conn, [(lot, 0)])]
    told = beside(conn, [(lot, 0)], wanted.day).get(0, Beside())
    judged = lot.keeping is not Keeping.UNIT and lot.kind in (LotKind.TRACE, LotKind.BATCH)
    odd = oddities(entries, wanted.day, ratios) if judged else ()
    return LotStock(
        lot=describe.lots(conn, [number])[number],
        holder_name=describe.names(conn, "party", [lot.holder]).get(lot.holder),
        location_name=describe.names(conn, "location", [lot.location]).get(lot.location),
        keeping=lot.keeping,
        owners=tuple(sorted(owner for owner in lot.owners if owner is not None)),
        equations=_equations(entries, wanted),
        comparable=_one_unit(entries, ratios, wanted),
        **_beside(told),
        odd=tuple(Odd.of(each) for each in odd),
    )
