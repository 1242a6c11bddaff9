"""Cutting what was fetched: consecutive parts without holes, bounded in records and bytes."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from foodtrace_streams.chunk import cut, size_of


@dataclass(frozen=True)
class Fetched:
    """A fetched record as far as cutting looks at it."""

    offset: int
    value: bytes | None = b""
    key: bytes | None = None
    timestamp: int = 0
    headers: tuple[tuple[str, bytes], ...] = ()


@st.composite
def fetched(draw: st.DrawFn) -> tuple[list[Fetched], int, int]:
    start = draw(st.integers(0, 100))
    offset, records = start, []
    for gap, size in draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 400)), max_size=40)):
        offset += gap
        records.append(Fetched(offset, b"x" * size))
        offset += 1
    return records, start, offset + draw(st.integers(0, 3))


@given(fetched(), st.integers(1, 10), st.integers(1, 2000))
def test_parts_cover_the_range_and_keep_every_record(
    given_: tuple[list[Fetched], int, int], most_records: int, most_bytes: int
) -> None:
    records, start, end = given_
    parts = list(cut(records, start, end, most_records=most_records, most_bytes=most_bytes))
    assert [record for _, _, part, _ in parts for record in part] == records
    borders = [start, *(part_end for _, part_end, _, _ in parts)]
    assert [part_start for part_start, _, _, _ in parts] == borders[:-1]
    assert borders[-1] == end
    for part_start, part_end, part, size in parts:
        assert part_start < part_end
        assert all(part_start <= record.offset < part_end for record in part)
        assert len(part) <= most_records
        assert size == sum(size_of(record) for record in part)
        assert size <= most_bytes or len(part) == 1


def test_a_range_without_records_still_advances() -> None:
    assert list(cut([], 5, 9)) == [(5, 9, (), 0)]
    assert list(cut([], 5, 5)) == []


def test_a_tombstone_has_a_size() -> None:
    assert size_of(Fetched(0, None)) > 0
