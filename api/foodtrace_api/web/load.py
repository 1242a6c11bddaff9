"""How many bytes of pushes the door has in its hands at once, and where that ends.

Everything else of a push is bounded by it: a body is cut into events without reading them, and only
`PUSHES_AT_ONCE` of them are read and encoded at a time. Behind the door the producer keeps one
batch of 256 KiB a partition, and whoever stores more waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from foodtrace.problems import OurFault
from foodtrace_ops.metrics import gauge


class Held:
    """The bytes of one push."""

    def __init__(self, load: Load) -> None:
        """Nothing yet."""
        self._load = load
        self.bytes = 0

    def take(self, number: int) -> None:
        """Count more of them; raises OurFault `push.busy` when the door would hold too many."""
        self._load.add(number, alone=self._load.bytes == self.bytes)
        self.bytes += number


class Load:
    """The bytes of all bodies of one sort at the door; used on one event loop."""

    def __init__(self, most: int, tell: Callable[[int], None] = lambda _: None) -> None:
        """At most `most` bytes are held, or a single body that is larger; `tell` gets the sum."""
        self._most = most
        self._tell = tell
        self.bytes = 0

    @contextmanager
    def held(self) -> Iterator[Held]:
        """What one push takes is given back at its end."""
        held = Held(self)
        try:
            yield held
        finally:
            self.add(-held.bytes, alone=True)

    def add(self, number: int, *, alone: bool) -> None:
        """Count; one that is alone is never refused, since waiting wouldn't help it."""
        if not alone and self.bytes + number > self._most:
            raise OurFault("push.busy", f"{self.bytes} of {self._most} bytes are being worked on")
        self.bytes += number
        self._tell(self.bytes)


def show_pushes(number: int) -> None:
    """State the bytes of pushes that the door holds."""
    gauge("foodtrace_push_bytes").set(number)
