"""Looks, every few seconds, whether the world under a running worker is still the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor

from faust.types import TP

from foodtrace_bus.cluster import Cluster
from foodtrace_bus.errors import LogBehind, TopicMissing
from foodtrace_schemas.topics import OUTSIDE, ledger_topics, outside_topics
from foodtrace_streams.failures import SourcesChanged
from foodtrace_streams.observe import passing, show_lag
from foodtrace_streams.positions import LedgerPositions
from foodtrace_streams.threads import in_thread

#: Until then at most a replaced log stays unnoticed, in seconds.
LOOK_EVERY_S = 5.0


class Watch:
    """Raises the named error of a log that was replaced, and SourcesChanged for a new source."""

    def __init__(
        self,
        cluster: Cluster,
        threads: Executor,
        positions: LedgerPositions,
        assigned: Callable[[], set[TP]],
        *,
        prefix: str,
        outside: tuple[str, ...],
    ) -> None:
        """`outside` are the outside topics that the worker reads beside the ledger's."""
        self._cluster = cluster
        self._threads = threads
        self._positions = positions
        self._assigned = assigned
        self._prefix = prefix
        self._outside = outside

    async def run(self) -> None:
        """Look until cancelled."""
        doubted = False
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            try:
                with passing("brokers or database away"):
                    await in_thread(self._threads, self._look)
                doubted = False
            except (LogBehind, TopicMissing):
                # A broker that starts again may need a moment to know all of its logs.
                if doubted:
                    raise
                doubted = True

    def _look(self) -> None:
        found = outside_topics(self._cluster.topics(self._prefix + OUTSIDE), self._prefix)
        if found != self._outside:
            raise SourcesChanged(f"now {len(found)}, before {len(self._outside)}")
        # All of them, assigned or not: of a topic that was deleted, Faust drops the partitions and
        # goes on with the others as if nothing had happened.
        topics = [*ledger_topics(self._prefix), *self._outside]
        lag = self._positions.check_logs(topics)
        show_lag({tp: lag[tp] for tp in self._assigned() if tp in lag})
