"""The worker's own small door: /metrics, /healthz and /readyz, from a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

_TEXT = "text/plain; charset=utf-8"


def serve(
    port: int,
    is_ready: Callable[[], bool],
    host: str = "127.0.0.1",
    troubles: Callable[[], Sequence[str]] = tuple,
) -> ThreadingHTTPServer:
    """Answer on `host` until the process ends; raises OSError when the port is in use.

    `troubles` are the lines that /readyz adds: what holds up which partition. They don't make the
    worker unready, since a restart wouldn't mend them.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, CONTENT_TYPE_LATEST, generate_latest())
            elif self.path == "/healthz":
                self._answer(200, _TEXT, b"alive\n")
            elif self.path == "/readyz":
                ready = is_ready()
                lines = ["ready" if ready else "not yet", *troubles()]
                body = "".join(f"{line}\n" for line in lines).encode()
                self._answer(200 if ready else 503, _TEXT, body)
            else:
                self._answer(404, _TEXT, b"no such page\n")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: a scrape every few seconds is no news."""

    server = ThreadingHTTPServer((host, port), Handler)
    threading.Thread(target=server.serve_forever, name="worker-http", daemon=True).start()
    return server
