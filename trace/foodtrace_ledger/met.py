"""What a walk must know of the lots it meets: who holds them where, and which stand for a pool."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from foodtrace.lots import LotKind
from foodtrace_ledger.ahead import Ahead
from foodtrace_ledger.walk import KINDS, Walk

_NUMBER = {kind.value: number for number, kind in enumerate(KINDS)}


@dataclass(slots=True)
class Meeting:
    """Reads of lots just met what the walk needs, into its columns."""

    ahead: Ahead
    found: Walk
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def learn(self) -> None:
        """Read what the lots met since the last time are."""
        found = self.found
        first = len(found.kind)
        new = found.lots[first:]
        if not new:
            return
        found.held_by.extend([0] * len(new))
        found.kind.extend(bytes(len(new)))
        for lot, party, location, kind, product, code in self.ahead.met(new):
            place = found.place[lot]
            found.kind[place] = _NUMBER[kind]
            found.held_by[place] = self._number((party, location))
            if code is not None:
                self._note_code(lot, kind, product, code)

    def _number(self, place: tuple[str, str]) -> int:
        number = self._numbers.get(place)
        if number is None:
            number = self._numbers[place] = len(self.found.holders)
            self.found.holders.append(place)
        return number

    def _note_code(self, lot: int, kind: str, product: str | None, code: str) -> None:
        if kind == LotKind.POOL:
            assert product is not None
            self.found.pools[lot] = (product, date.fromisoformat(code).toordinal())
        elif "/" not in code:
            # The node of a process, not that of a line whose goods got new codes.
            self.found.makings.add(lot)
