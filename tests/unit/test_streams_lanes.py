"""Lanes: each partition in its order, none waits for another, a full one closes its partition."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from faust.types import TP

from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.lanes import Lanes

A, B = TP("a", 0), TP("b", 0)


@dataclass
class Door:
    """A gate that remembers which partitions are closed."""

    closed: set[TP] = field(default_factory=set)

    def on_buffer_full(self, tp: TP) -> None:
        self.closed.add(tp)

    def on_buffer_drop(self, tp: TP) -> None:
        self.closed.discard(tp)


@dataclass
class Acked:
    """An event that can be acknowledged."""

    done: bool = False

    def ack(self) -> None:
        self.done = True


def chunk(tp: TP, start: int, *, term: int = 1, size: int = 10) -> RawChunk:
    return RawChunk(
        topic=tp.topic,
        partition=tp.partition,
        log="log",
        start=start,
        end=start + 1,
        records=(),
        size=size,
        term=term,
    )


def lanes_of(work: Callable[[RawChunk], Awaitable[bool]], door: Door, limit: int = 25) -> Lanes:
    lanes = Lanes(work, limit=limit)
    lanes.begin(1, door)
    return lanes


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_a_stuck_partition_holds_nobody_else() -> None:
    async def story() -> None:
        seen: list[tuple[str, int]] = []
        stuck = asyncio.Event()

        async def work(raw: RawChunk) -> bool:
            if raw.topic == "a":
                await stuck.wait()
            seen.append((raw.topic, raw.start))
            return True

        door = Door()
        lanes = lanes_of(work, door)
        for offset in range(5):
            lanes.put(chunk(A, offset), Acked())
            lanes.put(chunk(B, offset, size=1), Acked())
        await settle()
        assert seen == [("b", offset) for offset in range(5)]
        assert door.closed == {A}
        assert lanes.waiting_bytes() == 50
        stuck.set()
        await settle()
        assert [one for one in seen if one[0] == "a"] == [("a", offset) for offset in range(5)]
        assert door.closed == set()
        assert lanes.waiting_bytes() == 0
        lanes.close()

    asyncio.run(story())


def test_only_what_is_in_the_ledger_is_acknowledged() -> None:
    async def story() -> None:
        async def work(raw: RawChunk) -> bool:
            return raw.start != 1

        lanes = lanes_of(work, Door())
        events = [Acked() for _ in range(3)]
        for offset, event in enumerate(events):
            lanes.put(chunk(A, offset), event)
        await settle()
        assert [event.done for event in events] == [True, False, True]
        lanes.close()

    asyncio.run(story())


def test_a_new_term_voids_what_waits_and_opens_the_gate() -> None:
    async def story() -> None:
        seen: list[tuple[int, int]] = []
        stuck = asyncio.Event()

        async def work(raw: RawChunk) -> bool:
            await stuck.wait()
            seen.append((raw.term, raw.start))
            return True

        door = Door()
        lanes = lanes_of(work, door)
        for offset in range(4):
            lanes.put(chunk(A, offset), Acked())
        await settle()
        assert door.closed == {A}
        lanes.begin(2, door)
        assert door.closed == set()
        lanes.put(chunk(A, 4, term=1), Acked())
        lanes.put(chunk(A, 1, term=2), Acked())
        assert lanes.waiting_bytes() == 10
        stuck.set()
        await settle()
        # The chunk under way is finished: the ledger knows what it has of it.
        assert seen == [(1, 0), (2, 1)]
        assert lanes.waiting_bytes() == 0
        lanes.close()

    asyncio.run(story())


def test_what_a_lane_raises_ends_the_run() -> None:
    async def story() -> None:
        async def work(raw: RawChunk) -> bool:
            raise ZeroDivisionError(raw.topic)

        lanes = lanes_of(work, Door())
        run = asyncio.ensure_future(lanes.run())
        await settle()
        lanes.put(chunk(A, 0), Acked())
        with pytest.raises(ZeroDivisionError, match="a"):
            await run
        lanes.close()

    asyncio.run(story())
