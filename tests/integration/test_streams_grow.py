"""More partitions under running workers: what is written to them gets in, once, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from foodtrace.problems import InvalidValue
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.partitions import grow, topic_states
from foodtrace_bus.topics import ensure_topics
from foodtrace_schemas.topics import DEFAULT_PREFIX, ledger_topics, topic_of, topic_specs
from support import shop
from support.events import a_trade
from support.fixtures import Broker
from support.streams import Stage, publish, staged, until


@pytest.fixture
def kafka(broker: Broker) -> Broker:
    if broker.kind != "kafka":
        pytest.skip("the in-memory broker can't tell where a partition ends")
    return broker


@pytest.fixture
def stage(kafka: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(kafka, database, topic_prefix, tmp_path) as made:
        made.build()
        yield made


def test_new_partitions_are_read_by_a_running_worker_and_divided_when_another_comes(
    stage: Stage,
) -> None:
    topic = topic_of("trade", stage.prefix)
    first = stage.worker(0).wait_ready()
    before = [a_trade(f"before-{n}") for n in range(20)]
    stage.append(before)
    stage.wait_for(before)
    with Cluster(stage.broker.bootstrap) as cluster:
        assert grow(cluster, topic, 9, stage.prefix).before == 6
    # By a producer that knows all nine: the new ones have records before anybody has looked.
    more = [a_trade(f"more-{n}") for n in range(27)]
    stored = publish(stage.broker, [stage.record(event) for event in more])
    assert {6, 7, 8} <= {each.partition for each in stored}
    stage.wait_for([*before, *more])
    assert first.process.poll() is None, first.said()
    # Its name in the group tells of nine partitions, the first one's of six.
    stage.worker(1).wait_ready()
    late = [a_trade(f"late-{n}") for n in range(27)]
    publish(stage.broker, [stage.record(event) for event in late])
    stage.wait_for([*before, *more, *late])
    stage.wait_read(ledger_topics(stage.prefix))
    read = stage.positions()
    assert {n for name, n in read if name == topic} == set(range(9))
    assert sum(end for (name, _), end in read.items() if name == topic) == 74
    assert stage.letters() == []


def env(broker: Broker, prefix: str) -> dict[str, str]:
    return {"FOODTRACE_BROKERS": broker.bootstrap, "FOODTRACE_TOPIC_PREFIX": prefix}


def topic(told: Any, name: str) -> Any:
    [found] = [each for each in told["topics"] if each["name"] == name]
    return found


def test_topics_are_listed_and_grow_from_the_command_line(
    kafka: Broker, topic_prefix: str, tmp_path: Path
) -> None:
    ensure_topics(kafka.bootstrap, topic_prefix, outside_sources=["market-a"])
    there = env(kafka, topic_prefix)
    at = ("--data", str(tmp_path))
    grown = shop.run("topics", "grow", "voucher", "5", "--json", *at, env=there)
    assert (grown.code, grown.json["before"], grown.json["after"]) == (0, 3, 5)
    with Cluster(kafka.bootstrap) as cluster:
        again = grow(cluster, f"{topic_prefix}voucher", 5, topic_prefix)
    assert (again.before, again.after) == (5, 5)
    fewer = shop.run("topics", "grow", "voucher", "4", "--json", *at, env=there)
    assert (fewer.code, fewer.json["problem"]) == (2, "topic.not-fewer")
    listed = shop.run("topics", "list", "--json", *at, env=there)
    assert listed.code == 0
    names = {one.name for one in topic_specs(topic_prefix)} | {f"{topic_prefix}in.market-a"}
    assert {each["name"] for each in listed.json["topics"]} == names
    voucher = topic(listed.json, f"{topic_prefix}voucher")
    assert (voucher["partitions"], voucher["copies"], voucher["in_sync"]) == (5, 1, 1)
    assert (voucher["records"], voucher["differing"]) == (0, [])
    assert voucher["settings"]["retention.ms"] == "-1"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("schemas", "topic.single"),
        ("deadletter", "topic.single"),
        ("elsewhere", "topic.not-ours"),
        ("in.nobody", "topic.not-ours"),
    ],
)
def test_what_keeps_one_partition_or_isnt_ours_doesnt_grow(
    name: str, code: str, kafka: Broker, topic_prefix: str
) -> None:
    ensure_topics(kafka.bootstrap, topic_prefix)
    with Cluster(kafka.bootstrap) as cluster:
        with pytest.raises(InvalidValue) as caught:
            grow(cluster, topic_prefix + name, 7, topic_prefix)
        assert caught.value.code == code
        told = {each.name: each.partitions for each in topic_states(cluster, topic_prefix)}
    wanted = {one.name: one.partitions for one in topic_specs(topic_prefix)}
    assert told == wanted
    assert not topic_prefix.startswith(DEFAULT_PREFIX)


def test_a_setting_that_somebody_changed_is_named_in_the_list(
    kafka: Broker, topic_prefix: str, tmp_path: Path
) -> None:
    ensure_topics(kafka.bootstrap, topic_prefix)
    spoilt = topic_of("trade", topic_prefix)
    with Cluster(kafka.bootstrap) as cluster:
        change = {spoilt: {"retention.ms": "1000"}}
        cluster.ask(lambda admin: admin.alter_configs(_resources(change)))
        # Brokers hear of a setting a moment after it was taken in.
        [found] = until(
            "the setting is seen",
            lambda: [each for each in topic_states(cluster, topic_prefix) if each.differing],
        )
    assert found.name == spoilt
    assert found.differing == ("retention.ms is 1000, has to be -1",)
    told = env(kafka, topic_prefix)
    listed = shop.run("topics", "list", "--lang", "zh", "--data", str(tmp_path), env=told)
    assert (listed.code, f"{spoilt}: retention.ms is 1000" in listed.out) == (1, True)
    assert "同步副本" in listed.out
    told["FOODTRACE_BROKERS"] = "127.0.0.1:1"
    assert shop.run("topics", "list", "--data", str(tmp_path), env=told).code == 4


def _resources(changes: dict[str, dict[str, str]]) -> list[Any]:
    from kafka.admin import ConfigResource, ConfigResourceType

    return [
        ConfigResource(ConfigResourceType.TOPIC, name, configs=config)
        for name, config in changes.items()
    ]
