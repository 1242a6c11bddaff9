"""Free ports on this machine, remembered so that a second start finds the same addresses."""

from __future__ import annotations

import errno
import json
import random
import socket
import threading
from pathlib import Path

from foodtrace_deploy.stack import claims
from foodtrace_deploy.stack.problem import StackProblem

HOST = "127.0.0.1"
#: Where a port is sought: below those that Linux and macOS give to outgoing connections, any of
#: which might take the place of a server that is being started again.
SEARCHED = range(20_000, 32_768)
_CHANCE = random.SystemRandom()


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


def claim_any(host: str = HOST) -> int:
    """A free port, chosen by chance and claimed for this process."""
    while True:
        port = _CHANCE.choice(SEARCHED)
        if _is_ours_to_use(port, host):
            return port


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
        self._claimed: set[int] = set()
        self._lock = threading.Lock()

    def take(
        self, name: str, wish: int | None = None, *, preferred: int | None = None, host: str = HOST
    ) -> int:
        """A port for this part: the wish, else the one of last time, else a free one.

        It is claimed until `release`, so that no other stack chooses it meanwhile. A wish that is
        taken is the user's to resolve: StackProblem `port-in-use`. `preferred` is tried before a
        random one. Threads may ask at the same time.
        """
        with self._lock:
            if wish is not None:
                if not _is_ours_to_use(wish, host):
                    raise StackProblem("port-in-use", port=wish, part=name)
                return self._keep(name, wish)
            for port in (self._by_name.get(name), preferred):
                if port is not None and _is_ours_to_use(port, host):
                    return self._keep(name, port)
            return self._keep(name, claim_any(host))

    def release(self) -> None:
        """Let others choose the ports that were taken here."""
        with self._lock:
            claims.release(self._claimed)
            self._claimed.clear()

    def _keep(self, name: str, port: int) -> int:
        self._claimed.add(port)
        self._by_name[name] = port
        self._file.write_text(json.dumps(self._by_name, indent=2) + "\n")
        return port


def _is_ours_to_use(port: int, host: str) -> bool:
    if not claims.claim(port):
        return False
    try:
        free = is_free(port, host)
    except OSError:
        claims.release([port])
        raise
    if not free:
        claims.release([port])
    return free
