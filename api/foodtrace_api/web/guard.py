"""What no route should have to think of: endless bodies, and NUL in an address."""

from __future__ import annotations

from collections.abc import Collection

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from foodtrace.problems import FoodtraceError, OurFault, TheirFault
from foodtrace_api.registry.dialect import error_said, is_registry
from foodtrace_api.web.load import Load
from foodtrace_api.web.problem import problem_response

#: Bytes of a body at most, where a route doesn't have its own limit: keys, mandates, schemas.
SMALL_BODY = 1024 * 1024
#: Bytes of all such bodies at once, whoever sends them: more are told to come again (503).
SMALL_BODIES = 64 * SMALL_BODY


class Guard:
    """ASGI middleware; `own_limit` are the paths that bound their bodies by themselves."""

    def __init__(self, app: ASGIApp, own_limit: Collection[str] = ()) -> None:
        """Wrap `app`."""
        self._app = app
        self._own_limit = frozenset(own_limit)
        self._small = Load(SMALL_BODIES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request, or say why not."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        fault = _fault(scope, bounded=scope["path"] not in self._own_limit)
        if fault is not None:
            await _answer(scope, receive, send, fault)
        elif scope["path"] in self._own_limit:
            await self._app(scope, receive, send)
        else:
            with self._small.held() as held:
                try:
                    # Before any of it is read: FastAPI calls whatever ends its reading malformed.
                    held.take(_announced(scope))
                except OurFault as busy:
                    await _answer(scope, receive, send, busy)
                    return
                await self._app(scope, _bounded(receive), send)


def _fault(scope: Scope, *, bounded: bool) -> FoodtraceError | None:
    # No text of ours holds NUL, and PostgreSQL takes none.
    if b"%00" in scope.get("raw_path", b"") or b"%00" in scope["query_string"]:
        return TheirFault("text.control-character", "NUL in the address")
    length = dict(scope["headers"]).get(b"content-length", b"")
    if bounded and length.isdigit() and int(length) > SMALL_BODY:
        return TheirFault("push.body-too-large", f"{length.decode()} of {SMALL_BODY} bytes")
    return None


async def _answer(scope: Scope, receive: Receive, send: Send, fault: FoodtraceError) -> None:
    request = Request(scope)
    response = error_said(fault) if is_registry(request) else problem_response(request, fault)
    await response(scope, receive, send)


def _announced(scope: Scope) -> int:
    """The bytes that the body may have; one that doesn't say may have all that is allowed."""
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"")
    if length.isdigit():
        return int(length)
    return SMALL_BODY if b"transfer-encoding" in headers else 0


def _bounded(receive: Receive) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > SMALL_BODY:
            raise TheirFault("push.body-too-large", f"over {SMALL_BODY} bytes")
        return message

    return counted
