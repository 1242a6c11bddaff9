"""What the worker leans on inside Faust, mode and aiokafka: an upgrade that moves it fails here."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiokafka
import faust
import pytest
from aiokafka.consumer.fetcher import READ_COMMITTED, Fetcher, OffsetResetStrategy
from aiokafka.consumer.subscription_state import Assignment, SubscriptionState, TopicPartitionState
from faust.serializers import codecs
from faust.tables.recovery import Recovery
from faust.transport.consumer import Consumer as BaseConsumer
from faust.transport.consumer import ThreadDelegateConsumer
from faust.transport.drivers import aiokafka as driver
from faust.types import TP

from foodtrace_bus.access import Access
from foodtrace_streams.faust_app import Group, faust_app
from foodtrace_streams.fetch import FETCH_WAIT_MS, LedgerConsumerThread
from foodtrace_streams.lanes import Lanes
from foodtrace_streams.transport import CHUNK_CODEC


def parameters(function: Callable[..., Any]) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (driver.Consumer._new_consumer_thread, []),
        (driver.Consumer.seek_to_committed, []),
        (BaseConsumer._drain_messages, ["fetcher"]),
        (BaseConsumer._new_offset, ["tp"]),
        (BaseConsumer.on_buffer_full, ["tp"]),
        (BaseConsumer.on_buffer_drop, ["tp"]),
        (driver.AIOKafkaConsumerThread._create_worker_consumer, ["transport"]),
        (
            driver.AIOKafkaConsumerThread._fetch_records,
            ["consumer", "active_partitions", "timeout", "max_records"],
        ),
        (driver.AIOKafkaConsumerThread.__post_init__, []),
        (Fetcher.fetched_records, ["partitions", "timeout", "max_records"]),
        (Fetcher.seek_to, ["tp", "offset"]),
        (aiokafka.AIOKafkaConsumer.seek, ["partition", "offset"]),
        (Assignment.state_value, ["tp"]),
    ],
)
def test_overridden_and_called_methods_have_their_shape(
    function: Callable[..., Any], expected: list[str]
) -> None:
    assert parameters(function) == expected


def test_the_thread_delegates_what_we_leave_to_it() -> None:
    assert issubclass(driver.Consumer, ThreadDelegateConsumer)
    assert "self._thread.seek_to_committed" in inspect.getsource(
        ThreadDelegateConsumer.seek_to_committed
    )


def test_faust_seeks_before_it_lets_records_flow() -> None:
    source = inspect.getsource(Recovery._resume_streams)
    assert source.index("perform_seek") < source.index("resume_flow()")
    assert "await self.seek_to_committed()" in inspect.getsource(BaseConsumer.perform_seek)


def test_the_fetcher_drains_and_tells_its_position_in_one_go() -> None:
    # Between the last await and the return of drained records nothing may run, or a seek could
    # slip between records and position.
    tail = inspect.getsource(Fetcher.fetched_records).split("if drained or not timeout:")[0]
    assert tail.count("await ") == 1
    assert "await self._subscriptions.wait_for_assignment()" in tail
    assert isinstance(TopicPartitionState.position, property)


def test_without_a_reset_policy_a_lost_position_is_an_error() -> None:
    assert OffsetResetStrategy.from_str("none") == OffsetResetStrategy.NONE
    assert isinstance(inspect.getattr_static(SubscriptionState, "subscription"), property)


def test_the_codec_hands_chunks_through() -> None:
    chunk = object()
    assert codecs.loads(CHUNK_CODEC, chunk) is chunk


async def _no_work(_chunk: object) -> bool:
    return True


@pytest.fixture
def app(tmp_path: Path) -> Any:
    group = Group(
        access=Access(bootstrap="127.0.0.1:1, 127.0.0.1:2"),
        group="contract",
        instance="contract-0",
        ledger_topics=["a", "b"],
        outside_topics=["in.x"],
        folder=tmp_path / "deep" / "worker-0",
    )
    return faust_app(group, positions=None, lanes=Lanes(_no_work), fate=print)  # type: ignore[arg-type]


def test_settings_are_those_that_were_measured(app: Any) -> None:
    conf = app.conf
    assert conf.processing_guarantee == faust.types.enums.ProcessingGuarantee.AT_LEAST_ONCE
    assert conf.topic_disable_leader
    assert not conf.stream_wait_empty
    assert conf.stream_buffer_maxsize == 64
    assert str(conf.store) == "memory:"
    assert 6 <= conf.broker_session_timeout <= 10
    assert 1 <= conf.broker_heartbeat_interval <= 2
    assert 2 <= conf.broker_rebalance_timeout <= 12
    assert conf.consumer_auto_offset_reset == "none"
    assert conf.consumer_group_instance_id == "contract-0"
    assert conf.producer_acks == -1
    assert [str(url) for url in conf.broker_consumer] == [
        "kafka://127.0.0.1:1",
        "kafka://127.0.0.1:2",
    ]


def test_one_agent_takes_all_topics_of_its_way(app: Any) -> None:
    taken = {name: set(agent.channel.topics) for name, agent in app.agents.items()}
    assert taken == {"project": {"a", "b"}, "intake": {"in.x"}}


def test_the_thread_reads_committed_records_and_waits_shortly(app: Any) -> None:
    async def look() -> tuple[str, int]:
        thread = app.consumer._thread
        assert isinstance(thread, LedgerConsumerThread)
        consumer = thread._create_worker_consumer(app.transport)
        try:
            return consumer._isolation_level, consumer._fetch_max_wait_ms
        finally:
            await consumer.stop()
            thread.thread_loop.close()

    assert asyncio.run(look()) == ("read_committed", FETCH_WAIT_MS)
    source = inspect.getsource(aiokafka.AIOKafkaConsumer.start)
    assert "isolation_level=self._isolation_level" in source
    assert "fetch_max_wait_ms=self._fetch_max_wait_ms" in source
    assert READ_COMMITTED == 1


def test_partitions_are_named_alike_on_both_sides() -> None:
    assert hash(TP("t", 1)) == hash(aiokafka.TopicPartition("t", 1))
    assert TP("t", 1) == aiokafka.TopicPartition("t", 1)
