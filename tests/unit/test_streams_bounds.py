"""What waits for the ledger is bounded in bytes, whatever is stuck, and nothing is forgotten."""

from __future__ import annotations

import asyncio
import json
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from faust.types import TP
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.problems import OurFault
from foodtrace_api.web.load import Held, Load
from foodtrace_streams.careful import singles
from foodtrace_streams.child import packed, unpacked
from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.lanes import Lanes
from foodtrace_streams.marks import SLOT_BYTES, Marks

LIMIT, ALL, LARGEST = 100, 300, 40


@dataclass
class Fetcher:
    """Fetches from every partition that is open, and acknowledges: the gate of the lanes."""

    closed: set[TP] = field(default_factory=set)
    acked: dict[TP, list[int]] = field(default_factory=dict)

    def on_buffer_full(self, tp: TP) -> None:
        assert tp not in self.closed
        self.closed.add(tp)

    def on_buffer_drop(self, tp: TP) -> None:
        self.closed.remove(tp)


@dataclass
class Acked:
    """One chunk's event."""

    fetcher: Fetcher
    tp: TP
    start: int

    def ack(self) -> None:
        self.fetcher.acked.setdefault(self.tp, []).append(self.start)


def chunk(tp: TP, start: int, size: int) -> RawChunk:
    return RawChunk(
        topic=tp.topic,
        partition=tp.partition,
        log="log",
        start=start,
        end=start + 1,
        records=(),
        size=size,
        term=1,
    )


async def fetch(lanes: Lanes, fetcher: Fetcher, left: dict[TP, list[tuple[int, int]]]) -> None:
    """Rounds of one response for each open partition, until no open one has more."""
    while ready := [tp for tp, more in left.items() if more and tp not in fetcher.closed]:
        for tp in ready:
            start, size = left[tp].pop(0)
            lanes.put(chunk(tp, start, size), Acked(fetcher, tp, start))
        for _ in range(8):
            await asyncio.sleep(0)


@given(
    partitions=st.integers(1, 40),
    sizes=st.lists(st.integers(1, LARGEST), min_size=1, max_size=30),
    stuck=st.sets(st.integers(0, 39)),
)
def test_lanes_hold_no_more_than_their_limits_and_one_response_each(
    partitions: int, sizes: list[int], stuck: set[int]
) -> None:
    async def story() -> None:
        gate, fetcher = asyncio.Event(), Fetcher()
        told: list[int] = []

        async def work(raw: RawChunk) -> bool:
            if raw.partition in stuck:
                await gate.wait()
            return True

        lanes = Lanes(
            work, limit=LIMIT, limit_of_all=ALL, told=lambda waiting, _: told.append(waiting)
        )
        lanes.begin(1, fetcher)
        left = {TP("t", number): list(enumerate(sizes)) for number in range(partitions)}

        await fetch(lanes, fetcher, left)
        assert max(told) <= ALL + partitions * LARGEST
        # Those that nothing holds up have passed, though the others fill all the room there is.
        for tp in left:
            if tp.partition not in stuck:
                assert fetcher.acked[tp] == list(range(len(sizes)))
        gate.set()
        while any(left.values()) or lanes.waiting_bytes():
            await fetch(lanes, fetcher, left)
            await asyncio.sleep(0)
        assert not fetcher.closed
        assert fetcher.acked == {tp: list(range(len(sizes))) for tp in left}
        lanes.close()

    asyncio.run(story())


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 120), st.booleans()), max_size=60))
def test_the_door_holds_at_most_its_bytes_or_one_push(steps: list[tuple[int, int, bool]]) -> None:
    load = Load(100)
    open_: dict[int, tuple[AbstractContextManager[Held], Held]] = {}
    for number, size, ends in steps:
        if number not in open_:
            begun = load.held()
            open_[number] = (begun, begun.__enter__())
        manager, mine = open_[number]
        others = load.bytes - mine.bytes
        if others and load.bytes + size > 100:
            with pytest.raises(OurFault, match=r"push\.busy"):
                mine.take(size)
            ends = True
        else:
            mine.take(size)
        assert load.bytes <= 100 or load.bytes == mine.bytes + others
        if ends:
            manager.__exit__(None, None, None)
            del open_[number]
        assert load.bytes == sum(each.bytes for _, each in open_.values())


