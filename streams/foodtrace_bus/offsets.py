"""How far the logs reach: what an answer needs to say how many events are in flight."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from foodtrace_bus.access import Access
from foodtrace_bus.cluster import Cluster, Offsets, Unknown
from foodtrace_bus.errors import TopicMissing


class EndOffsets:
    """End offsets of some topics, asked at most once at a time however many threads want them.

    Every caller gets an answer that was asked for after it called, so what was acknowledged before
    the call is never missing from it. Read the ledger's position first and this after: then events
    in flight are counted rather high than low.
    """

    def __init__(self, cluster: Cluster, topics: Iterable[str]) -> None:
        """`cluster` stays the caller's to close."""
        self._cluster = cluster
        self._topics = tuple(sorted(set(topics)))
        self._turn = threading.Condition()
        self._asked = 0
        self._answered = 0
        self._busy = False
        self._answer: Offsets | Unknown = {}

    def now(self) -> Offsets | Unknown:
        """Offset of the next record of each (topic, partition), or "unknown" (memory broker).

        Blocking, some milliseconds. Raises TopicMissing, or BusAway when no broker answers.
        """
        with self._turn:
            mine = self._asked + 1
            while self._busy and self._answered < mine:
                self._turn.wait()
            if self._answered >= mine:
                return self._answer
            self._busy = True
            self._asked = number = self._asked + 1
        try:
            answer = end_offsets(self._cluster, self._topics)
        except BaseException:
            self._done(None, None)
            raise
        self._done(number, answer)
        return answer

    def _done(self, number: int | None, answer: Offsets | Unknown | None) -> None:
        with self._turn:
            self._busy = False
            if number is not None and answer is not None:
                self._answered, self._answer = number, answer
            self._turn.notify_all()


def end_offsets(cluster: Cluster | Access | str, topics: Iterable[str]) -> Offsets | Unknown:
    """End offset of every partition of the topics; "unknown" on the memory broker.

    With an access or an address instead of a cluster it connects for this one call. Raises TopicMissing
    when a topic isn't there.
    """
    if isinstance(cluster, Access | str):
        with Cluster(cluster) as own:
            return end_offsets(own, topics)
    wanted = sorted(set(topics))
    logs = cluster.logs(wanted)
    missing = [topic for topic in wanted if topic not in logs]
    if missing:
        raise TopicMissing(", ".join(missing))
    return cluster.ends(
        (log.topic, number) for log in logs.values() for number in range(log.partitions)
    )
