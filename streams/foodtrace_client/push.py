"""Handing documents over: batch by batch, a verdict for each, again where that can help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from foodtrace_client.answers import EventAnswer, Pushed, Verdict, read_answer
from foodtrace_client.batches import Batch, Document, batches
from foodtrace_client.errors import Unavailable, error_of, local_problem
from foodtrace_client.line import Line
from foodtrace_client.retry import RetryPolicy

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
    retry: RetryPolicy
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
        """Hand over one batch; what the bus didn't take is sent again alone."""
        verdicts: Counter[Verdict] = Counter()
        waiting = list(range(len(batch.lines)))
        attempt = 0
        while waiting:
            attempt += 1
            answers, after = self._send([batch.lines[place] for place in waiting], after)
            failed = []
            for place, answer in zip(waiting, answers, strict=True):
                if answer.verdict is Verdict.FAILED:
                    failed.append((place, answer))
                    continue
                verdicts[answer.verdict] += 1
                self._tell(replace(answer, position=batch.start + place))
            if failed:
                self._pause(attempt, failed[0][1])
            waiting = [place for place, _ in failed]
        return verdicts, after

    def _pause(self, attempt: int, answer: EventAnswer) -> None:
        if attempt >= self.retry.attempts:
            raise Unavailable(local_problem(answer.code, answer.detail))
        self.retry.wait(attempt, None)

    def _tell(self, answer: EventAnswer) -> None:
        if self.on_answer is not None:
            self.on_answer(answer)

    def _send(self, lines: list[bytes], after: str | None) -> tuple[list[EventAnswer], str | None]:
        body = b"\n".join(lines) + b"\n"
        reply = self.line.ask(
            "POST", EVENTS_PATH, params={"after": after}, body=body, media_type=NDJSON
        )
        answers = _answers(reply, len(lines))
        return answers, reply.get("after") or after


def _answers(reply: Any, expected: int) -> list[EventAnswer]:
    try:
        answers = sorted((read_answer(item) for item in reply["results"]), key=_position)
    except (KeyError, TypeError, ValueError) as error:
        raise error_of(local_problem("api.not-ours", repr(error))) from error
    if [answer.position for answer in answers] != list(range(expected)):
        detail = f"{len(answers)} answers for {expected} events"
        raise error_of(local_problem("api.not-ours", detail))
    return answers


def _position(answer: EventAnswer) -> int:
    return answer.position
