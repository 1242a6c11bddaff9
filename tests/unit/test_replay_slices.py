"""The pieces in which several processes read a log: whole partitions, each in its order, one at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from foodtrace_streams.replay.ranges import Range
from foodtrace_streams.replay.slices import Slices


def _range(number: int, start: int, size: int) -> Range:
    return Range(
        consumer="c", log="l", topic=f"t{number // 3}", partition=number % 3, start=start,
        end=start + size,
    )  # fmt: skip


@st.composite
def _ranges(draw: st.DrawFn) -> list[Range]:
    sizes = draw(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 60)), max_size=7))
    return [_range(number, start, size) for number, (start, size) in enumerate(sizes)]


@given(_ranges(), st.integers(1, 25), st.integers(1, 4), st.data())
def test_every_offset_is_read_once_and_in_order(
    ranges: list[Range], most: int, hands: int, data: st.DataObject
) -> None:
    slices = Slices(ranges, most=most)
    read: dict[tuple[str, int], list[int]] = {(one.topic, one.partition): [] for one in ranges}
    under_way: list[Range] = []
    idle = 0
    while True:
        while len(under_way) < hands and (one := slices.take()) is not None:
            assert 0 < one.size <= most
            assert (one.topic, one.partition) not in {(o.topic, o.partition) for o in under_way}
            under_way.append(one)
        if not under_way:
            break
        one = under_way.pop(data.draw(st.integers(0, len(under_way) - 1)))
        # One that died in the middle has read some of it, at times nothing.
        idle += 1
        up_to = data.draw(st.integers(one.start + (idle > 5), one.end))
        read[one.topic, one.partition] += range(one.start, up_to)
        slices.done(one, up_to)
    assert read == {(one.topic, one.partition): [*range(one.start, one.end)] for one in ranges}


def test_the_longest_is_next() -> None:
    slices = Slices([_range(0, 0, 10), _range(1, 0, 30), _range(2, 5, 20)], most=10)
    first, second = slices.take(), slices.take()
    assert first is not None
    assert second is not None
    assert [first.partition, second.partition] == [1, 2]
    slices.done(first, 10)
    third = slices.take()
    assert third is not None
    assert (third.partition, third.start) == (1, 10)
