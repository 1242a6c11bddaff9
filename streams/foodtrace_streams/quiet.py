"""Keeps Kafka's libraries from filling the log while a broker is away.

They repeat themselves about a hundred times a second, so of each sentence of theirs one in ten
seconds is enough; what the worker itself says is never held back.
"""

from __future__ import annotations

import logging
import time

EVERY_S = 10.0
_LIBRARIES = ("aiokafka", "kafka", "faust", "mode")


class OncePerWhile(logging.Filter):
    """Lets a library's sentence through once in a while, whatever its details."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        """`every_s` is the time after which the same sentence is news again, in seconds."""
        super().__init__()
        self._every_s = every_s
        self._next: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log it."""
        if record.name.partition(".")[0] not in _LIBRARIES:
            return True
        key, now = (record.name, str(record.msg)[:80]), time.monotonic()
        if now < self._next.get(key, 0.0):
            return False
        self._next[key] = now + self._every_s
        return True


def quiet() -> None:
    """Hold the libraries back in this process."""
    # It takes a thread that waits for Python's interpreter lock for one that blocks its loop.
    logging.getLogger("kafka.net.selector").setLevel(logging.ERROR)
    for handler in logging.getLogger().handlers:
        handler.addFilter(OncePerWhile())
