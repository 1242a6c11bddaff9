"""The consumer thread: reads committed records only, and cuts what it fetched into chunks.

Everything here runs on the thread's own event loop, so a fetch and a seek never interleave: between
draining the fetcher and reading its position there is no await that could let a seek in.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiokafka.errors import IllegalStateError, KafkaError
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.types import TP
from mode import get_logger

from foodtrace_bus.foreign import read_with_care
from foodtrace_streams.chunk import RawChunk, cut
from foodtrace_streams.failures import FetcherBroken

#: How long a broker holds back an answer without records. Faust fixes 1.5 s, and for that long a
#: partition that was paused would wait behind the request in flight.
FETCH_WAIT_MS = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """Where to go on reading a partition, and in which log."""

    log: str
    offset: int


@dataclass(slots=True, kw_only=True)
class _Sought:
    """The seek that made an assignment readable: nothing is handed on without it."""

    assignment: Any
    term: int
    logs: dict[TP, str]
    starts: dict[TP, int]


class LedgerConsumerThread(AIOKafkaConsumerThread):  # type: ignore[misc]
    """Faust's aiokafka thread with committed reads, ledger positions and chunks."""

    # Without this, mode would log every service under our module's name.
    logger = get_logger("faust.transport.ledger")
    _sought: _Sought | None = None

    def __post_init__(self) -> None:
        """Faust's hook at the end of its constructor."""
        super().__post_init__()
        self._seek_done = asyncio.Event()

    def _create_worker_consumer(self, transport: Any) -> Any:
        read_with_care()
        consumer = super()._create_worker_consumer(transport)
        # Faust takes no setting for these two; a contract test holds the attributes' names.
        consumer._isolation_level = "read_committed"
        consumer._fetch_max_wait_ms = FETCH_WAIT_MS
        return consumer

    async def begin(self, positions: Mapping[TP, Begin], term: int) -> None:
        """Seek every assigned partition to the ledger's position.

        Raises IllegalStateError, which Faust reads as "another rebalance started", when the
        assignment is no longer the one the positions were read for.
        """
        await self.call_thread(self._begin, positions, term)

    async def _begin(self, positions: Mapping[TP, Begin], term: int) -> None:
        consumer = self._ensure_consumer()
        assignment = _assignment(consumer)
        if assignment is None or set(assignment.tps) != set(positions):
            raise IllegalStateError("the assignment changed while positions were read")
        for tp, at in positions.items():
            consumer.seek(tp, at.offset)
        self._sought = _Sought(
            assignment=assignment,
            term=term,
            logs={tp: at.log for tp, at in positions.items()},
            starts={tp: at.offset for tp, at in positions.items()},
        )
        self._seek_done.set()

    async def fetch(self, wanted: frozenset[TP], wait_s: float) -> list[RawChunk]:
        """Chunks of the wanted partitions; none at all until this assignment has been sought."""
        chunks: list[RawChunk] = await self.call_thread(self._fetch, wanted, wait_s)
        return chunks

    async def _fetch(self, wanted: frozenset[TP], wait_s: float) -> list[RawChunk]:
        consumer = self._ensure_consumer()
        if not self._readable(consumer):
            await self._wait_for_seek(wait_s)
            return []
        try:
            records = await self._fetch_records(consumer, wanted, timeout=wait_s)
        except KafkaError:
            # A new assignment knows no offset before it is sought; that is not our error.
            if self._readable(consumer):
                raise
            return []
        # No await from here on. A seek while we waited has put the fetcher where `_sought` says.
        sought = self._sought
        if sought is None or not self._readable(consumer):
            return []
        return [
            chunk
            for tp in wanted
            if tp in sought.starts
            for chunk in self._cut(sought, tp, records.get(tp, ()))
        ]

    async def _wait_for_seek(self, wait_s: float) -> None:
        self._seek_done.clear()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._seek_done.wait(), wait_s)

    def _readable(self, consumer: Any) -> bool:
        sought = self._sought
        return (
            sought is not None
            and sought.assignment.active
            and sought.assignment is _assignment(consumer)
        )

    def _cut(self, sought: _Sought, tp: TP, records: Any) -> list[RawChunk]:
        state = sought.assignment.state_value(tp)
        start, end = sought.starts[tp], state.position
        if end < start or (records and not start <= records[0].offset <= records[-1].offset < end):
            raise FetcherBroken(f"{tp.topic}[{tp.partition}]: from {start}, position {end}")
        sought.starts[tp] = end
        return [
            RawChunk(
                topic=tp.topic,
                partition=tp.partition,
                log=sought.logs[tp],
                start=part_start,
                end=part_end,
                records=part,
                size=size,
                term=sought.term,
            )
            for part_start, part_end, part, size in cut(
                records, start, end, most_records=self.transport.chunk_records
            )
        ]


def _assignment(consumer: Any) -> Any:
    subscription = consumer._subscription.subscription
    return None if subscription is None else subscription.assignment
