"""A real HTTP server that follows a script of answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

CUT = "cut the connection without an answer"
Step = str | tuple[int, Any]


class Script:
    """Answers one after another; keeps what was asked and how long the client paused."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self.steps = list(steps)
        self.asked: list[tuple[str, bytes, dict[str, str]]] = []
        self.pauses: list[float] = []

    def take(self, path: str, body: bytes, headers: dict[str, str]) -> Step:
        self.asked.append((path, body, headers))
        return self.steps.pop(0)


@contextmanager
def answering(script: Script) -> Iterator[str]:
    """The address of the server."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            step = script.take(self.path, body, dict(self.headers))
            if isinstance(step, str):
                return
            status, reply = step
            self.send_response(status)
            if status == 503:
                self.send_header("Retry-After", "3")
            data = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST

        def log_message(self, *_parts: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
