"""What outside producers may write, and our own client libraries can't read as they come."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaProducer
from kafka import KafkaProducer

from foodtrace_bus.reader import Reader
from foodtrace_bus.records import Record
from foodtrace_schemas.topics import outside_topic
from support.fixtures import Broker
from support.ledger import goods, trade
from support.streams import Stage, staged


class Misspelt(str):
    """A header's name whose bytes aren't UTF-8, as a producer in C may write one."""

    __slots__ = ()

    def encode(self, *_asked: Any, **_named: Any) -> bytes:
        """Not what it says."""
        return b"\xff\xfe\x00name"


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    if broker.kind == "memory":
        pytest.skip("the memory broker writes batches anew")
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build("a")
        yield made


def misspell(
    bootstrap: str, compression: str | None, topic: str, key: bytes | None, value: bytes | None
) -> None:
    """Write a record with such a header."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, compression_type=compression)
    try:
        sent = producer.send(topic, value, key, headers=[(Misspelt(""), b"1")], partition=0)
        sent.get(30)
    finally:
        producer.close()


def compress(bootstrap: str, compression: str, record: Record) -> None:
    """Write a record as producers in Java, C and Go are told to do."""

    async def send() -> None:
        producer = AIOKafkaProducer(bootstrap_servers=bootstrap, compression_type=compression)
        async with producer:
            await producer.send_and_wait(record.topic, record.value, record.key, partition=0)

    asyncio.run(send())


def test_no_way_of_writing_a_batch_stops_a_source(stage: Stage) -> None:
    bootstrap, topic = stage.broker.bootstrap, outside_topic("a", stage.prefix)
    events = [trade(number, "a", "b", goods(f"L{number}"), source="a") for number in range(7)]
    odd, packed, last = events[:2], events[2:6], events[6:]
    for compression, event in zip((None, "gzip"), odd, strict=True):
        record = stage.record(event, topic)
        misspell(bootstrap, compression, topic, record.key, record.value)
    misspell(bootstrap, None, topic, b"poison", b"hello, world")
    for compression, event in zip(("gzip", "snappy", "lz4", "zstd"), packed, strict=True):
        compress(bootstrap, compression, stage.record(event, topic))
    stage.worker().wait_ready()
    stage.append(last, source="a")
    stage.ends_well(events)
    assert stage.letters() == [(topic, 0, 2, "avro.wrong-magic")]
    with Reader(bootstrap) as reader:
        found = [one for batch in reader.batches(topic, 0, 0, 7) for one in batch.records]
    assert [one.offset for one in found] == list(range(7))
    assert [one.headers for one in found[:4]] == [(("\\xff\\xfe\x00name", b"1"),)] * 3 + [()]
