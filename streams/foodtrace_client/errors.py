"""What can come back instead of an answer, as errors that say whose turn it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from foodtrace.problems import PROBLEMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem document (RFC 9457), or the same made here when no answer came.

    `code` is one of `foodtrace.problems.PROBLEMS`, or a newer one that this client doesn't know;
    `zh` and `en` say what it means and what to do, `path` names the field, `candidates` are what an
    ambiguous code may stand for. `completeness` says how far the ledger knows, where "unknown" may
    only mean "not yet".
    """

    status: int
    code: str
    zh: str
    en: str
    detail: str = ""
    path: str = ""
    candidates: Sequence[Mapping[str, Any]] = field(default=())
    completeness: Mapping[str, Any] | None = None


class ApiError(Exception):
    """Base of everything the client raises for an answer that isn't one."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem; the message is its code with the fact at hand."""
        self.problem = problem
        super().__init__(f"{problem.code}: {problem.detail or problem.en}")


class Refused(ApiError):
    """The request is wrong and stays wrong: change it."""


class Denied(ApiError):
    """The key is missing, unknown or of a role that may not do this."""


class NotKnown(ApiError):
    """What was asked for isn't known there."""


class Conflicting(ApiError):
    """It contradicts what stands there, or may mean several things (`problem.candidates`)."""


class Unavailable(ApiError):
    """Nobody there, or not now: the same request may succeed later."""


_BY_STATUS: Mapping[int, type[ApiError]] = {
    401: Denied,
    403: Denied,
    404: NotKnown,
    409: Conflicting,
    429: Unavailable,
}


def error_of(problem: Problem) -> ApiError:
    """The error for a problem, by its status."""
    known = _BY_STATUS.get(problem.status)
    if known is not None:
        return known(problem)
    return Unavailable(problem) if problem.status >= 500 else Refused(problem)


def local_problem(code: str, detail: str) -> Problem:
    """A problem found on this side of the line; `code` must stand in the table."""
    text = PROBLEMS[code]
    return Problem(status=503, code=code, zh=text.zh, en=text.en, detail=detail)


def read_problem(status: int, body: object) -> Problem:
    """The problem of an answer's body; a body that isn't one of ours is `api.not-ours`."""
    if not isinstance(body, Mapping) or not isinstance(body.get("code"), str):
        return local_problem("api.not-ours", f"HTTP {status}")
    code: str = body["code"]
    known = PROBLEMS.get(code)
    title = _text(body, "title")
    known_to = body.get("completeness")
    return Problem(
        status=status,
        code=code,
        zh=_text(body, "zh") or (known.zh if known else title),
        en=_text(body, "en") or (known.en if known else title),
        detail=_text(body, "detail"),
        path=_text(body, "path"),
        candidates=_candidates(body.get("candidates")),
        completeness=known_to if isinstance(known_to, Mapping) else None,
    )


def _text(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _candidates(value: object) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, list):
        return ()
    return tuple(item for item in value if isinstance(item, Mapping))