@dataclass(frozen=True)
class Record:
    """A fetched record."""

    offset: int
    value: bytes | None
    timestamp: int = 1
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


@given(
    start=st.integers(0, 5),
    gaps=st.lists(st.integers(1, 4), min_size=1, max_size=20),
    values=st.lists(st.none() | st.binary(max_size=30), min_size=20, max_size=20),
)
def test_a_chunk_cut_for_a_child_covers_the_same_range_record_by_record(
    start: int, gaps: list[int], values: list[bytes | None]
) -> None:
    offsets = [start + sum(gaps[: n + 1]) - 1 for n in range(len(gaps))]
    records = tuple(Record(offset, values[n]) for n, offset in enumerate(offsets))
    raw = RawChunk(
        topic="t",
        partition=3,
        log="l",
        start=start,
        end=offsets[-1] + 3,
        records=records,
        size=1,
        term=1,
    )
    parts = list(singles(raw))
    assert [part.start for part in parts[1:]] == [part.end for part in parts[:-1]]
    assert (parts[0].start, parts[-1].end) == (raw.start, raw.end)
    assert [part.records for part in parts] == [(record,) for record in records]
    assert [part.more for part in parts] == [True] * (len(parts) - 1) + [False]
    for part in parts:
        assert part.start <= part.records[0].offset < part.end

    class Pipe:
        """What the child reads."""

        def __init__(self, data: bytes) -> None:
            self.data = data

        def read(self, number: int) -> bytes:
            got, self.data = self.data[:number], self.data[number:]
            return got

    # A worker that dies in the middle of a message leaves half of one: it is no chunk.
    data = b"".join(packed(part) for part in parts)
    for whole in (data, data[:-1]):
        came = list(unpacked(Pipe(whole)))  # type: ignore[arg-type]
        expected = parts if whole is data else parts[:-1]
        assert [(one.start, one.end, one.more, one.records[0].value) for one in came] == [
            (one.start, one.end, one.more, one.records[0].value) for one in expected
        ]


@given(
    places=st.lists(
        st.tuples(st.text(min_size=1, max_size=300), st.integers(0, 9), st.integers(0, 2**62)),
        max_size=12,
        unique=True,
    ),
    data=st.data(),
)
def test_marks_tell_the_next_process_what_was_under_way_and_nothing_else(
    places: list[tuple[str, int, int]], data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        marks, open_ = Marks.open(Path(folder)), {}
        for topic, partition, offset in places:
            marked = marks.under_way("c", chunk(TP(topic, partition), offset, 1))
            marked.__enter__()
            open_[topic, partition, offset] = marked
        for place in data.draw(st.sets(st.sampled_from(places)) if places else st.just(set())):
            open_.pop(place).__exit__(None, None, None)
        # The process is killed here: nothing of it but the file is left.
        after = Marks.open(Path(folder))
        fits = {
            place for place in open_ if len(json.dumps(place[0], ensure_ascii=False).encode()) < 300
        }
        found = {(one.topic, one.partition, one.offset) for one in after.left()}
        assert fits <= found <= set(open_)
        for one in after.left():
            after.forget(one)
        assert after.left() == frozenset()
        # One that ends by itself leaves nothing either.
        marks.end()
        assert Marks.open(Path(folder)).left() == frozenset()


def test_what_isnt_a_file_of_marks_marks_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "worker"
    marks = Marks.open(folder)
    raw = chunk(TP("t", 0), 5, 1)
    with marks.under_way("c", raw):
        (place,) = Marks.open(folder).left()
        assert (place.topic, place.offset, place.consumer) == ("t", 5, "c")
    assert Marks.open(folder).left() == frozenset()
    (folder / "under-way").write_bytes(
        (b"\x01\x00\x05" + json.dumps([1]).encode()).ljust(SLOT_BYTES, b"\xff")
    )
    assert Marks.open(folder).left() == frozenset()
    # Where nothing can be written the worker goes on without.
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    without = Marks.open(blocked)
    with without.under_way("c", raw):
        assert without.left() == frozenset()
    without.end()
