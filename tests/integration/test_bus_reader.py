"""Ranges of a log on real Kafka: what a worker would be handed, hole for hole."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from aiokafka import AIOKafkaProducer

from foodtrace_bus.errors import BusAway, LogBehind, TopicMissing
from foodtrace_bus.reader import Batch, LogRecord, Reader
from foodtrace_bus.records import Record
from foodtrace_bus.topics import ensure_topics
from foodtrace_schemas.topics import topic_of
from support.fixtures import Broker
from support.own_broker import own_broker
from support.streams import publish

#: What the log of these tests holds: plain records, or a transaction that was kept or taken back.
Part = tuple[str, int]


@pytest.fixture
def topic(broker: Broker, topic_prefix: str) -> str:
    if broker.kind != "kafka":
        pytest.skip("the memory broker has no transactions")
    ensure_topics(broker.bootstrap, topic_prefix, 1)
    return topic_of("trade", topic_prefix)


@pytest.fixture
def reader(broker: Broker) -> Iterator[Reader]:
    with Reader(broker.bootstrap, batch_records=7) as made:
        yield made


def fill(broker: Broker, topic: str, *parts: Part) -> None:
    """Append the parts one after the other; values count the records within their part."""

    async def transaction(count: int, commit: bool) -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=broker.bootstrap, transactional_id=f"{topic}-outsider"
        )
        await producer.start()
        try:
            await producer.begin_transaction()
            for number in range(count):
                await producer.send_and_wait(topic, b"%d" % number, partition=0)
            await (producer.commit_transaction() if commit else producer.abort_transaction())
        finally:
            await producer.stop()

    for how, count in parts:
        if how == "plain":
            values = (b"%d" % number for number in range(count))
            publish(broker, [Record(topic=topic, key=b"k", value=value) for value in values])
        else:
            asyncio.run(transaction(count, how == "kept"))


def read(reader: Reader, topic: str, start: int, end: int) -> list[LogRecord]:
    """All records of a range; the batches have to follow each other without a gap."""
    at = start
    records: list[LogRecord] = []
    for batch in reader.batches(topic, 0, start, end):
        assert isinstance(batch, Batch)
        assert batch.start == at < batch.end <= end
        assert all(batch.start <= record.offset < batch.end for record in batch.records)
        records += batch.records
        at = batch.end
    assert at == max(start, end)
    return records


def offsets(records: list[LogRecord]) -> list[int]:
    return [record.offset for record in records]


def test_aborted_records_and_markers_are_holes(broker: Broker, topic: str, reader: Reader) -> None:
    # 0-4 plain, 5-7 aborted with a marker at 8, 9-10 kept with a marker at 11, 12-14 plain,
    # 15-16 aborted with a marker at 17, which is the last offset of the log.
    parts = [("plain", 5), ("aborted", 3), ("kept", 2), ("plain", 3), ("aborted", 2)]
    fill(broker, topic, *parts)
    there = [0, 1, 2, 3, 4, 9, 10, 12, 13, 14]
    assert offsets(read(reader, topic, 0, 18)) == there
    for start in range(18):
        for end in (start, start + 1, 18):
            inside = [offset for offset in there if start <= offset < end]
            assert offsets(read(reader, topic, start, max(start, end))) == inside
    assert [reader.record(topic, 0, offset) is not None for offset in range(18)] == [
        offset in there for offset in range(18)
    ]


def test_a_record_comes_as_it_was_appended(broker: Broker, topic: str, reader: Reader) -> None:
    headers = (("a", b"1"), ("a", b""), ("b", b"2"))
    stored = publish(
        broker,
        [
            Record(topic=topic, key=b"k", value=b"v" * 300, headers=headers),
            Record(topic=topic, key=b"k", value=None),
            Record(topic=topic, key=None, value=b""),
        ],
    )
    assert [one.offset for one in stored] == [0, 1, 2]
    first, second, third = read(reader, topic, 0, 3)
    assert (first.key, first.value, first.headers) == (b"k", b"v" * 300, headers)
    assert (second.key, second.value, second.headers) == (b"k", None, ())
    assert (third.key, third.value) == (None, b"")
    assert 0 < first.timestamp <= second.timestamp <= third.timestamp
    assert reader.record(topic, 0, 1) == second


def test_an_empty_range_asks_nobody() -> None:
    with Reader("127.0.0.1:1") as reader:
        assert list(reader.batches("nowhere", 0, 5, 5)) == []
        assert list(reader.batches("nowhere", 0, 5, 4)) == []


def test_what_a_log_does_not_hold_is_named(broker: Broker, topic: str, topic_prefix: str) -> None:
    fill(broker, topic, ("plain", 4))
    with Reader(broker.bootstrap, timeout_s=1) as reader:
        with pytest.raises(LogBehind, match="doesn't reach 9"):
            list(reader.batches(topic, 0, 9, 12))
        # The log may still grow, so what lies behind its end is waited for, but not for ever.
        with pytest.raises(BusAway, match="4 of 6"):
            list(reader.batches(topic, 0, 0, 6))
        with pytest.raises(TopicMissing, match="nowhere"):
            list(reader.batches(topic_prefix + "nowhere", 0, 0, 1))
        assert offsets(read(reader, topic, 0, 4)) == [0, 1, 2, 3]


def test_a_broker_that_goes_away_ends_the_range_by_name() -> None:
    with own_broker() as (broker, process):
        records = [Record(topic="t", key=b"k", value=b"%d" % n) for n in range(20)]
        ensure_topics(broker.bootstrap, "away.", 1)
        topic = topic_of("trade", "away.")
        publish(broker, [Record(topic=topic, key=one.key, value=one.value) for one in records])
        with Reader(broker.bootstrap, timeout_s=1) as reader:
            assert len(read(reader, topic, 0, 20)) == 20
            process.kill()
            process.wait()
            with pytest.raises(BusAway, match="0 of 20"):
                list(reader.batches(topic, 0, 0, 20))
        with Reader(broker.bootstrap) as other, pytest.raises(BusAway):
            list(other.batches(topic, 0, 0, 20))
