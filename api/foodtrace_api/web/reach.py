"""How far the logs reach, for what is in flight and for lag: outside topics come and go."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

from foodtrace.problems import OurFault
from foodtrace_bus.cluster import UNKNOWN, Cluster, Offsets, Unknown
from foodtrace_bus.offsets import EndOffsets
from foodtrace_schemas.topics import OUTSIDE, ledger_topics, outside_topics

#: Seconds for which the list of outside topics is taken as read.
TOPICS_S = 10.0


class Reach:
    """End offsets of the ledger's topics and of all outside topics; safe to share."""

    def __init__(self, cluster: Cluster, prefix: str, clock: Callable[[], float]) -> None:
        """`clock` gives seconds that never go back; `cluster` stays the caller's to close."""
        self._cluster = cluster
        self._prefix = prefix
        self._clock = clock
        self._lock = Lock()
        self._looked = float("-inf")
        self._topics: tuple[str, ...] = ()
        self._ends: EndOffsets | None = None

    def now(self) -> Offsets | Unknown:
        """The end of each partition, "unknown" where no broker can tell it just now."""
        try:
            return self._current().now()
        except OurFault:
            return UNKNOWN

    def _current(self) -> EndOffsets:
        with self._lock:
            if self._ends is None or self._clock() - self._looked > TOPICS_S:
                named = self._cluster.topics(self._prefix + OUTSIDE)
                topics = (*ledger_topics(self._prefix), *outside_topics(named, self._prefix))
                if self._ends is None or topics != self._topics:
                    self._topics = topics
                    self._ends = EndOffsets(self._cluster, topics)
                self._looked = self._clock()
            return self._ends
