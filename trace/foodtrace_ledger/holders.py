"""Who holds lots: the ids of a holder that matter to a walk, and whether they have pools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from foodtrace_ledger import arrays
from foodtrace_ledger.hashing import number
from foodtrace_ledger.identities import PARTY, PRODUCT, Identities
from foodtrace_ledger.sqlfile import plain

# The number of some stock without codes, and the days (ordinals) on which it may be meant.
Target = tuple[int, int, int]


class _Holding(NamedTuple):
    """What one id holds: pools, lots without a location, lots with one."""

    pools: bool
    nowhere: bool
    somewhere: bool


_NOTHING = _Holding(pools=False, nowhere=False, somewhere=False)


class Holders:
    """What was looked up of holders so far; nothing is asked twice in one walk."""

    def __init__(self, conn: Connection, identities: Identities) -> None:
        """Nothing is known before `learn`."""
        self._conn = conn
        self.identities = identities
        self._holding: dict[str, _Holding] = {}
        self._others: dict[str, Sequence[str]] = {}
        self._pooling: dict[str, bool] = {}
        self._locations: dict[str, Sequence[str]] = {}
        self._numbers: dict[tuple[str, str, str], int] = {}
        self._held_together: dict[tuple[frozenset[str], str, frozenset[str]], Sequence[int]] = {}

    def learn(self, parties: Iterable[str]) -> None:
        """Look up what these parties and their other ids hold."""
        new = {each for each in parties if each not in self._others}
        if not new:
            return
        self.identities.learn(PARTY, new)
        members = {each: self.identities.members(PARTY, each) for each in new}
        asked = {m for some in members.values() for m in some} - self._holding.keys()
        self._holding.update(dict.fromkeys(asked, _NOTHING))
        for one, *holds in plain(self._conn, "ids_holding", {"id": arrays.texts(sorted(asked))}):
            self._holding[one] = _Holding(*holds)
        for each, some in members.items():
            self._others[each] = self._holding_others(each, some) if len(some) > 1 else ()
            self._pooling[each] = any(self._holding[m].pools for m in some)

    def _holding_others(self, each: str, members: Iterable[str]) -> Sequence[str]:
        return sorted(m for m in members if m != each and any(self._holding[m]))

    def others(self, party: str) -> Sequence[str]:
        """Its other ids under which lots are held, on whichever days."""
        return self._others[party]

    def has_twins(self, party: str, location: str) -> bool:
        """Whether its lots at a location (or at none) may be held under another key too."""
        own = self._holding[party]
        return bool(self._others[party]) or (own.nowhere if location else own.somewhere)

    def has_pools(self, party: str) -> bool:
        """Whether it has stock without codes, under any of its ids."""
        return self._pooling[party]

    def learn_places(self, parties: Iterable[str]) -> None:
        """Look up at which locations these parties and their other ids hold lots."""
        every = {one for each in parties for one in (each, *self._others[each])}
        # Most holders that state no location never do.
        found = {
            one: [] if self._holding[one].somewhere else [""]
            for one in sorted(every - self._locations.keys())
        }
        self._locations.update(found)
        new = [one for one, places in found.items() if not places]
        if not new:
            return
        for one, location in plain(self._conn, "locations_of", {"id": arrays.texts(new)}):
            found[one].append(location)

    def places(self, one: str, location: str) -> Sequence[str]:
        """Where goods of a party may be that are said to be at a location, or at none: then at all
        of its locations, which `learn_places` has looked up."""
        return (location, "") if location else self._locations.get(one, ("",))

    def targets(
        self, party: str, location: str, product: str, first: date, last: date
    ) -> Iterator[Target]:
        """The stocks that hold what this one does, each with the days on which it does.

        Where no location is stated, those of all the holder's locations; `learn_places` comes
        before.
        """
        ids = self.identities
        for begin, end, parties in ids.spans(PARTY, party, first, last):
            for since, until, products in ids.spans(PRODUCT, product, begin, end):
                days = since.toordinal(), until.toordinal()
                for stock in self._stocks(parties, location, products):
                    yield stock, *days

    def _stocks(
        self, parties: frozenset[str], location: str, products: frozenset[str]
    ) -> Sequence[int]:
        """The numbers of what these hold there, in the order of their names."""
        asked = parties, location, products
        known = self._held_together.get(asked)
        if known is None:
            known = self._held_together[asked] = [
                self.stock(one, place, each)
                for one in sorted(parties)
                for place in self.places(one, location)
                for each in sorted(products)
            ]
        return known

    def stock(self, party: str, location: str, product: str) -> int:
        """The number of stock without codes."""
        key = (party, location, product)
        known = self._numbers.get(key)
        if known is None:
            known = self._numbers[key] = number(*key)
        return known
