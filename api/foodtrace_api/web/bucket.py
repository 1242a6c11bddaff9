"""A token bucket a client: a burst is fine, a steady flood isn't."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

#: Clients remembered at most; the one not seen for longest is forgotten first.
CLIENTS = 10_000


class Buckets:
    """Buckets of `per_minute` tokens each, refilled evenly; time is handed in, in seconds."""

    def __init__(self, per_minute: int, clients: int = CLIENTS) -> None:
        """Every client starts with a full bucket."""
        self._size = float(per_minute)
        self._rate = per_minute / 60.0
        self._clients = clients
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, client: str, now: float) -> float:
        """Take a token; the answer is 0, or the seconds until there is one again."""
        with self._lock:
            tokens, since = self._buckets.pop(client, (self._size, now))
            tokens = min(self._size, tokens + max(0.0, now - since) * self._rate)
            allowed = tokens >= 1.0
            self._buckets[client] = (tokens - 1.0 if allowed else tokens, now)
            while len(self._buckets) > self._clients:
                self._buckets.popitem(last=False)
        return 0.0 if allowed else (1.0 - tokens) / self._rate
