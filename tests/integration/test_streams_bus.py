"""The bus on real Kafka: topics, producer, end offsets, schemas."""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from kafka.admin import KafkaAdminClient, NewTopic

from foodtrace_bus.cluster import Cluster
from foodtrace_bus.errors import BusAway, TopicDiffers, TopicMissing
from foodtrace_bus.limits import MAX_VALUE_BYTES
from foodtrace_bus.offsets import EndOffsets, end_offsets
from foodtrace_bus.producer import Bus
from foodtrace_bus.records import PublishError, Record, Result, Stored
from foodtrace_bus.schemas_topic import SchemaRow, SchemasTopic, schema_record
from foodtrace_bus.topics import ensure_topics
from foodtrace_schemas.topics import (
    MAX_MESSAGE_BYTES,
    deadletter_topic,
    ledger_topics,
    outside_topic,
    schemas_topic,
    topic_of,
)
from support.fixtures import Broker


@pytest.fixture
def kafka(broker: Broker) -> Broker:
    if broker.kind != "kafka":
        pytest.skip("needs Apache Kafka")
    return broker


def publish(address: str, *calls: list[Record]) -> list[list[Result]]:
    async def send() -> list[list[Result]]:
        bus = Bus(address)
        await bus.start()
        try:
            assert bus.idempotent
            return [await bus.publish(records) for records in calls]
        finally:
            await bus.stop()

    return asyncio.run(send())


def test_topics_are_made_once_and_verified_ever_after(kafka: Broker, topic_prefix: str) -> None:
    first = ensure_topics(kafka.bootstrap, topic_prefix, 2, outside_sources=["erp"])
    wanted = {
        *ledger_topics(topic_prefix),
        schemas_topic(topic_prefix),
        deadletter_topic(topic_prefix),
        outside_topic("erp", topic_prefix),
    }
    assert set(first.created) == wanted
    assert first.unknown == ()
    second = ensure_topics(kafka.bootstrap, topic_prefix, 2, outside_sources=["erp"])
    assert second.created == ()
    assert set(second.existing) == wanted
    with Cluster(kafka.bootstrap) as cluster:
        logs = cluster.logs(wanted)
        assert logs[topic_of("trade", topic_prefix)].partitions == 2
        # Master data and the like keep their single partition.
        assert logs[topic_of("party", topic_prefix)].partitions == 1
        assert len({log.log for log in logs.values()}) == len(wanted)
        settings = cluster.settings([schemas_topic(topic_prefix)])
        assert settings[schemas_topic(topic_prefix)]["cleanup.policy"] == "compact"


def test_a_topic_that_would_lose_evidence_is_named(kafka: Broker, topic_prefix: str) -> None:
    topic = topic_of("trade", topic_prefix)
    week = {"retention.ms": "604800000", "max.message.bytes": str(2 * MAX_MESSAGE_BYTES)}
    with closing(KafkaAdminClient(bootstrap_servers=kafka.bootstrap)) as admin:
        admin.create_topics([NewTopic(topic, 1, 1, topic_configs=week)])
    with pytest.raises(TopicDiffers) as raised:
        ensure_topics(kafka.bootstrap, topic_prefix)
    assert f"{topic}: retention.ms is 604800000, has to be -1" in raised.value.detail
    # More room than needed is no fault.
    assert f"{topic}: max.message.bytes" not in raised.value.detail


