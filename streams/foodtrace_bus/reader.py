"""Ranges of a log, read again as they stand: committed records, with the holes between them.

Whoever folds a log anew or shows what stands in it (replay, evidence) needs the same records, in
the same order, as the workers were handed. Nothing here belongs to a group or commits anything.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from foodtrace_bus.access import Access, client_settings
from foodtrace_bus.cluster import Partition
from foodtrace_bus.errors import BusAway, LogBehind, LogCut, TopicMissing
from foodtrace_bus.foreign import read_with_care
from foodtrace_bus.limits import MAX_FETCH_BYTES
from foodtrace_bus.reach import reach
from foodtrace_bus.refusals import named

#: Most records of one batch.
BATCH_RECORDS = 2000
#: How long one look at the fetcher lasts where only holes are left, in milliseconds.
_LOOK_MS = 50
#: How long a broker holds back an answer without records, in milliseconds. The next range may have
#: to wait behind such a request.
_FETCH_WAIT_MS = 30

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRecord:
    """One record as it stands in its log; `timestamp` is the append time in ms since 1970."""

    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The committed records of `[start, end)`; holes (markers, aborted records) lie inside."""

    start: int
    end: int
    records: tuple[LogRecord, ...]


class Reader:
    """Reads ranges of partitions for a blocking caller; one at a time, for one thread.

    Its fetcher goes on in a thread of its own while the caller works, so the next batch is often
    there already.
    """

    def __init__(
        self, access: Access | str, *, timeout_s: float = 10.0, batch_records: int = BATCH_RECORDS
    ) -> None:
        """Remember how to reach the brokers; the first range connects.

        After `timeout_s` without progress a range ends with BusAway.
        """
        self._access = Access.of(access)
        self._timeout_s = timeout_s
        self._batch_records = batch_records
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._consumer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Disconnect; the next range would connect again."""
        loop, self._loop = self._loop, None
        consumer, self._consumer = self._consumer, None
        if loop is None or self._thread is None:
            return
        try:
            if consumer is not None:
                asyncio.run_coroutine_threadsafe(_leave(consumer), loop).result()
        finally:
            loop.call_soon_threadsafe(loop.stop)
            self._thread.join()
            loop.close()

    def batches(self, topic: str, partition: int, start: int, end: int) -> Iterator[Batch]:
        """The range `[start, end)` in consecutive batches; the last one ends exactly at `end`.

        An empty range has none, and a range of holes has batches without records. Raises BusAway
        when no broker answers or the range can't be read on in time (a transaction still open holds
        it up too), TopicMissing, LogCut or LogBehind where the log doesn't hold `start`.
        """
        if start >= end:
            return
        part, begin = TopicPartition(topic, partition), start
        self._call(lambda: self._seek(part, begin))
        try:
            yield from self._range(part, start, end)
        finally:
            if self._consumer is not None:
                self._call(lambda: self._pause(part))

    def record(self, topic: str, partition: int, offset: int) -> LogRecord | None:
        """The record at an offset; None where a hole is. Raises as `batches`."""
        for batch in self.batches(topic, partition, offset, offset + 1):
            for record in batch.records:
                return record
        return None

    def ends(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        """Up to where each can be read now: no transaction that may still be aborted lies before."""
        parts = [TopicPartition(*one) for one in partitions]
        if not parts:
            return {}
        found = self._call(lambda: self._consumer.end_offsets(parts))
        return {(part.topic, part.partition): offset for part, offset in found.items()}

    def _range(self, part: TopicPartition, start: int, end: int) -> Iterator[Batch]:
        deadline = time.monotonic() + self._timeout_s
        while start < end:
            fetched, position = self._call(lambda: self._fetch(part))
            if position > start:
                reached = min(position, end)
                kept = tuple(_record(one) for one in fetched if one.offset < end)
                yield Batch(start=start, end=reached, records=kept)
                start = reached
                deadline = time.monotonic() + self._timeout_s
            elif time.monotonic() > deadline:
                raise self._stuck(part, start, end)

    # -- on the thread of the fetcher

    async def _seek(self, part: TopicPartition, offset: int) -> None:
        consumer = self._consumer
        if consumer.assignment() != {part}:
            consumer.assign([part])
        consumer.seek(part, offset)
        consumer.resume(part)

    async def _pause(self, part: TopicPartition) -> None:
        # Nobody wants what lies behind the range.
        self._consumer.pause(part)

    async def _fetch(self, part: TopicPartition) -> tuple[list[Any], int]:
        consumer = self._consumer
        try:
            records = await consumer.getmany(
                part, timeout_ms=_LOOK_MS, max_records=self._batch_records
            )
        except OffsetOutOfRangeError as error:
            raise await self._not_held(part, error) from error
        # Without an await in between: the position belongs to what was just fetched.
        position: int = consumer._subscription.subscription.assignment.state_value(part).position
        return records.get(part, []), position

    async def _not_held(self, part: TopicPartition, error: Any) -> LogCut | LogBehind:
        asked = error.args[0][part]
        begin = (await self._consumer.beginning_offsets([part]))[part]
        name = f"{part.topic}[{part.partition}]"
        if begin > asked:
            return LogCut(f"{name} begins at {begin}, asked for {asked}")
        return LogBehind(f"{name} doesn't reach {asked}")

    # -- between the threads

    def _stuck(self, part: TopicPartition, start: int, end: int) -> BusAway | TopicMissing:
        known = self._consumer.partitions_for_topic(part.topic)
        if not known or part.partition not in known:
            return TopicMissing(f"{part.topic}[{part.partition}]")
        detail = f"{part.topic}[{part.partition}]: {start} of {end}"
        return BusAway(f"{self._access.bootstrap}: nothing for {self._timeout_s:g} s at {detail}")

    def _call(self, step: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a step of the fetcher; whatever the brokers say becomes a named error."""
        try:
            loop = self._connected()
            return asyncio.run_coroutine_threadsafe(step(), loop).result()
        except (KafkaError, OSError) as error:
            raise named(self._access.bootstrap, error) from error

    def _connected(self) -> asyncio.AbstractEventLoop:
        if self._loop is None:
            reach(self._access)
            self._loop = loop = asyncio.new_event_loop()
            self._thread = threading.Thread(
                target=loop.run_forever, name="foodtrace-reader", daemon=True
            )
            self._thread.start()
        loop = self._loop
        if self._consumer is None:
            self._consumer = asyncio.run_coroutine_threadsafe(self._start(), loop).result()
        return loop

    async def _start(self) -> Any:
        read_with_care()
        consumer = AIOKafkaConsumer(
            **client_settings(self._access),
            client_id="foodtrace-reader",
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="none",
            isolation_level="read_committed",
            max_partition_fetch_bytes=MAX_FETCH_BYTES,
            fetch_max_wait_ms=_FETCH_WAIT_MS,
            request_timeout_ms=int(self._timeout_s * 1000),
        )
        try:
            await consumer.start()
        except BaseException:
            await _leave(consumer)
            raise
        return consumer


async def _leave(consumer: Any) -> None:
    """Stop it; without a broker aiokafka's own steps are still under way, and end as cancelled."""
    with contextlib.suppress(asyncio.CancelledError):
        await consumer.stop()
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


def _record(fetched: Any) -> LogRecord:
    return LogRecord(
        offset=fetched.offset,
        timestamp=fetched.timestamp,
        key=fetched.key,
        value=fetched.value,
        headers=tuple(fetched.headers),
    )
