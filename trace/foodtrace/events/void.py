"""Void (作废): an event or one line of it is declared not to hold; the original stays."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from foodtrace.effects import Effects, VoidFact
from foodtrace.events.envelope import Envelope
from foodtrace.events.side import Side
from foodtrace.problems import InvalidValue

# The source whose voids count for the events of every source.
OPS_SOURCE = "ops"


class VoidReason(StrEnum):
    """Why; the values of EPCIS 2.0 error declarations."""

    DID_NOT_OCCUR = "did_not_occur"
    INCORRECT_DATA = "incorrect_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """Names an event, or one line of it, and the events that correct it.

    It counts only from the source of the event or from ops, which the fold decides: the void may
    come first.
    """

    kind: ClassVar[str] = "void"

    envelope: Envelope
    target_event_id: UUID
    target_line: int | None = None
    reason: VoidReason
    corrective_event_ids: tuple[UUID, ...] = ()

    def __post_init__(self) -> None:
        """Raise InvalidValue for a void of itself or of a line that can't be."""
        if self.target_event_id == self.envelope.event_id:
            raise InvalidValue("event.itself", "", "target_event_id")
        if self.target_line is not None and not 1 <= self.target_line < 2**31:
            raise InvalidValue("quantity.too-large", str(self.target_line), "target_line")

    @property
    def speakers(self) -> tuple[Side, ...]:
        """A void speaks for its source alone."""
        return ()

    def effects(self) -> Effects:
        """The target, whole (line 0) or one line of it, is void."""
        return Effects(voids=(VoidFact(0, self.target_event_id, self.target_line or 0),))
