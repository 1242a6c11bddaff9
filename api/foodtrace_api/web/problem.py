"""Problem documents (RFC 9457): the one place where blame becomes a status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import Request, Response

from foodtrace.problems import PROBLEMS, Blame, FoodtraceError
from foodtrace_api.web.language import Language, preferred, sendable, title

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "/problems/"

_BY_BLAME: Mapping[Blame, HTTPStatus] = {
    Blame.THEIRS: HTTPStatus.BAD_REQUEST,
    Blame.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Blame.CONFLICT: HTTPStatus.CONFLICT,
    Blame.OURS: HTTPStatus.INTERNAL_SERVER_ERROR,
}
# Where HTTP has a more telling word than the blame's.
_BY_CODE: Mapping[str, HTTPStatus] = {
    "auth.missing": HTTPStatus.UNAUTHORIZED,
    "auth.unknown": HTTPStatus.UNAUTHORIZED,
    "auth.forbidden": HTTPStatus.FORBIDDEN,
    "request.too-many": HTTPStatus.TOO_MANY_REQUESTS,
    "request.wrong-method": HTTPStatus.METHOD_NOT_ALLOWED,
    "request.wrong-media-type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "push.body-too-large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "push.too-many-events": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "push.bus-away": HTTPStatus.SERVICE_UNAVAILABLE,
    "push.bus-full": HTTPStatus.SERVICE_UNAVAILABLE,
    "push.busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "ledger.away": HTTPStatus.SERVICE_UNAVAILABLE,
    "ledger.disk-full": HTTPStatus.SERVICE_UNAVAILABLE,
    "registry.not-ready": HTTPStatus.SERVICE_UNAVAILABLE,
    "evidence.not-yet": HTTPStatus.SERVICE_UNAVAILABLE,
    "answer.not-yet": HTTPStatus.GATEWAY_TIMEOUT,
}
#: Seconds after which a passing problem is worth another try.
RETRY_AFTER = 2
#: The same where somebody has to act first.
RETRY_AFTER_MENDED = 30
_PASSING = frozenset(
    (
        *("push.bus-away", "push.busy", "ledger.away", "registry.not-ready", "answer.not-yet"),
        *("request.too-many", "evidence.not-yet"),
    )
)
_TO_BE_MENDED = frozenset(("push.bus-full", "ledger.disk-full"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem document: `code` and `path` say which problem of which field it is.

    `type` resolves, relative to the server, to the problem's meaning. `title` is in the language
    asked for; `zh` and `en` are both, for those who log for others.
    """

    type: str
    title: str
    status: int
    code: str
    zh: str
    en: str
    detail: str = ""
    path: str = ""
    instance: str = ""


def status_of(code: str) -> HTTPStatus:
    """The status of a code; raises KeyError for one that isn't in the table."""
    return _BY_CODE.get(code) or _BY_BLAME[PROBLEMS[code].blame]


def problem(error: FoodtraceError, language: Language, instance: str = "") -> Problem:
    """The document of an error."""
    return Problem(
        type=TYPE_BASE + error.code,
        title=title(error.text, language),
        status=int(status_of(error.code)),
        code=error.code,
        zh=error.text.zh,
        en=error.text.en,
        detail=sendable(error.detail),
        path=sendable(error.path),
        instance=instance,
    )


def problem_response(
    request: Request, error: FoodtraceError, extra: Mapping[str, Any] | None = None
) -> Response:
    """The answer to a request that failed; `extra` adds members such as completeness."""
    language = preferred(request.headers.get("accept-language"))
    document = problem(error, language, request.url.path)
    members = {name: value for name, value in _members(document).items() if value != ""}
    return Response(
        msgspec.json.encode({**members, **(extra or {})}),
        status_code=document.status,
        media_type=MEDIA_TYPE,
        headers=_headers(error.code, language),
    )


def retry_after(code: str) -> dict[str, str]:
    """The header that says when to come again, for a problem that passes."""
    if code in _TO_BE_MENDED:
        return {"Retry-After": str(RETRY_AFTER_MENDED)}
    return {"Retry-After": str(RETRY_AFTER)} if code in _PASSING else {}


def _members(document: Problem) -> dict[str, Any]:
    return {name: getattr(document, name) for name in Problem.__slots__}


def _headers(code: str, language: Language) -> dict[str, str]:
    headers = {"Content-Language": language, "Cache-Control": "no-store"}
    headers |= retry_after(code)
    if code in ("auth.missing", "auth.unknown"):
        headers["WWW-Authenticate"] = 'Bearer realm="foodtrace"'
    return headers


class ProblemWith(Exception):
    """A problem whose document has more members, such as what the answer doesn't know."""

    def __init__(self, error: FoodtraceError, extra: Mapping[str, Any]) -> None:
        """Carry the error and the members by name."""
        super().__init__(str(error))
        self.error = error
        self.extra = extra


#: For the documentation: what every route may answer instead.
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "Refused: a problem document (RFC 9457) with `code` and `path`",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
    "5XX": {
        "description": "Not now: a problem document; Retry-After where waiting helps",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    },
}
