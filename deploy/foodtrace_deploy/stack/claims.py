"""Which ports the stacks of this machine have chosen, also before anybody listens at them.

Between the choice of a port and the moment a server listens there lie seconds, in which another
stack would find it free as well. So each port has a byte in a file that all stacks of a user share;
who claims a port locks its byte. The lock goes with the process, however that ends.
"""

from __future__ import annotations

import errno
import fcntl
import os
import tempfile
import threading
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_guard = threading.Lock()
#: Claims of this process: the system doesn't tell its threads apart.
_ours: set[int] = set()


def claim(port: int) -> bool:
    """Claim a port for this process until `release`; False if somebody else has claimed it."""
    with _guard:
        if port in _ours or not _lock(port):
            return False
        _ours.add(port)
        return True


def release(ports: Iterable[int]) -> None:
    """Let others claim these ports."""
    with _guard:
        for port in _ours.intersection(ports):
            fcntl.lockf(_file(), fcntl.LOCK_UN, 1, port)
            _ours.discard(port)


def _lock(port: int) -> bool:
    try:
        fcntl.lockf(_file(), fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EAGAIN):
            return False
        raise
    return True


@cache
def _file() -> int:
    # Never closed: with any closing of this file a process loses all its locks on it.
    path = Path(tempfile.gettempdir(), f"foodtrace-ports-{os.getuid()}.lock")
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
