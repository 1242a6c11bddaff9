"""Whose stock an event's movements belong to, in memory; the ledger says the same in SQL.

- A lot with a code is of the product that its first hand states: of what the lines say by which it
  came in, the key that sorts first; where nothing came in, of what any line says.
- Goods kept for an owner (slaughter on commission) are the owner's stock at that place, also where
  he sells them under his own name. Who sells may leave the owner out if all of the lot is his.
- What is in logistic units and what was returned stands apart; a unit holds several products, so
  there the line says which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from foodtrace.balance import RETAIL
from foodtrace.effects import Claim, Direction, Movement, Retail, Role
from foodtrace.lineage import Fact, Lineage
from foodtrace.lots import LotKey, LotKind
from foodtrace.meeting import Told, counted, meeting_of, precedence, speaks_for
from foodtrace.stock import DRAWN_FROM
from foodtrace.stock_book import Account, Entry, Keeping

_INCOMING = (Role.OPENED, Role.ORIGIN)
#: Which event's line speaks of which lot.
Place = tuple[Hashable, int, LotKey]


@dataclass(frozen=True, slots=True)
class Booked:
    """An entry, the lot and the account it belongs to."""

    account: Account
    lot: LotKey
    entry: Entry


@dataclass(slots=True)
class _Known:
    """What lines say of lots."""

    incoming: dict[LotKey, set[str]] = field(default_factory=lambda: defaultdict(set))
    named: dict[LotKey, set[str]] = field(default_factory=lambda: defaultdict(set))
    owners: dict[LotKey, set[str | None]] = field(default_factory=lambda: defaultdict(set))
    units: set[LotKey] = field(default_factory=set)
    lines: dict[Place, list[Claim]] = field(default_factory=lambda: defaultdict(list))
    stated: dict[Place, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))
    came: set[Hashable] = field(default_factory=set)


def book(lineage: Lineage) -> list[Booked]:
    """Every entry of every account."""
    known = _known(lineage)
    return [*_moved(lineage, known), *_retail(lineage, known)]


def owner_of(stated: str | None, incoming: Collection[str | None]) -> str | None:
    """Whose goods a line takes, from the owners stated where the lot came in: the only one, where
    the line states another or none of them."""
    if stated in incoming or len(incoming) != 1:
        return stated
    (only,) = incoming
    return only


def _known(lineage: Lineage) -> _Known:
    known = _Known()
    for fact in lineage.facts:
        value = fact.value
        if isinstance(value, Claim):
            _note(known, _place(fact), value)
        elif isinstance(value, Movement):
            known.stated[_place(fact)].add((value.direction, value.dimension))
        elif isinstance(value, Retail):
            known.stated[_place(fact)].add((RETAIL, value.dimension))
    for fact in lineage.facts:
        if isinstance(fact.value, Movement) and fact.value.direction == Direction.OPENED:
            known.came.update(_goods(known, fact))
    return known


def _note(known: _Known, place: Place, claim: Claim) -> None:
    known.lines[place].append(claim)
    known.named[claim.lot].add(claim.product)
    if claim.role is Role.PACKED:
        known.units.add(claim.lot)
    if claim.role in _INCOMING:
        known.incoming[claim.lot].add(claim.product)
        known.owners[claim.lot].add(claim.owner)


def _place(fact: Fact) -> Place:
    return (fact.event_id, fact.digest), fact.value.line, fact.value.lot


def _moved(lineage: Lineage, known: _Known) -> Iterator[Booked]:
    facts = [fact for fact in lineage.facts if isinstance(fact.value, Movement)]
    told = {fact: Told(fact.value, meeting_of(lineage.event_of(fact))) for fact in facts}
    counting = _counting(told)
    voices = [told[fact] for fact in counting if told[fact].meeting is not None]
    for fact in counting:
        value: Movement = fact.value
        entry = Entry(
            day=lineage.event_of(fact).envelope.business_date,
            direction=value.direction,
            dimension=value.dimension,
            amount=value.amount,
            beside=_beside(known, fact, value.direction),
            spoken=not any(_first(other, told[fact]) for other in voices),
            sourced=_sourced(known, fact),
        )
        yield Booked(_account(known, fact), value.lot, entry)


def _sourced(known: _Known, fact: Fact) -> bool:
    """A voucher that hands goods over is their source, unless some document says how they came
    in: what it takes was there."""
    if fact.value.direction == Direction.OPENED or known.came & _goods(known, fact):
        return False
    return any(claim.role is Role.ORIGIN for claim in known.lines[_place(fact)])


def _goods(known: _Known, fact: Fact) -> set[Hashable]:
    """What goods a line is about: those of a batch may have come in under other codes, those
    without a code under any of the product."""
    lot: LotKey = fact.value.lot
    claims = known.lines[_place(fact)]
    goods: set[Hashable] = {lot}
    goods.update((lot.holder, lot.location, c.batch) for c in claims if c.batch is not None)
    came = fact.value.direction == Direction.OPENED
    if lot.kind is LotKind.POOL or (came and lot.kind in DRAWN_FROM):
        goods.update((lot.holder, lot.location, claim.product) for claim in claims)
    return goods


def _counting(told: dict[Fact, Told]) -> list[Fact]:
    """The facts behind the movements that count: `counted` knows only values."""
    left: dict[int, Fact] = {id(each.movement): fact for fact, each in told.items()}
    return [left[id(movement)] for movement in counted(told.values())]


def _first(other: Told, one: Told) -> bool:
    """Whether the other report comes first, of the same goods in another unit."""
    if one.meeting is None or other.meeting is None:
        return False
    if (one.meeting.giver, one.meeting.trade_no) != (other.meeting.giver, other.meeting.trade_no):
        return False
    if other.movement.dimension == one.movement.dimension:
        return False
    alike = replace(other.movement, dimension=one.movement.dimension)
    return speaks_for(alike, one.movement) and _place_of(other) < _place_of(one)


def _place_of(told: Told) -> tuple[int, str]:
    assert told.meeting is not None
    return precedence(told.movement.direction, told.meeting.voice, told.meeting.source)


def _retail(lineage: Lineage, known: _Known) -> Iterator[Booked]:
    for fact in lineage.facts:
        value = fact.value
        if isinstance(value, Retail):
            entry = Entry(
                day=lineage.event_of(fact).envelope.business_date,
                direction=RETAIL,
                dimension=value.dimension,
                amount=value.amount,
                beside=_beside(known, fact, RETAIL),
            )
            yield Booked(_account(known, fact, by_line=False), value.lot, entry)


def _beside(known: _Known, fact: Fact, direction: str) -> str | None:
    mine = (direction, fact.value.dimension)
    others = {d for way, d in known.stated[_place(fact)] if way == direction and (way, d) != mine}
    return min(others, default=None)


def _account(known: _Known, fact: Fact, *, by_line: bool = True) -> Account:
    lot: LotKey = fact.value.lot
    claims = known.lines[_place(fact)] if by_line else []
    stated = min((each.owner for each in claims if each.owner is not None), default=None)
    owner = owner_of(stated, known.owners[lot])
    product = _product(known, lot, min((each.product for each in claims), default=None))
    return Account(owner or lot.holder, lot.location, product, _keeping(known, lot))


def _product(known: _Known, lot: LotKey, stated: str | None) -> str:
    if lot in known.units and stated is not None:
        return stated
    if lot.product:
        return lot.product
    return min(known.incoming[lot] or known.named[lot], default="")


def _keeping(known: _Known, lot: LotKey) -> Keeping:
    if lot.kind is LotKind.RETURNED:
        return Keeping.WAITING
    return Keeping.UNIT if lot in known.units else Keeping.SHELF


def entries_by_account(
    booked: Iterable[Booked], same_product: Callable[[str], str] = str
) -> dict[Account, list[Entry]]:
    """The entries of each account; `same_product` gives the key that stands for all of a product."""
    accounts: dict[Account, list[Entry]] = defaultdict(list)
    for each in booked:
        account = replace(each.account, product=same_product(each.account.product))
        accounts[account].append(each.entry)
    return dict(accounts)
