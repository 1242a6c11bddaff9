"""Lots with codes that one party holds under two of its ids: what arrives in one is in the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.lots import LotKey, LotKind
from foodtrace_ledger import arrays
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
        """Links to the same goods under other ids of their holders."""
        if not lots:
            return []
        own = self._look_up(arrays.numbers(lots), "{}")
        wanted = {
            LotKey(
                other, each.key.location, each.key.kind, each.key.product, each.key.code
            ).lot_id: each
            for _, each in sorted(own.items())
            for other in self.holders.others(each.key.holder)
        }
        others = self._look_up("{}", arrays.ids(wanted))
        return [
            (each.number, other.number, self._said_by(each, other), SAME, False)
            for lot_id, each in wanted.items()
            if (other := others.get(lot_id)) is not None and self._are_one(each, other)
        ]

    def _look_up(self, numbers: str, ids: str) -> dict[UUID, _Lot]:
        rows = plain(self.conn, "keys_and_days", {"id": numbers, "lot_id": ids})
        return dict(map(_lot, rows))

    def _are_one(self, one: _Lot, other: _Lot) -> bool:
        """Whether both ids are the holder's on a day on which some document tells of either lot."""
        return any(
            there.spoken_of and there.key.holder in same
            for here, there in ((one, other), (other, one))
            for same in self._ids(here)
        )

    def _ids(self, lot: _Lot) -> Iterator[frozenset[str]]:
        for day in lot.days:
            yield self.identities.on(PARTY, lot.key.holder, day)

    def _said_by(self, one: _Lot, other: _Lot) -> int:
        return self.identities.said_by(PARTY, one.key.holder, other.key.holder)


def _lot(row: tuple[Any, ...]) -> tuple[UUID, _Lot]:
    number, lot_id, holder, location, kind, product, code, days, spoken_of = row
    key = LotKey(holder, location, LotKind(kind), product, code)
    found = _Lot(number, key, tuple(days or ()), spoken_of)
    return lot_id if isinstance(lot_id, UUID) else UUID(lot_id), found
