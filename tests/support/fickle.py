"""A real HTTP server that takes events as a door does, and fails as a test wants it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

#: Faults of one request: nothing is taken and the line is cut, all is taken and the line is cut, the
#: door says "not now" or "I don't know you".
LOST, UNHEARD, BUSY, DENIED = "lost", "unheard", "busy", "denied"
#: Or the bus fails for those at these places of the request; all others come in.
Fault = str | frozenset[int]


class FickleDoor:
    """Knows what came in (`known`) and what it was answered for, each by `source_event_id`.

    `faults` are those of the next requests; afterwards it is well. Documents of `refused` are never
    taken. `answered` are the documents, in order, of which the one who asked knows what became.
    """

    def __init__(self, refused: frozenset[str]) -> None:
        """It is well and knows nothing."""
        self.refused = refused
        self.faults: list[Fault] = []
        self.known: list[str] = []
        self.answered: list[str] = []

    def hear(self, documents: Sequence[str]) -> tuple[int, Any] | None:
        """Status and body of the answer to one request; None cuts the line."""
        fault = self.faults.pop(0) if self.faults else frozenset[int]()
        if fault in (BUSY, DENIED):
            code = {BUSY: "push.bus-away", DENIED: "auth.unknown"}[str(fault)]
            return {BUSY: 503, DENIED: 401}[str(fault)], {"code": code}
        if fault == LOST:
            return None
        failing = fault if isinstance(fault, frozenset) else frozenset()
        answers = [
            {"index": place, "status": "failed" if place in failing else self._take(document)}
            for place, document in enumerate(documents)
        ]
        if fault == UNHEARD:
            return None
        first = min((place for place in failing if place < len(documents)), default=len(documents))
        self.answered += documents[:first]
        status = 200 if first == len(documents) else 503
        return status, {"answers": answers, "code": "push.bus-away"}

    def _take(self, document: str) -> str:
        if document in self.refused:
            return "refused"
        if document in self.known:
            return "duplicate"
        self.known.append(document)
        return "accepted"


def settle(address: str) -> None:
    """Return once the server is through with every request made before, also of who is dead now."""
    line = HTTPConnection(address.removeprefix("http://"), timeout=60)
    try:
        line.request("GET", "/")
        assert line.getresponse().status == 204
    finally:
        line.close()


@contextmanager
def listening(door: FickleDoor) -> Iterator[str]:
    """The address of the door's server."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            documents = [json.loads(line) for line in body.splitlines()]
            told = door.hear([each["envelope"]["source_event_id"] for each in documents])
            if told is None:
                return
            data = json.dumps(told[1]).encode()
            self.send_response(told[0])
            self.send_header("Retry-After", "0")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_GET(self) -> None:
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_parts: object) -> None:
            """Say nothing."""

    # One request after another, so that `settle` comes after all that came before it.
    class Server(HTTPServer):
        def handle_error(self, *_told: object) -> None:
            """Whoever asked was killed meanwhile; a wrong answer shows in what comes in."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
