"""Counts and times every request by its route's template, and logs the slow and the failed."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from foodtrace_ops.metrics import counter, histogram

log = structlog.get_logger(__name__)

_SLOW_S = 1.0


class Counting:
    """ASGI middleware; pure, since Starlette's BaseHTTPMiddleware costs a task a request."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app
        self._requests = counter("foodtrace_http_requests_total")
        self._seconds = histogram("foodtrace_http_request_seconds")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the request and count it by the status that went out."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        status = 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            self._count(scope, status, perf_counter() - began)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        # Never the path itself: codes in it would make a series each.
        route: Any = scope.get("route")
        template = getattr(route, "path", "none")
        method = scope["method"]
        self._requests.labels(method, template, str(status)).inc()
        self._seconds.labels(method, template).observe(seconds)
        if status >= 500 or seconds > _SLOW_S:
            log.info(
                "request.slow" if status < 500 else "request.failed",
                method=method,
                route=template,
                status=status,
                seconds=round(seconds, 3),
            )
