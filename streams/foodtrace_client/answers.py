"""What a push comes back with: a verdict for each document, and the sum of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from foodtrace.problems import PROBLEMS


class Verdict(StrEnum):
    """What the door did with a document.

    accepted: every in-sync broker has it; duplicate: known to be there already; refused: wrong, send
    it again only after a change. (failed stays inside the client: it sends those again.)
    """

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventAnswer:
    """The door's answer for one document; `position` counts from 0 over the whole push.

    `code`, `path`, `detail` and the two texts are set where it was refused.
    """

    position: int
    verdict: Verdict
    event_id: str | None = None
    code: str = ""
    path: str = ""
    detail: str = ""
    zh: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """The sum of a push. `after` makes a question wait until all of it is in the ledger."""

    events: int = 0
    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    after: str | None = None
    seconds: float = 0.0

    def plus(self, verdicts: Mapping[Verdict, int], after: str | None, seconds: float) -> Pushed:
        """The sum with one more batch; `seconds` since the push began."""
        return Pushed(
            events=self.events + sum(verdicts.values()),
            accepted=self.accepted + verdicts.get(Verdict.ACCEPTED, 0),
            duplicates=self.duplicates + verdicts.get(Verdict.DUPLICATE, 0),
            refused=self.refused + verdicts.get(Verdict.REFUSED, 0),
            after=after or self.after,
            seconds=seconds,
        )


def read_answer(item: Mapping[str, Any]) -> EventAnswer:
    """An answer of the door, its position counted within the request.

    Raises KeyError, TypeError or ValueError for something that isn't one.
    """
    code = str(item.get("code") or "")
    known = PROBLEMS.get(code)
    return EventAnswer(
        position=int(item["index"]),
        verdict=Verdict(item["status"]),
        event_id=item.get("event_id"),
        code=code,
        path=str(item.get("path") or ""),
        detail=str(item.get("detail") or ""),
        zh=str(item.get("zh") or (known.zh if known else "")),
        en=str(item.get("en") or (known.en if known else "")),
    )
