"""Free ports on this machine, remembered so that a second start finds the same addresses."""

from __future__ import annotations

import errno
import json
import socket
import threading
from pathlib import Path

from foodtrace_deploy.stack.problem import StackProblem

HOST = "127.0.0.1"


def is_free(port: int, host: str = HOST) -> bool:
    """Whether a server could listen there now; PermissionError passes for low ports."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as candidate:
        # A port whose last connections still fade away is free for a server.
        candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            candidate.bind((host, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EADDRNOTAVAIL):
                return False
            raise
    return True


class Ports:
    """The ports of one data folder by name, kept in a file of it."""

    def __init__(self, file: Path) -> None:
        """Read what was used before; a file that can't be read counts as empty."""
        self._file = file
        self._by_name: dict[str, int] = {}
        if file.exists():
            try:
                self._by_name = {str(k): int(v) for k, v in json.loads(file.read_text()).items()}
            except (ValueError, AttributeError):
                self._by_name = {}
        self._given: set[int] = set()
        self._lock = threading.Lock()

    def take(
        self, name: str, wish: int | None = None, *, preferred: int | None = None, host: str = HOST
    ) -> int:
        """A port for this part: the wish, else the one of last time, else a free one.

        A wish that is taken is the user's to resolve: StackProblem `port-in-use`. `preferred` is
        tried before a random one. Threads may ask at the same time.
        """
        with self._lock:
            if wish is not None:
                if not is_free(wish, host):
                    raise StackProblem("port-in-use", port=wish, part=name)
                return self._keep(name, wish)
            for port in (self._by_name.get(name), preferred):
                if port is not None and port not in self._given and is_free(port, host):
                    return self._keep(name, port)
            return self._keep(name, self._free(host))

    def _free(self, host: str) -> int:
        while True:
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as candidate:
                candidate.bind((host, 0))
                port = int(candidate.getsockname()[1])
            if port not in self._given:
                return port

    def _keep(self, name: str, port: int) -> int:
        self._given.add(port)
        self._by_name[name] = port
        self._file.write_text(json.dumps(self._by_name, indent=2) + "\n")
        return port
