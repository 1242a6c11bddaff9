"""The registry's own dialect: Confluent's media type, error bodies and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import Request, Response

from foodtrace.problems import FoodtraceError
from foodtrace_api.web.language import sendable
from foodtrace_api.web.problem import retry_after, status_of

PREFIX = "/registry"
MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"

# Confluent's numbers begin with the HTTP status; clients look at both.
_NUMBERS: Mapping[str, int] = {
    "registry.subject-unknown": 40401,
    "registry.version-unknown": 40402,
    "registry.schema-unknown": 40403,
    "registry.level-unknown": 40408,
    "registry.incompatible": 409,
    "registry.invalid-schema": 42201,
    "registry.invalid-subject": 42208,
    "registry.invalid-version": 42202,
    "registry.invalid-level": 42203,
    "request.invalid": 42200,
    "auth.missing": 40101,
    "auth.unknown": 40101,
    "auth.forbidden": 40301,
    "ledger.away": 50301,
    "push.bus-away": 50302,
    "push.bus-full": 50303,
    "ledger.disk-full": 50304,
    "server.failed": 50001,
}


def is_registry(request: Request) -> bool:
    """Whether a request speaks to the registry."""
    path = request.url.path
    return path == PREFIX or path.startswith(PREFIX + "/")


def said(shape: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in the registry's media type."""
    return Response(
        msgspec.json.encode(shape),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def error_said(error: FoodtraceError) -> Response:
    """Confluent's error body."""
    number = _NUMBERS.get(error.code, int(status_of(error.code)))
    status = number if number < 1000 else number // 100
    text = f"{error.text.en}: {error.detail}" if error.detail else error.text.en
    headers = {"Cache-Control": "no-store"} | retry_after(error.code)
    if status == 401:
        headers["WWW-Authenticate"] = 'Basic realm="foodtrace"'
    return said({"error_code": number, "message": sendable(text)}, status, headers)
