"""When to ask again, and how long to wait before it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import sleep

import httpx

#: The server says "not now" before it has done anything.
BUSY = frozenset({429, 503})
#: Something between us and the server says so, and it can't know what was done.
BETWEEN = frozenset({502, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how patiently a request is sent again.

    `attempts` counts the first one too. The pause doubles from `first_pause_s` up to
    `longest_pause_s`; a `Retry-After` of the server comes before it, within `longest_pause_s`.
    """

    attempts: int = 6
    first_pause_s: float = 0.2
    longest_pause_s: float = 10.0
    pause: Callable[[float], None] = sleep

    def wait(self, attempt: int, retry_after: str | None) -> None:
        """Pause after the `attempt`-th try (from 1) failed."""
        self.pause(self.seconds(attempt, seconds_of(retry_after)))

    def seconds(self, attempt: int, asked_s: float | None = None) -> float:
        """How long to wait after the `attempt`-th try failed; `asked_s` is the server's wish."""
        if asked_s is None:
            # No number of attempts may overflow: the spool tries for days.
            asked_s = self.first_pause_s * 2 ** min(attempt - 1, 30)
        return min(asked_s, self.longest_pause_s)


def seconds_of(retry_after: str | None) -> float | None:
    """The seconds of a `Retry-After`; None where it is missing or a date."""
    if retry_after is None or not retry_after.strip().isdigit():
        return None
    return float(retry_after)


def is_busy(status: int, repeatable: bool) -> bool:
    """Whether a status says "not now"; every other one is an answer."""
    return status in BUSY or (repeatable and status in BETWEEN)


def is_passing(failure: httpx.TransportError, repeatable: bool) -> bool:
    """Whether a failure below HTTP may pass by itself: nobody there, cut off or too slow.

    A request that was cut off may have been carried out, so only a `repeatable` one goes out again:
    reading changes nothing, and an event is known by its id.
    """
    if isinstance(failure, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        return True
    cut = httpx.NetworkError | httpx.TimeoutException | httpx.RemoteProtocolError
    return repeatable and isinstance(failure, cut)
