"""Lots with codes that one party holds under two keys: what arrives in one is in the other.

Two keys, since it goes under two ids, or since one document states no location.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.lots import LotKey, LotKind
from foodtrace_ledger import arrays, describe
from foodtrace_ledger.holders import Holders
from foodtrace_ledger.identities import PARTY, Identities
from foodtrace_ledger.neighbours import SAME, Link
from foodtrace_ledger.sqlfile import plain


@dataclass(frozen=True, slots=True)
class _Lot:
    """A lot, the days on which documents claim something of it, and whether any speaks of it."""

    number: int
    key: LotKey
    days: tuple[date, ...]
    spoken_of: bool


@dataclass(frozen=True, slots=True)
class SameParty:
    """Finds the other lots."""

    conn: Connection
    identities: Identities
    holders: Holders

    def reached(self, lots: Sequence[int]) -> list[Link]:
        """Links to the same goods under other keys."""
        if not lots:
            return []
        own = self._look_up(arrays.numbers(lots), "{}")
        self.holders.learn_places(o.key.holder for o in own.values() if not o.key.location)
        wanted = [(each, lot_id) for each in own.values() for lot_id in self._twins(each.key)]
        others = self._look_up("{}", arrays.ids({lot_id for _, lot_id in wanted}))
        return sorted(
            (each.number, other.number, self._said_by(each, other), SAME, False)
            for each, lot_id in wanted
            if (other := others.get(lot_id)) is not None and self._are_one(each, other)
        )

    def _twins(self, key: LotKey) -> Iterator[UUID]:
        for holder in (key.holder, *self.holders.others(key.holder)):
            for place in dict.fromkeys(self.holders.places(holder, key.location)):
                twin = replace(key, holder=holder, location=place)
                if twin != key:
                    yield twin.lot_id

    def _look_up(self, numbers: str, ids: str) -> dict[UUID, _Lot]:
        rows = plain(self.conn, "keys_and_days", {"id": numbers, "lot_id": ids})
        return dict(map(_lot, rows))

    def _are_one(self, one: _Lot, other: _Lot) -> bool:
        """Whether both ids are the holder's on a day on which some document tells of either lot."""
        if one.key.holder == other.key.holder:
            return one.spoken_of and other.spoken_of
        return any(
            there.spoken_of and there.key.holder in same
            for here, there in ((one, other), (other, one))
            for same in self._ids(here)
        )

    def _ids(self, lot: _Lot) -> Iterator[frozenset[str]]:
        for day in lot.days:
            yield self.identities.on(PARTY, lot.key.holder, day)

    def _said_by(self, one: _Lot, other: _Lot) -> int:
        """The event of the alias or merge; 0 where just a location isn't stated."""
        if one.key.holder == other.key.holder:
            return 0
        return self.identities.said_by(PARTY, one.key.holder, other.key.holder)


def same_party(conn: Connection, lots: Sequence[int]) -> list[Link]:
    """The same for lots that no walk has met."""
    identities = Identities(conn)
    holders = Holders(conn, identities)
    holders.learn(view.holder for view in describe.lots(conn, lots).values())
    return SameParty(conn, identities, holders).reached(lots)


def _lot(row: tuple[Any, ...]) -> tuple[UUID, _Lot]:
    number, lot_id, holder, location, kind, product, code, days, spoken_of = row
    key = LotKey(holder, location, LotKind(kind), product, code)
    found = _Lot(number, key, tuple(days or ()), spoken_of)
    return lot_id if isinstance(lot_id, UUID) else UUID(lot_id), found
