"""Resolution (死信处置): what was done about a record that had been put aside; the letter stays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from foodtrace import effects as facts
from foodtrace.effects import Effects
from foodtrace.events.envelope import SOURCE_EVENT_ID_LIMIT, Envelope
from foodtrace.events.side import Side
from foodtrace.letters import read_letter
from foodtrace.problems import InvalidValue
from foodtrace.text import NOTE_LIMIT, optional


class ResolutionAction(StrEnum):
    """What was done: pushed again as it was, said anew in a corrected event, or left aside."""

    REQUEUED = "requeued"
    FIXED = "fixed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """`letter` is LOG/TOPIC/PARTITION/OFFSET of the record, `actor` the role and the shown part of
    the key that acted. Of several resolutions of one letter the first by append time counts."""

    kind: ClassVar[str] = "resolution"

    envelope: Envelope
    letter: str
    action: ResolutionAction
    reason: str | None = None
    corrected_event_id: UUID | None = None
    actor: str | None = None

    def __post_init__(self) -> None:
        """Raise InvalidValue for a letter that can't be, a dismissal without a reason, and a
        corrected event where there is none or none where there must be one."""
        read_letter(self.letter)
        optional(self.reason, "reason", NOTE_LIMIT)
        optional(self.actor, "actor", SOURCE_EVENT_ID_LIMIT)
        if self.action is ResolutionAction.DISMISSED and self.reason is None:
            raise InvalidValue("dead-letter.no-reason", "", "reason")
        if (self.action is ResolutionAction.FIXED) is (self.corrected_event_id is None):
            raise InvalidValue("dead-letter.corrected-event", self.action, "corrected_event_id")

    @property
    def speakers(self) -> tuple[Side, ...]:
        """It speaks for its source alone."""
        return ()

    def effects(self) -> Effects:
        """The letter is no longer open."""
        place = read_letter(self.letter)
        settled = facts.Resolved(
            0, place, self.action.value, self.reason, self.corrected_event_id, self.actor
        )
        return Effects(resolutions=(settled,))
