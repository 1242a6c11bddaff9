"""Where to go on reading: the ledger's position, once its log is known to be the same."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor

from faust.types import TP
from sqlalchemy import Engine

from foodtrace_bus.cluster import UNKNOWN, Cluster, Partition
from foodtrace_bus.errors import LogBehind, TopicMissing
from foodtrace_bus.logs import LogState, ReadUpTo, look, next_offset
from foodtrace_ledger.positions import Position, read_positions
from foodtrace_streams.crash import Sort, sort_of
from foodtrace_streams.fetch import Begin
from foodtrace_streams.threads import in_thread

#: How long to wait for brokers and database, in seconds. Faust gives up silently on a seek after
#: 90 s (`broker_request_timeout`), so this has to be well below.
PATIENCE_S = 45.0
#: After a broker's restart the end of a log may lag behind what was read of it, and a new topic
#: isn't known everywhere at once.
SETTLE_S = 10.0
_PAUSE_S = 0.5


class LedgerPositions:
    """Reads positions and checks their logs, in a thread, for Faust's consumer."""

    def __init__(
        self,
        engine: Engine,
        cluster: Cluster,
        threads: Executor,
        *,
        consumer_of: Callable[[str], str],
        log: str = "",
    ) -> None:
        """`consumer_of` names a topic's consumer; `log` stands for all topic ids if it is minted."""
        self._engine = engine
        self._cluster = cluster
        self._threads = threads
        self._consumer_of = consumer_of
        self._log = log
        self._attempts: dict[TP, tuple[int, int]] = {}

    async def read(self, tps: set[TP]) -> Mapping[TP, Begin]:
        """The position of every partition; raises the named errors of a log.

        Waits for brokers and database that are away, then raises what they raised.
        """
        began = time.monotonic()
        while True:
            try:
                return await in_thread(self._threads, lambda: self._read(frozenset(tps)))
            except Exception as error:
                if time.monotonic() - began > _patience(error):
                    raise
            await asyncio.sleep(_PAUSE_S)

    def attempts(self, topic: str, partition: int, offset: int) -> int:
        """How often a chunk that begins at `offset` failed before this process read its position."""
        at, attempts = self._attempts.get(TP(topic, partition), (-1, 0))
        return attempts if at == offset else 0

    def check_logs(self, topics: Iterable[str]) -> dict[Partition, int]:
        """Blocking: the records the ledger hasn't read of each partition, where that can be told.

        Raises the named error of a log that was deleted, replaced or cut under a running worker.
        """
        wanted = sorted(topics)
        logs = self._cluster.logs(wanted)
        missing = [topic for topic in wanted if topic not in logs]
        if missing:
            raise TopicMissing(", ".join(missing))
        parts = {TP(log.topic, n) for log in logs.values() for n in range(log.partitions)}
        begins, state = self._look(frozenset(parts))
        return lag_of(state, begins)

    def _read(self, tps: frozenset[TP]) -> dict[TP, Begin]:
        return self._look(tps)[0]

    def _look(self, tps: frozenset[TP]) -> tuple[dict[TP, Begin], LogState]:
        # In this order: the end of a log that is looked at first may be passed by then.
        known = self._known()
        state = look(self._cluster, tps, self._log)
        begins = {}
        for tp in tps:
            rows = known.get((tp.topic, tp.partition), [])
            at = next_offset(
                (tp.topic, tp.partition),
                state,
                [ReadUpTo(log=row.log, next_offset=row.next_offset) for row in rows],
            )
            self._attempts[tp] = (at, max((row.attempts for row in rows), default=0))
            begins[tp] = Begin(log=state.logs[tp.topic], offset=at)
        return begins, state

    def _known(self) -> dict[Partition, list[Position]]:
        known: dict[Partition, list[Position]] = {}
        for row in read_positions(self._engine):
            if row.consumer == self._consumer_of(row.topic):
                known.setdefault((row.topic, row.partition), []).append(row)
        return known


def lag_of(state: LogState, begins: Mapping[TP, Begin]) -> dict[Partition, int]:
    """End offset less position of each partition; nothing where the broker can't tell."""
    if state.ends == UNKNOWN:
        return {}
    return {
        (tp.topic, tp.partition): state.ends[tp.topic, tp.partition] - begin.offset
        for tp, begin in begins.items()
    }


def _patience(error: Exception) -> float:
    if isinstance(error, (LogBehind, TopicMissing)):
        return SETTLE_S
    return PATIENCE_S if sort_of(error) is Sort.PASSES else 0.0
