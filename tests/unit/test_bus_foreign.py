"""Batches are read as aiokafka reads them, and also where it gives up."""

from __future__ import annotations

from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.record.default_records import DefaultRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords
from hypothesis import given
from hypothesis import strategies as st

from foodtrace_bus.foreign import Batches, read_with_care

HEADERS = st.lists(st.tuples(st.text(max_size=8), st.none() | st.binary(max_size=8)), max_size=3)
RECORDS = st.lists(
    st.tuples(st.none() | st.binary(max_size=20), st.none() | st.binary(max_size=50), HEADERS),
    min_size=1,
    max_size=6,
)
#: None, gzip, snappy, lz4, zstd.
CODECS = st.integers(min_value=0, max_value=4)
_NAME = "odd name"


def built(codec: int, records: list[Any]) -> bytes:
    """One batch as a producer writes it."""
    builder = DefaultRecordBatchBuilder(2, codec, 0, -1, -1, -1, 1 << 20)
    for number, (key, value, headers) in enumerate(records):
        assert builder.append(number, 1000 + number, key, value, headers) is not None
    return bytes(builder.build())


def seen(batches: Any) -> list[Any]:
    """Everything that a fetcher looks at."""
    found = []
    while batches.has_next():
        batch = batches.next_batch()
        assert batch.validate_crc()
        facts = (batch.base_offset, batch.next_offset, batch.producer_id, batch.is_control_batch)
        rows = [(one.offset, one.timestamp, one.key, one.value, one.headers) for one in batch]
        found.append((facts, rows))
    return found


@given(st.lists(st.tuples(CODECS, RECORDS), min_size=1, max_size=3), st.integers(0, 40))
def test_sound_batches_are_what_the_library_reads(asked: list[Any], cut: int) -> None:
    data = b"".join(built(codec, records) for codec, records in asked)
    data = data[: len(data) - cut]
    assert seen(Batches(data)) == seen(MemoryRecords(data))
    assert Batches(data).size_in_bytes() == len(data)


@given(RECORDS, st.binary(min_size=len(_NAME), max_size=len(_NAME)))
def test_a_header_may_have_any_name(records: list[Any], name: bytes) -> None:
    data = built(0, [*records, (b"k", b"v", [(_NAME, b"1")])])
    at = data.rindex(_NAME.encode())
    batch = Batches(data[:at] + name + data[at + len(name) :]).next_batch()
    assert batch is not None
    rows = list(batch)
    assert [row.value for row in rows] == [value for _, value, _ in records] + [b"v"]
    assert rows[-1].headers == [(name.decode("utf-8", "backslashreplace"), b"1")]


def test_consumers_are_given_them() -> None:
    read_with_care()
    assert fetcher.MemoryRecords is Batches
