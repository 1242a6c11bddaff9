"""The face of a door as the producer kit sees it, whichever way leads to the bus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from foodtrace.problems import FoodtraceError, InvalidValue
from foodtrace_client.answers import EventAnswer, Verdict
from foodtrace_client.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a door answered: a verdict for each of the first documents, in their order.

    They are accepted (all in-sync brokers have it), duplicate or refused. Where not all documents
    have one and nothing more is known of the rest, `problem` says why and `wait_s` how many seconds
    the door asks for; without a problem the rest may be handed over at once.
    """

    answers: tuple[EventAnswer, ...] = ()
    problem: Problem | None = None
    wait_s: float | None = None


class Door(Protocol):
    """A way to the bus; used by one thread at a time."""

    def hand_over(self, documents: Sequence[bytes]) -> Told:
        """Hand documents over and wait until it is known what became of them."""
        ...

    def close(self) -> None:
        """Disconnect."""
        ...


def refusal(position: int, error: InvalidValue, event_id: str | None = None) -> EventAnswer:
    """The answer for a document that is wrong by itself."""
    return EventAnswer(
        position=position,
        verdict=Verdict.REFUSED,
        event_id=event_id,
        code=error.code,
        path=error.path,
        detail=error.detail,
        zh=error.text.zh,
        en=error.text.en,
    )


def problem_of(error: FoodtraceError) -> Problem:
    """A named error of our side as a problem."""
    text = error.text
    return Problem(
        status=503, code=error.code, zh=text.zh, en=text.en, detail=error.detail, path=error.path
    )
