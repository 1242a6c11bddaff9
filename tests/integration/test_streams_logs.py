"""A log that isn't the one the ledger read ends the worker by its name, and stays ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kafka import TopicPartition
from kafka.admin import (
    ConfigResource,
    ConfigResourceType,
    KafkaAdminClient,
)

from foodtrace_bus import exits
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.topics import ensure_topics
from foodtrace_schemas.topics import topic_of
from support.fixtures import Broker
from support.ledger import goods, trade
from support.streams import Stage, staged, until


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    if broker.kind != "kafka":
        pytest.skip("the memory broker lives and dies with its ledger")
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build()
        made.append(EVENTS)
        yield made


EVENTS = [trade(number, "a", "b", goods("L")) for number in range(60)]


def make_anew(stage: Stage, topic: str) -> None:
    """Delete a topic and make it again, empty."""
    with closing(KafkaAdminClient(bootstrap_servers=stage.broker.bootstrap)) as admin:
        admin.delete_topics([topic])
        with Cluster(stage.broker.bootstrap) as cluster:
            until("the topic is gone", lambda: topic not in cluster.logs([topic]))
        ensure_topics(stage.broker.bootstrap, stage.prefix)


def read_once(stage: Stage) -> None:
    """A worker that brings all in and is stopped."""
    worker = stage.worker()
    stage.ends_well(EVENTS)
    assert worker.stop() == 0


def ends_by_name(stage: Stage, code: int, problem: str, *words: str) -> None:
    """A worker that starts now ends by this code and says what to do."""
    worker = stage.worker()
    assert worker.wait_ended() == code, worker.said()
    said = worker.last_words()
    assert (said["problem"], said["exit_code"], said["restart"]) == (problem, code, False)
    assert said["advice"]
    assert said["advice_zh"]
    for word in words:
        assert word in said["detail"]
    assert stage.events() == sorted(event.envelope.event_id for event in EVENTS)


def test_a_topic_made_anew_under_a_running_worker(stage: Stage) -> None:
    topic = topic_of("trade", stage.prefix)
    worker = stage.worker()
    stage.ends_well(EVENTS)
    make_anew(stage, topic)
    # More than was in the old log, so that every old position exists in the new one.
    stage.append([trade(f"new-{number}", "a", "b", goods("L")) for number in range(200)])
    assert worker.wait_ended() in {exits.LOG_REPLACED, exits.CRASHED}, worker.said()
    # Whatever it fell over first, the one that is started after it knows the name.
    after = stage.worker()
    assert after.wait_ended() == exits.LOG_REPLACED
    assert topic in after.last_words()["detail"]


def test_a_log_that_is_kept_wrongly_or_cut_or_gone(stage: Stage) -> None:
    read_once(stage)
    topic = topic_of("receipt", stage.prefix)
    with closing(KafkaAdminClient(bootstrap_servers=stage.broker.bootstrap)) as admin:
        retention(admin, topic, "604800000")
        ends_by_name(stage, exits.TOPIC_DIFFERS, "bus.topic-differs", topic, "retention.ms")
        retention(admin, topic, "-1")

        last = stage.append([trade("more", "a", "b", goods("L"))])[0]
        admin.delete_records({TopicPartition(last.topic, last.partition): last.offset + 1})
        where = f"{last.topic}[{last.partition}]"
        ends_by_name(stage, exits.LOG_CUT, "bus.log-cut", where)

        admin.delete_topics([topic])
    ends_by_name(stage, exits.TOPIC_MISSING, "bus.topic-missing", topic)


def retention(admin: KafkaAdminClient, topic: str, value: str) -> None:
    """Set how long a topic keeps its records, in milliseconds."""
    wanted = ConfigResource(ConfigResourceType.TOPIC, topic, {"retention.ms": value})
    admin.alter_configs([wanted])
