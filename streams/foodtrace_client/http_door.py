"""The way over HTTP: POST /v1/events, which answers once all in-sync brokers have the events."""

from __future__ import annotations

from collections.abc import Sequence
from json import loads
from typing import Any

import httpx

from foodtrace_client.answers import EventAnswer, Verdict, read_answer
from foodtrace_client.client import connection
from foodtrace_client.doors import Told
from foodtrace_client.errors import Problem, local_problem, read_problem
from foodtrace_client.push import EVENTS_PATH, NDJSON
from foodtrace_client.retry import seconds_of

#: The door takes the same events in smaller portions; one alone it never takes.
_TOO_MUCH = frozenset({"push.too-many-events", "push.body-too-large"})


class HttpDoor:
    """Hands documents over to the API at `base_url` with a key that may report under the source."""

    def __init__(
        self,
        base_url: str,
        key: str | None = None,
        *,
        timeout_s: float = 60.0,
        http: httpx.Client | None = None,
        follow: bool = False,
    ) -> None:
        """Remember where the API is; `http` replaces the connection, as in `Client`.

        With `follow`, `after` is the token of everything this door got in: hand it to a question,
        which then waits until the ledger has all of it.
        """
        self._http = http or connection(base_url, timeout_s)
        self.after: str | None = None
        self._follow = follow
        if key is not None:
            self._http.headers["Authorization"] = f"Bearer {key}"

    def hand_over(self, documents: Sequence[bytes]) -> Told:
        """As `Door.hand_over`; a request the API finds too large is sent in halves."""
        portion = documents
        while True:
            try:
                response = self._post(portion)
            except httpx.RequestError as error:
                detail = f"{self._http.base_url}: {error or type(error).__name__}"
                return Told(problem=local_problem("api.unreachable", detail))
            body = _json(response)
            if isinstance(body, dict) and "answers" in body:
                if self._follow:
                    self.after = body.get("after") or self.after
                return _told(response, body, len(portion))
            problem = read_problem(response.status_code, body)
            if problem.code not in _TOO_MUCH:
                return Told(problem=problem, wait_s=_wait(response))
            if len(portion) == 1:
                return Told(answers=(_refused(problem),))
            portion = portion[: len(portion) // 2]

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _post(self, documents: Sequence[bytes]) -> httpx.Response:
        body = b"\n".join(documents) + b"\n"
        # The token of what went before comes back in the next one.
        params = {} if self.after is None else {"after": self.after}
        headers = {"Content-Type": NDJSON}
        return self._http.post(EVENTS_PATH, content=body, params=params, headers=headers)


def _told(response: httpx.Response, body: dict[str, Any], expected: int) -> Told:
    """200, or 503 that says event by event what is in: all up to the first that failed counts."""
    try:
        answers = sorted((read_answer(item) for item in body["answers"]), key=_position)
    except (KeyError, TypeError, ValueError) as error:
        return Told(problem=local_problem("api.not-ours", repr(error)))
    if [answer.position for answer in answers] != list(range(expected)):
        detail = f"{len(answers)} answers for {expected} events"
        return Told(problem=local_problem("api.not-ours", detail))
    known = next(
        (each.position for each in answers if each.verdict is Verdict.FAILED), len(answers)
    )
    if known == expected:
        return Told(answers=tuple(answers))
    problem = (
        local_problem("push.bus-away", answers[known].detail)
        if response.is_success
        else read_problem(response.status_code, body)
    )
    return Told(answers=tuple(answers[:known]), problem=problem, wait_s=_wait(response))


def _refused(problem: Problem) -> EventAnswer:
    return EventAnswer(
        position=0,
        verdict=Verdict.REFUSED,
        code=problem.code,
        path=problem.path,
        detail=problem.detail,
        zh=problem.zh,
        en=problem.en,
    )


def _position(answer: EventAnswer) -> int:
    return answer.position


def _wait(response: httpx.Response) -> float | None:
    return seconds_of(response.headers.get("Retry-After"))


def _json(response: httpx.Response) -> Any:
    try:
        return loads(response.content)
    except ValueError:
        return None
