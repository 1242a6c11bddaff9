"""Faust's consumer, with the ledger as owner of the read position and one message per chunk."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Any

from aiokafka.errors import IllegalStateError
from faust.transport.consumer import ensure_TPset
from faust.transport.drivers.aiokafka import Consumer
from faust.types import TP, ConsumerMessage, Message
from mode import get_logger

from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.failures import HandOverBroken
from foodtrace_streams.fetch import LedgerConsumerThread

#: How long one look at the fetcher lasts when nothing is there, in seconds.
FETCH_TIMEOUT_S = 0.2


class LedgerConsumer(Consumer):  # type: ignore[misc]
    """Reads from where the ledger says, and hands an agent chunks instead of messages."""

    # Without this, mode would log every service under our module's name.
    logger = get_logger("faust.transport.ledger")
    _thread: LedgerConsumerThread

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Made by the transport; see `LedgerTransport`."""
        self._term = 0
        self._next: dict[TP, int] = {}
        self._handed: dict[TP, deque[int]] = {}
        self._room = asyncio.Event()
        super().__init__(*args, **kwargs)

    def _new_consumer_thread(self) -> LedgerConsumerThread:
        return LedgerConsumerThread(self, loop=self.loop, beacon=self.beacon)

    # -- where to read from

    async def seek_to_committed(self) -> Mapping[TP, int | None]:
        """Seek every assigned partition to the ledger's position; Faust calls it on each rebalance."""
        try:
            return await self._seek_to_ledger()
        except IllegalStateError:
            # Faust reads it as "another rebalance has begun" and comes again.
            raise
        except Exception as error:
            # Faust would end one of its services by it and leave the process standing idle.
            self.transport.fate(error)
            raise

    async def _seek_to_ledger(self) -> Mapping[TP, int | None]:
        committed = await super().seek_to_committed()
        assigned = ensure_TPset(self.assignment())
        positions = await self.transport.positions.read(assigned)
        # What is under way belongs to the assignment before this one from here on, also if Faust
        # cancels us in the middle because the next rebalance has begun.
        self._term += 1
        self._next = {tp: begin.offset for tp, begin in positions.items()}
        self._handed = {tp: deque() for tp in positions}
        self.transport.lanes.begin(self._term, self)
        await self._thread.begin(positions, self._term)
        return {**committed, **self._next}

    # -- handing on

    async def _drain_messages(self, fetcher: Any) -> None:
        """Replace Faust's loop over single messages; never waits for an agent."""
        try:
            while not (self.should_stop or fetcher.should_stop):
                if not self.flow_active:
                    await self.wait(self.can_resume_flow)
                    continue
                await self._drain_once()
        except self.consumer_stopped_errors:
            if not self.transport.app.should_stop:
                raise
        except Exception as error:
            self.transport.fate(error)
            raise

    async def _drain_once(self) -> None:
        self._room.clear()
        wanted = frozenset(self._get_active_partitions())
        if not wanted:
            # All are full or none is assigned: a lane that drains or a new assignment tells.
            await self.wait_first(self._room.wait(), self.suspend_flow.wait(), timeout=1.0)
            return
        for chunk in await self._thread.fetch(wanted, FETCH_TIMEOUT_S):
            await self._hand_on(chunk)

    async def _hand_on(self, chunk: RawChunk) -> None:
        if chunk.term != self._term or not self.flow_active:
            return  # A seek follows, and it will be fetched again.
        tp = TP(chunk.topic, chunk.partition)
        if chunk.start != self._next[tp]:
            raise HandOverBroken(f"{tp.topic}[{tp.partition}]: {self._next[tp]}, {chunk.start}")
        handed = asyncio.ensure_future(self.callback(self._message(tp, chunk)))
        await self.wait_first(handed, self.suspend_flow.wait())
        if handed.done() and not handed.cancelled() and chunk.term == self._term:
            self._next[tp] = chunk.end
            self._handed[tp].append(chunk.end)

    def _message(self, tp: TP, chunk: RawChunk) -> Message:
        # Offset end - 1 is unique in its partition, also for a chunk without records.
        last = chunk.records[-1] if chunk.records else None
        return ConsumerMessage(
            chunk.topic,
            chunk.partition,
            chunk.end - 1,
            last.timestamp / 1000.0 if last is not None else 0.0,
            last.timestamp_type if last is not None else 0,
            (),
            None,
            chunk,
            None,
            -1,
            chunk.size,
            tp,
            generation_id=self.app.consumer_generation_id,
        )

    # -- full and drained queues

    def on_buffer_full(self, tp: TP) -> None:
        """Fetch no more of a partition whose lane is full."""
        super().on_buffer_full(tp)

    def on_buffer_drop(self, tp: TP) -> None:
        """Fetch again from a partition whose lane has room."""
        super().on_buffer_drop(tp)
        self._room.set()

    # -- Kafka's own group offsets follow the ledger; only tools that show lag read them

    def _new_offset(self, tp: TP) -> int | None:
        handed, acked = self._handed.get(tp), self._acked_index[tp]
        end = None
        while handed and handed[0] - 1 in acked:
            end = handed.popleft()
            acked.discard(end - 1)
        if end is not None:
            self._acked[tp] = [offset for offset in self._acked[tp] if offset >= end]
        return end
