"""Small parts of the worker: its log, its door, its schemas, its verdicts."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from foodtrace.events import KINDS
from foodtrace.problems import InvalidValue
from foodtrace_bus.schemas_topic import SchemaRow
from foodtrace_ledger.chunk import Aside, Taken
from foodtrace_schemas.codec import Decoded
from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.decode import decoding
from foodtrace_streams.intake import Intake
from foodtrace_streams.quiet import OncePerWhile
from foodtrace_streams.schemas import SchemaBook
from foodtrace_streams.verdict import judged, judged_with_care, plain
from support.ledger import goods, receipt, trade, void
from support.small import NOON
from support.streams import SCHEMA_IDS, framed, schema_rows

NOON_MS = int(NOON.timestamp() * 1000)


@dataclass(frozen=True)
class Fetched:
    """A fetched record."""

    offset: int
    value: bytes | None
    key: bytes | None = b"key"
    timestamp: int = NOON_MS
    headers: tuple[tuple[str, bytes], ...] = ()


def raw(*values: bytes | None, topic: str = "p.trade", timestamp: int = NOON_MS) -> RawChunk:
    records = tuple(
        Fetched(offset, value, timestamp=timestamp) for offset, value in enumerate(values, 10)
    )
    return RawChunk(
        topic=topic,
        partition=3,
        log="log",
        start=8,
        end=12 + len(values),
        records=records,
        size=0,
        term=1,
    )


def book() -> SchemaBook:
    return SchemaBook(lambda: list(schema_rows()))


def test_a_chunk_is_judged_record_by_record_and_keeps_its_range() -> None:
    good = trade(1, "a", "b", goods("L"))
    chunk = judged(raw(framed(good), b"no event", None), "c", decoding(book()))
    assert (chunk.start, chunk.end, chunk.consumer, chunk.log) == (8, 15, "c", "log")
    taken, *asides = chunk.entries
    assert isinstance(taken, Taken)
    assert taken.event == good
    assert taken.payload == framed(good)
    assert taken.schema_id == SCHEMA_IDS["trade"]
    assert taken.origin.received_at == NOON
    assert [(one.origin.offset, one.code) for one in asides if isinstance(one, Aside)] == [
        (11, "avro.wrong-magic"),
        (12, "avro.too-short"),
    ]


def test_the_brokers_time_decides_about_the_future() -> None:
    value = framed(trade(1, "a", "b", goods("L")))
    week_before = NOON_MS - 7 * 24 * 3600 * 1000
    (entry,) = judged(raw(value, timestamp=week_before), "c", decoding(book())).entries
    assert isinstance(entry, Aside)
    assert (entry.code, entry.path) == ("event.from-the-future", "envelope.occurred_at")
    assert entry.value == value
    assert entry.schema_id == SCHEMA_IDS["trade"]


def failing(error: Exception) -> Callable[[], Callable[[bytes | None], Decoded]]:
    def decode(value: bytes | None) -> Decoded:
        if value == b"bad":
            raise error
        return Decoded(trade(1, "a", "b", goods("L")), 1)

    return lambda: decode


def test_what_nobody_foresaw_in_a_record_is_raised_until_care_is_taken() -> None:
    chunk = raw(b"good", b"bad", b"good")
    with pytest.raises(KeyError):
        judged(chunk, "c", failing(KeyError("x")))
    entries = judged_with_care(chunk, "c", failing(KeyError("x"))).entries
    assert [type(one) for one in entries] == [Taken, Aside, Taken]
    assert isinstance(entries[1], Aside)
    assert entries[1].code == "ledger.crashed"
    assert entries[1].value == b"bad"


@pytest.mark.parametrize("error", [ValueError("x"), UnicodeDecodeError("utf-8", b"", 0, 1, "x")])
def test_data_errors_without_a_name_go_aside_at_once(error: Exception) -> None:
    entries = judged(raw(b"bad", b"good"), "c", failing(error)).entries
    assert isinstance(entries[0], Aside)
    assert entries[0].code == "event.malformed"
    assert isinstance(entries[1], Taken)


def test_a_detail_is_always_storable() -> None:
    assert plain("a\x00b\udc80" + "x" * 1000)[:20].startswith("a\\x00b\\udc80")
    assert len(plain("\udc80" * 1000).encode()) < 5000


def test_a_chunk_looks_once_for_a_schema_that_is_not_known_yet() -> None:
    rows: list[SchemaRow] = []
    reads: list[int] = []

    def read() -> list[SchemaRow]:
        reads.append(len(rows))
        return list(rows)

    known = SchemaBook(read)
    lookup = known.for_chunk()
    assert [lookup(7), lookup(7), lookup(8)] == [None, None, None]
    assert reads == [0]
    rows.append(SchemaRow(subject="s", version=1, schema_id=7, schema="{}", deleted=True))
    # It was registered after this chunk was fetched, so none of its records can mean it.
    assert lookup(7) is None
    assert known.for_chunk()(7) == "{}"
    assert known.for_chunk()(7) == "{}"
    assert reads == [0, 1]


def intake() -> Intake:
    nobody: Any = None
    kinds = set(KINDS) - {"party"}
    return Intake("c", nobody, nobody, nobody, nobody, prefix="p.", kinds=kinds)


def test_an_outside_topic_speaks_for_its_source_alone() -> None:
    check = intake().check
    check("p.in.erp", trade(1, "a", "b", goods("L"), source="erp"))
    check("p.in.erp", void(1, ("erp", "trade", "1"), source="erp"))
    for topic in ("p.in.other", "p.in.erp2", "p.trade", "in.erp"):
        with pytest.raises(InvalidValue) as raised:
            check(topic, receipt(1, "b", goods("L"), source="erp"))
        assert (raised.value.code, raised.value.path) == ("event.wrong-source", "envelope.source")


def test_a_library_says_the_same_once_in_a_while_and_the_worker_whenever_it_wants() -> None:
    once = OncePerWhile(every_s=1000)

    def said(name: str, message: str, *details: object) -> bool:
        return once.filter(logging.LogRecord(name, logging.ERROR, "", 0, message, details, None))

    assert said("aiokafka.client", "Unable to connect to %s", 1)
    assert not said("aiokafka.client", "Unable to connect to %s", 2)
    assert said("aiokafka.client", "Something else")
    assert said("kafka", "Unable to connect to %s", 1)
    assert all(said("foodtrace.worker", "chunk tried again") for _ in range(3))
    assert OncePerWhile(every_s=0).filter(
        logging.LogRecord("kafka", logging.ERROR, "", 0, "again", (), None)
    )


def test_times_are_utc() -> None:
    (entry,) = judged(raw(b"x", timestamp=1), "c", decoding(book())).entries
    assert entry.origin.received_at == datetime(1970, 1, 1, 0, 0, 0, 1000, tzinfo=UTC)
