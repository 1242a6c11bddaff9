"""What a ledger beside the live one has still to read, so that both have read the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from foodtrace_bus.cluster import UNKNOWN, Cluster
from foodtrace_bus.errors import LogCut, TopicMissing
from foodtrace_bus.logs import ReadUpTo, look, next_offset
from foodtrace_ledger.positions import Position
from foodtrace_schemas.topics import ledger_topics, source_of

Spot = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Offsets `[start, end)` of one partition of one log, for one consumer."""

    consumer: str
    log: str
    topic: str
    partition: int
    start: int
    end: int

    @property
    def size(self) -> int:
        """How many offsets it has."""
        return max(0, self.end - self.start)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reads:
    """Whose positions count: `consumer` for our own topics, `intake` for those of sources."""

    prefix: str
    consumer: str
    intake: str

    @classmethod
    def of(cls, prefix: str, consumer: str) -> Self:
        """Those of workers under a name."""
        return cls(prefix=prefix, consumer=consumer, intake=f"{consumer}.intake")

    def is_outside(self, topic: str) -> bool:
        """Whether it is a source's own topic."""
        return source_of(topic, self.prefix) is not None

    def counting(self, positions: Iterable[Position]) -> list[Position]:
        """Those of our consumers; a consumer of another name reads for another ledger."""
        own = set(ledger_topics(self.prefix))
        return [
            row
            for row in positions
            if row.consumer == (self.intake if self.is_outside(row.topic) else self.consumer)
            and (row.topic in own or self.is_outside(row.topic))
        ]


def gone(cluster: Cluster, reads: Reads, live: Iterable[Position]) -> list[str]:
    """Outside topics that were read once and are no more; raises TopicMissing for one of ours."""
    topics = {row.topic for row in live}
    missing = sorted(topics - set(cluster.logs(topics)))
    ours = [topic for topic in missing if not reads.is_outside(topic)]
    if ours:
        raise TopicMissing(", ".join(ours))
    return missing


def between(begun: Iterable[Position], live: Iterable[Position]) -> list[Range]:
    """From where one ledger is to where the live one is, the longest first."""
    at = {(row.topic, row.partition): row.next_offset for row in begun}
    ranges = [
        Range(
            consumer=row.consumer,
            log=row.log,
            topic=row.topic,
            partition=row.partition,
            start=at.get((row.topic, row.partition), 0),
            end=row.next_offset,
        )
        for row in live
    ]
    return sorted((one for one in ranges if one.size), key=lambda one: -one.size)


def ahead(begun: Iterable[Position], live: Iterable[Position]) -> list[Spot]:
    """Partitions in which a ledger is beyond the live one, or has read another log."""
    at = {(row.topic, row.partition): row for row in live}
    return [
        (row.topic, row.partition)
        for row in begun
        if (known := at.get((row.topic, row.partition))) is None
        or known.next_offset < row.next_offset
        or known.log != row.log
    ]


def verify(cluster: Cluster, ranges: Iterable[Range], live: Iterable[Position], log: str) -> None:
    """Raise the named error of a log that isn't the one the live ledger read, or begins too late."""
    wanted = list(ranges)
    if not wanted:
        return
    state = look(cluster, [(one.topic, one.partition) for one in wanted], log)
    known: Mapping[Spot, Position] = {(row.topic, row.partition): row for row in live}
    for one in wanted:
        spot = (one.topic, one.partition)
        row = known.get(spot)
        read = [] if row is None else [ReadUpTo(log=row.log, next_offset=row.next_offset)]
        if state.begins != UNKNOWN and state.begins[spot] > one.start:
            name = f"{one.topic}[{one.partition}]"
            raise LogCut(f"{name} begins at {state.begins[spot]}, a replay needs {one.start}")
        next_offset(spot, state, read)
