"""Handing documents over: batch by batch, a verdict for each, again where that can help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from foodtrace_client.answers import EventAnswer, Pushed, Verdict, read_answer
from foodtrace_client.batches import Batch, Document, batches
from foodtrace_client.errors import error_of, local_problem
from foodtrace_client.line import Line

EVENTS_PATH = "/v1/events"
NDJSON = "application/x-ndjson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much goes into one request."""

    events: int
    size: int


@dataclass(frozen=True, slots=True)
class Pusher:
    """Pushes over `line`; `on_answer` hears every final verdict, `on_progress` the sum so far."""

    line: Line
    on_answer: Callable[[EventAnswer], None] | None = None
    on_progress: Callable[[Pushed], None] | None = None

    def push(self, documents: Iterable[Document], limits: Limits) -> Pushed:
        """Push all documents in their order; raises `Unavailable` when a batch can't be stored."""
        began = monotonic()
        total = Pushed()
        for batch in batches(documents, limits.events, limits.size):
            verdicts, after = self._push_batch(batch, total.after)
            total = total.plus(verdicts, after, monotonic() - began)
            if self.on_progress is not None:
                self.on_progress(total)
        return total

    def _push_batch(self, batch: Batch, after: str | None) -> tuple[Counter[Verdict], str | None]:
        """Hand over one batch; a door without a bus says 503, and the line sends it again."""
        reply = self.line.ask(
            "POST",
            EVENTS_PATH,
            params={"after": after},
            body=b"\n".join(batch.lines) + b"\n",
            media_type=NDJSON,
        )
        verdicts: Counter[Verdict] = Counter()
        for answer in _answers(reply, len(batch.lines)):
            verdicts[answer.verdict] += 1
            if self.on_answer is not None:
                self.on_answer(replace(answer, position=batch.start + answer.position))
        return verdicts, reply.get("after") or after


def _answers(reply: Any, expected: int) -> list[EventAnswer]:
    try:
        answers = sorted((read_answer(item) for item in reply["answers"]), key=_position)
    except (KeyError, TypeError, ValueError) as error:
        raise error_of(local_problem("api.not-ours", repr(error))) from error
    if any(answer.verdict is Verdict.FAILED for answer in answers):
        raise error_of(local_problem("push.bus-away", ""))
    if [answer.position for answer in answers] != list(range(expected)):
        detail = f"{len(answers)} answers for {expected} events"
        raise error_of(local_problem("api.not-ours", detail))
    return answers


def _position(answer: EventAnswer) -> int:
    return answer.position
