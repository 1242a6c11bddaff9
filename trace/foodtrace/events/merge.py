"""Merge (主体合并): two ids turn out to be one party, or one firm goes on as another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from foodtrace import effects as facts
from foodtrace.codes import canonical
from foodtrace.effects import Effects
from foodtrace.events.envelope import Envelope
from foodtrace.events.side import Side
from foodtrace.problems import InvalidValue
from foodtrace.text import CODE_LIMIT, checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """`party` goes on as `into` from the day `merged_on`. No lot gets another key by it: the lots
    of both are the same goods to every walk."""

    kind: ClassVar[str] = "merge"

    envelope: Envelope
    party: str
    into: str
    merged_on: date

    def __post_init__(self) -> None:
        """Raise InvalidValue for ids that can't be, or a merge into itself."""
        checked(self.party, "party", CODE_LIMIT)
        checked(self.into, "into", CODE_LIMIT)
        if canonical(self.party) == canonical(self.into):
            raise InvalidValue("merge.into-itself", self.party, "into")

    @property
    def speakers(self) -> tuple[Side, ...]:
        """In whose name the document may be reported: either party's."""
        return (Side(party=self.party), Side(party=self.into))

    def effects(self) -> Effects:
        """The two are one party."""
        merge = facts.Merge(0, canonical(self.party), canonical(self.into), self.merged_on)
        return Effects(merges=(merge,))
