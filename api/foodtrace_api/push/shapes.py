"""What a push answers: sums, the `after` token, and one answer for each event, in their order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from foodtrace.problems import FoodtraceError
from foodtrace_api.web.language import sendable
from foodtrace_schemas.json_form import Refused


class Status(StrEnum):
    """What became of an event.

    accepted: stored by all in-sync brokers. duplicate: already in the ledger, or earlier in this
    call. refused: nothing was stored. failed: not known to be stored; send it again, it can't
    count twice.
    """

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """One of several things that are wrong with an event."""

    code: str
    path: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAnswer:
    """The answer for the event at `index` (from 0); code, path and texts where it isn't in.

    They are those of the first problem; `problems` lists all where there are several.
    """

    index: int
    status: Status
    event_id: UUID | None = None
    code: str | None = None
    path: str | None = None
    detail: str | None = None
    zh: str | None = None
    en: str | None = None
    problems: list[FieldProblem] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PushAnswer:
    """Sums over `answers`; hand `after` to any question as ?after= to have this push counted in."""

    received: int
    accepted: int
    duplicate: int
    refused: int
    failed: int
    after: str
    answers: list[EventAnswer]


def not_in(
    index: int, error: FoodtraceError, status: Status, event_id: UUID | None = None
) -> EventAnswer:
    """The answer for an event that was refused or failed."""
    return EventAnswer(
        index=index,
        status=status,
        event_id=event_id,
        code=error.code,
        path=sendable(error.path) or None,
        detail=sendable(error.detail) or None,
        zh=error.text.zh,
        en=error.text.en,
        problems=_all_of(error),
    )


def _all_of(error: FoodtraceError) -> list[FieldProblem] | None:
    if not isinstance(error, Refused) or len(error.problems) < 2:
        return None
    return [
        FieldProblem(code=each.code, path=sendable(each.path), detail=sendable(each.detail))
        for each in error.problems
    ]