def test_each_record_of_a_call_has_its_own_answer(kafka: Broker, topic_prefix: str) -> None:
    ensure_topics(kafka.bootstrap, topic_prefix)
    topic = topic_of("trade", topic_prefix)

    def record(value: bytes, key: bytes = b"k") -> Record:
        return Record(topic=topic, key=key, value=value)

    many = [record(b"x" * 300, b"%d" % n) for n in range(3000)]
    mixed = [
        record(b"a"),
        record(b"x" * (MAX_MESSAGE_BYTES + 1)),
        record(b"x" * MAX_VALUE_BYTES),
        record(b"x" * (2 * MAX_MESSAGE_BYTES)),
        record(b"b"),
    ]
    stored, answers = publish(kafka.bootstrap, many, mixed)
    assert len({one for one in stored if isinstance(one, Stored)}) == len(many)
    kinds = [type(one) for one in answers]
    assert kinds == [Stored, PublishError, Stored, PublishError, Stored]
    refused = [one for one in answers if isinstance(one, PublishError)]
    assert {(one.code, one.retry) for one in refused} == {("event.too-large", False)}
    kept = [one.offset for one in answers if isinstance(one, Stored)]
    assert kept == sorted(kept)


def test_end_offsets_count_what_was_acknowledged(kafka: Broker, topic_prefix: str) -> None:
    ensure_topics(kafka.bootstrap, topic_prefix, 2)
    topic = topic_of("trade", topic_prefix)
    with Cluster(kafka.bootstrap) as cluster:
        ends = EndOffsets(cluster, [topic])
        assert ends.now() == {(topic, 0): 0, (topic, 1): 0}
        publish(kafka.bootstrap, [Record(topic=topic, key=b"%d" % n, value=b"v") for n in range(9)])
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda _: ends.now(), range(40)))
        assert all(sum(one.values()) == 9 for one in answers if isinstance(one, dict))
    with pytest.raises(TopicMissing, match="nowhere"):
        end_offsets(kafka.bootstrap, [topic, topic_prefix + "nowhere"])


def test_the_schemas_topic_is_read_on_from_where_it_was(kafka: Broker, topic_prefix: str) -> None:
    ensure_topics(kafka.bootstrap, topic_prefix)
    topic = schemas_topic(topic_prefix)

    def row(version: int, *, deleted: bool = False) -> SchemaRow:
        return SchemaRow(
            subject="foodtrace.Trade",
            version=version,
            schema_id=version + 10,
            schema='"string"',
            deleted=deleted,
        )

    with SchemasTopic(kafka.bootstrap, topic) as schemas:
        assert schemas.read() == []
        publish(kafka.bootstrap, [schema_record(topic, row(1)), schema_record(topic, row(2))])
        assert schemas.read() == [row(1), row(2)]
        junk = Record(topic=topic, key=b"config", value=b'{"compatibilityLevel":"FULL"}')
        publish(kafka.bootstrap, [junk, schema_record(topic, row(2, deleted=True))])
        assert schemas.read() == [row(1), row(2, deleted=True)]
        assert schemas.read() == [row(1), row(2, deleted=True)]


def test_brokers_that_are_away_have_a_name(unused_port: int) -> None:
    address = f"127.0.0.1:{unused_port}"
    with pytest.raises(BusAway, match=str(unused_port)):
        asyncio.run(Bus(address).start())
    with Cluster(address, timeout_s=1) as cluster, pytest.raises(BusAway):
        cluster.brokers()
    with pytest.raises(BusAway):
        asyncio.run(Bus(address).publish([]))


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_refused_batch_harms_no_later_one(kafka: Broker, topic_prefix: str) -> None:
    # A topic that takes less than we think: what the broker refuses leaves a hole in the
    # producer's sequence, after which it would take nothing more of that producer.
    topic = topic_prefix + "narrow"
    with closing(KafkaAdminClient(bootstrap_servers=kafka.bootstrap)) as admin:
        admin.create_topics([NewTopic(topic, 1, 1, topic_configs={"max.message.bytes": "10000"})])
    small = [Record(topic=topic, key=b"k", value=b"small")]
    large = [Record(topic=topic, key=b"k", value=b"x" * 20_000)]
    first, refused, *later = publish(kafka.bootstrap, small, large, small, small)
    assert [type(one) for one in (*first, *refused)] == [Stored, PublishError]
    assert [one for (one,) in later if not isinstance(one, Stored)] == []
