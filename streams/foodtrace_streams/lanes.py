"""One queue and one worker per partition, so that nobody waits for a partition that is stuck.

What waits is bounded in bytes, however many partitions there are and however slow the database is:
a lane over its own limit stops its partition, and so does every lane that gets more while all of
them together are over the common one. Beyond that only what was already being fetched comes in, one
response a partition. A lane that has run empty is always opened again, so that partitions that are
stuck and fill the common room don't stop the others.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from faust.types import TP

from foodtrace_streams.chunk import RawChunk

#: A lane with more bytes waiting than this stops its partition.
LANE_BYTES = 4 * 1024 * 1024
#: All lanes together, before each that gets more stops its partition.
ALL_BYTES = 64 * 1024 * 1024


class Gate(Protocol):
    """What a lane closes and opens: the consumer."""

    def on_buffer_full(self, tp: TP) -> None: ...
    def on_buffer_drop(self, tp: TP) -> None: ...


class _Lane:
    def __init__(self) -> None:
        self.waiting: deque[tuple[RawChunk, Any]] = deque()
        self.bytes = 0
        self.full = False
        self.filled = asyncio.Event()


class Lanes:
    """Takes chunk events without ever waiting and works them off, each partition in its order."""

    def __init__(
        self,
        work: Callable[[RawChunk], Awaitable[bool]],
        *,
        limit: int = LANE_BYTES,
        limit_of_all: int = ALL_BYTES,
        told: Callable[[int, int], None] = lambda waiting, closed: None,
    ) -> None:
        """`work` returns whether the chunk is in the ledger; what it raises ends `run`. `told` gets
        the bytes that wait and the number of partitions that are stopped, whenever they change."""
        self._work = work
        self._limit = limit
        self._limit_of_all = limit_of_all
        self._told = told
        self._bytes = 0
        self._closed = 0
        self._lanes: dict[TP, _Lane] = {}
        self._tasks: dict[asyncio.Task[None], TP] = {}
        self._started = asyncio.Event()
        self._gate: Gate | None = None
        self.term = 0

    def begin(self, term: int, gate: Gate) -> None:
        """A new term: what waits is void, since its partitions were sought anew."""
        self.term = term
        self._gate = gate
        for tp, lane in self._lanes.items():
            lane.waiting.clear()
            self._count(lane, -lane.bytes)
            self._open(tp, lane)

    def put(self, chunk: RawChunk, event: Any) -> None:
        """Queue a chunk and, if its lane is full by that, close the partition."""
        if chunk.term != self.term:
            return
        tp = TP(chunk.topic, chunk.partition)
        lane = self._lanes.get(tp) or self._add(tp)
        lane.waiting.append((chunk, event))
        self._count(lane, chunk.size)
        lane.filled.set()
        if lane.bytes > self._limit or self._bytes > self._limit_of_all:
            self._close(tp, lane)

    def waiting_bytes(self) -> int:
        """Bytes of all chunks that wait for the ledger or are being written."""
        return self._bytes

    async def run(self) -> None:
        """Watch the lanes until one of them fails, and raise what it raised."""
        while True:
            self._started.clear()
            started = asyncio.ensure_future(self._started.wait())
            done, _ = await asyncio.wait(
                {started, *self._tasks}, return_when=asyncio.FIRST_COMPLETED
            )
            started.cancel()
            for task in done - {started}:
                task.result()

    def close(self) -> None:
        """Stop all lanes; a write under way ends in its thread or with the process."""
        for task in self._tasks:
            task.cancel()

    def _add(self, tp: TP) -> _Lane:
        lane = self._lanes[tp] = _Lane()
        self._tasks[asyncio.ensure_future(self._serve(tp, lane))] = tp
        self._started.set()
        return lane

    async def _serve(self, tp: TP, lane: _Lane) -> None:
        while True:
            await lane.filled.wait()
            if not lane.waiting:
                lane.filled.clear()
                continue
            chunk, event = lane.waiting.popleft()
            if chunk.term == self.term and await self._work(chunk):
                event.ack()
            if chunk.term == self.term:
                self._count(lane, -chunk.size)
            roomy = self._bytes <= self._limit_of_all and lane.bytes <= self._limit // 2
            if roomy or not lane.bytes:
                self._open(tp, lane)

    def _count(self, lane: _Lane, number: int) -> None:
        lane.bytes += number
        self._bytes += number
        self._told(self._bytes, self._closed)

    def _close(self, tp: TP, lane: _Lane) -> None:
        if not lane.full and self._gate is not None:
            lane.full = True
            self._closed += 1
            self._gate.on_buffer_full(tp)
            self._told(self._bytes, self._closed)

    def _open(self, tp: TP, lane: _Lane) -> None:
        if lane.full and self._gate is not None:
            lane.full = False
            self._closed -= 1
            self._gate.on_buffer_drop(tp)
            self._told(self._bytes, self._closed)
