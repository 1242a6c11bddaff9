"""A ledger beside the live one, brought to where the live one is."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine

from foodtrace_bus.access import Access
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.reader import Reader
from foodtrace_ledger.positions import Position, read_positions
from foodtrace_ledger.rebuild import beside, letters
from foodtrace_ledger.rebuild.letters import Kept
from foodtrace_schemas.topics import ledger_topics
from foodtrace_streams.replay.crew import Crew
from foodtrace_streams.replay.loader import THREADS, Loader
from foodtrace_streams.replay.news import News
from foodtrace_streams.replay.ranges import Range, Reads, ahead, between, gone, verify

#: The last stretch, for which workers are held, should have no more offsets than this.
SHORT = 2_000
#: How often the live ledger is run after before the last stretch all the same.
ROUNDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Bus:
    """Where the log is, whose positions count, and the log id that stands for all, if one does."""

    access: Access
    cluster: Cluster
    reads: Reads
    log: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    """What the live ledger says at one moment."""

    live: list[Position]
    kept: Kept


class Follower:
    """The ledger in `schema`, which follows the live one.

    `same`: both are of one revision. The positions of another one may have been set back, so the
    ends of our own topics count then.
    """

    def __init__(
        self,
        url: str,
        schema: str,
        live: Engine,
        bus: Bus,
        news: News,
        *,
        same: bool,
        copies: bool,
        crew: Crew | None = None,
    ) -> None:
        """`live` is an engine to the live ledger; it stays the caller's. With a `crew`, what is long
        is loaded by several processes."""
        self.schema = schema
        self._copies = copies
        self._crew = crew
        self.engine = beside.engine_of(url, schema, copies=copies, pool_size=THREADS + 3)
        self.same = same
        self.loaded = 0
        self._live = live
        self._bus = bus
        self._news = news
        self._loader = Loader(self.engine, bus.access, bus.reads)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loader.close()
        self.engine.dispose()

    def can_go_on(self) -> bool:
        """Whether it isn't beyond the live one anywhere, as after the restoring of a backup."""
        if not self.same:
            return True
        live = self._bus.reads.counting(read_positions(self._live))
        return not ahead(self._begun(), live)

    def bring(self, phase: str, conn: Connection | None = None) -> int:
        """Read on to where the live ledger is now, or as `conn` sees it; gives how many offsets.

        Raises the named errors of a log, and what a worker would end by.
        """
        with nullcontext(conn) if conn is not None else self._live.begin() as seen:
            where = self._where(seen)
            missing = gone(self._bus.cluster, self._bus.reads, where.live)
            letters.take_over(self._live, seen, self.schema, missing)
        targets = [row for row in where.live if row.topic not in missing]
        if not self.same:
            targets = self._to_the_ends(targets)
        ranges = between(self._begun(), targets)
        verify(self._bus.cluster, ranges, where.live, self._bus.log)
        total = sum(one.size for one in ranges)
        self._news.phase(phase, total)
        self._load(ranges, where.kept, first=phase == "load")
        self.loaded += total
        return total

    def _load(self, ranges: list[Range], kept: Kept, *, first: bool) -> None:
        crew = self._crew
        number = 1 if crew is None else crew.number(ranges, first=first)
        if crew is None or number < 2:
            self._loader.load(ranges, kept, self._news.step)
        else:
            crew.load(self.schema, number, ranges, kept, self._news.step, copies=self._copies)

    def follow(self) -> None:
        """Run after the live ledger until little is left."""
        for _ in range(ROUNDS):
            if self.bring("follow") < SHORT:
                return

    def behind(self) -> tuple[int, int]:
        """Offsets that were read, and those that are still to be read."""
        live = self._bus.reads.counting(read_positions(self._live))
        begun = self._begun()
        return sum(row.next_offset for row in begun), sum(one.size for one in between(begun, live))

    def _begun(self) -> list[Position]:
        return self._bus.reads.counting(read_positions(self.engine))

    def _where(self, conn: Connection) -> _Where:
        # In this order: a letter from beyond the positions does no harm.
        live = self._bus.reads.counting(read_positions(conn))
        return _Where(live=live, kept=letters.kept(conn))

    def _to_the_ends(self, live: Iterable[Position]) -> list[Position]:
        """Positions at the ends of our own topics. Outside topics are read no further than they
        were: what comes after isn't sent on yet, and would be lost."""
        bus = self._bus
        if bus.cluster.is_memory():
            return list(live)
        logs = bus.cluster.logs(ledger_topics(bus.reads.prefix))
        parts = [(log.topic, number) for log in logs.values() for number in range(log.partitions)]
        with Reader(bus.access) as reader:
            ends = reader.ends(parts)
        ours = [
            Position(
                consumer=bus.reads.consumer,
                log=bus.log or logs[topic].log,
                topic=topic,
                partition=partition,
                next_offset=ends[topic, partition],
                attempts=0,
            )
            for topic, partition in parts
        ]
        return [*ours, *(row for row in live if bus.reads.is_outside(row.topic))]
