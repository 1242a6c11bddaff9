"""A broker that asks who we are: TLS, SCRAM-SHA-512 and ACLs, with certificates made for the test.

Everything works over it as over an open one; a source may write its own topic and nothing else; and
who isn't let in is told why.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    ACLResourcePatternType,
    ResourcePattern,
    ResourceType,
)

from foodtrace.problems import PROBLEMS, FoodtraceError
from foodtrace_bus.access import Access
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.errors import NotAllowed
from foodtrace_bus.exits import BROKER_ACCESS
from foodtrace_bus.producer import Bus
from foodtrace_bus.reader import Reader
from foodtrace_bus.records import PublishError, Record, Result, Stored
from foodtrace_bus.rights import allow_writing
from foodtrace_bus.schemas_topic import SchemasTopic
from foodtrace_bus.topics import ensure_topics
from foodtrace_client.answers import Verdict
from foodtrace_client.kafka_door import KafkaDoor
from foodtrace_client.schema_ids import RegistryIds
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.stack import claims
from foodtrace_deploy.stack.ports import claim_any
from foodtrace_ops.settings import Settings
from foodtrace_schemas import json_form
from foodtrace_schemas.topics import ledger_topics, outside_spec, outside_topic, schemas_topic
from support.cluster import KafkaCluster, start
from support.door import asking, keys_of, ready, serving, settings_for
from support.ledger import goods, trade
from support.secure import OTHER, SOURCE, STEWARD, Safe, authority
from support.spooling import document
from support.streams import SCHEMA_IDS, Stage, staged, until

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    with start(tmp_path_factory.mktemp("secure"), nodes=1, secure=True) as made:
        assert made.safe is not None
        strangers = made.safe.folder / "strangers"
        strangers.mkdir()
        authority(strangers / "ca.pem", strangers / "node.pem")
        yield made


@pytest.fixture(scope="module")
def safe(cluster: KafkaCluster) -> Safe:
    assert cluster.safe is not None
    return cluster.safe


@pytest.fixture
def source(cluster: KafkaCluster, safe: Safe, topic_prefix: str) -> Access:
    """A source whose topic is open, beside that of another one."""
    ensure_topics(cluster.access, topic_prefix, 1, outside_sources=[SOURCE, OTHER])
    topic = outside_topic(SOURCE, topic_prefix)
    access = safe.access(cluster.bootstrap, SOURCE)
    with Cluster(cluster.access) as keeper, Cluster(access) as own:
        assert allow_writing(keeper, topic, SOURCE)
        until("the rule holds", lambda: own.topics(topic_prefix) == [topic])
    return access


def as_environment(access: Access) -> dict[str, Any]:
    """The same as settings."""
    return {
        "broker_security": access.protocol,
        "broker_username": access.username,
        "broker_password": access.password,
        "broker_ca": access.ca_file,
    }


def line(number: int, source: str) -> bytes:
    told = document(number)
    envelope = told["envelope"] | {"source": source}
    del envelope["event_id"]
    return json.dumps(told | {"envelope": envelope}).encode()


def publish(access: Access, topic: str) -> Result:
    async def send() -> list[Result]:
        bus = Bus(access, answer_within_s=5)
        await bus.start()
        try:
            return await bus.publish([Record(topic=topic, key=b"k", value=b"v")])
        finally:
            await bus.stop()

    (told,) = asyncio.run(send())
    return told


def test_a_source_writes_its_own_topic(source: Access, topic_prefix: str) -> None:
    door = KafkaDoor(source, SOURCE, SCHEMA_IDS.__getitem__, prefix=topic_prefix)
    with closing(door):
        told = door.hand_over([line(1, SOURCE), line(2, SOURCE)])
    assert told.problem is None
    assert [each.verdict for each in told.answers] == [Verdict.ACCEPTED] * 2
    assert isinstance(publish(source, outside_topic(SOURCE, topic_prefix)), Stored)


def test_a_source_writes_nothing_else(source: Access, topic_prefix: str) -> None:
    theirs = outside_topic(OTHER, topic_prefix)
    for topic in (theirs, schemas_topic(topic_prefix), *ledger_topics(topic_prefix)):
        told = publish(source, topic)
        assert isinstance(told, PublishError), topic
        assert (told.code, told.retry) == ("bus.not-allowed", False), topic
    door = KafkaDoor(source, OTHER, SCHEMA_IDS.__getitem__, prefix=topic_prefix)
    with closing(door):
        answer = door.hand_over([line(1, OTHER)])
    assert answer.problem is not None
    assert (answer.problem.code, answer.answers) == ("bus.not-allowed", ())


def test_a_source_reads_nothing_and_makes_nothing(source: Access, topic_prefix: str) -> None:
    own = outside_topic(SOURCE, topic_prefix)
    with Reader(source, timeout_s=5) as reader, pytest.raises(NotAllowed):
        reader.record(own, 0, 0)
    # Of the others it can't even be told whether they are there.
    with Cluster(source) as cluster:
        assert set(cluster.logs([own, *ledger_topics(topic_prefix)])) == {own}
        with pytest.raises(NotAllowed):
            cluster.create([outside_spec("market-z", topic_prefix)], 1)
        with pytest.raises(NotAllowed):
            allow_writing(cluster, ledger_topics(topic_prefix)[0], SOURCE)


def _asks(access: Access) -> None:
    with Cluster(access, timeout_s=5) as cluster:
        cluster.brokers()


def _writes(access: Access) -> None:
    publish(access, "nothing")


def _reads_schemas(access: Access) -> None:
    with SchemasTopic(access, "schemas", timeout_s=5) as topic:
        topic.read()


def _reads(access: Access) -> None:
    with Reader(access, timeout_s=5) as reader:
        list(reader.batches("nothing", 0, 0, 1))


def _hands_over(access: Access) -> None:
    door = KafkaDoor(access, SOURCE, SCHEMA_IDS.__getitem__, answer_within_s=5)
    with closing(door):
        told = door.hand_over([line(1, SOURCE)])
    assert told.problem is not None
    raise FoodtraceError(told.problem.code, told.problem.detail)


#: What is wrong with an access, and what it is called.
WRONG: dict[str, tuple[str, Callable[[Access], Access]]] = {
    "password": ("bus.access-refused", lambda right: replace(right, password="wrong-one")),
    "user": ("bus.access-refused", lambda right: replace(right, username="nobody")),
    "mechanism": ("bus.access-refused", lambda right: replace(right, mechanism="PLAIN")),
    "no user": ("bus.access-refused", lambda right: replace(right, protocol="SSL")),
    "no TLS": ("bus.access-refused", lambda right: replace(right, protocol="SASL_PLAINTEXT")),
    "nothing": ("bus.access-refused", lambda right: Access(bootstrap=right.bootstrap)),
    "authority": (
        "bus.untrusted",
        lambda right: replace(right, ca_file=right.ca_file.replace("ca.pem", "strangers/ca.pem")),
    ),
    "no authority": ("bus.untrusted", lambda right: replace(right, ca_file="")),
    "file": ("bus.certificate-unreadable", lambda right: replace(right, ca_file="/nowhere.pem")),
}


@pytest.mark.parametrize("client", [_asks, _writes, _reads_schemas, _reads, _hands_over])
@pytest.mark.parametrize("wrong", WRONG)
def test_who_isnt_let_in_is_told_why(
    cluster: KafkaCluster, wrong: str, client: Callable[[Access], None]
) -> None:
    code, make = WRONG[wrong]
    access = make(cluster.access)
    with pytest.raises(FoodtraceError) as caught:
        client(access)
    assert caught.value.code == code
    assert cluster.access.password not in str(caught.value)
    assert "wrong-one" not in str(caught.value)


def test_brokers_that_ask_for_nothing_say_so(cluster: KafkaCluster, broker: Any) -> None:
    for protocol in ("SASL_PLAINTEXT", "SASL_SSL", "SSL"):
        access = replace(cluster.access, bootstrap=broker.bootstrap, protocol=protocol)
        with pytest.raises(FoodtraceError) as caught:
            _asks(access)
        assert caught.value.code == "bus.access-refused", protocol


def test_a_certificate_does_instead_of_a_password(safe: Safe, topic_prefix: str) -> None:
    access = safe.certified()
    assert ensure_topics(access, topic_prefix, 1).created
    assert isinstance(publish(access, ledger_topics(topic_prefix)[0]), Stored)
    for stranger in (replace(access, cert_file=""), safe.certified("strangers/node.pem")):
        with pytest.raises(FoodtraceError) as caught:
            _asks(stranger)
        assert caught.value.code == "bus.access-refused"


@pytest.fixture
def stage(
    cluster: KafkaCluster, database: str, topic_prefix: str, tmp_path: Path
) -> Iterator[Stage]:
    with staged(cluster.broker, database, topic_prefix, tmp_path) as made:
        made.limits |= as_environment(cluster.access)
        yield made


@pytest.mark.parametrize("wrong", ["password", "authority"])
def test_a_worker_that_isnt_let_in_ends_for_good_and_says_why(
    cluster: KafkaCluster, stage: Stage, wrong: str
) -> None:
    code, make = WRONG[wrong]
    stage.limits |= as_environment(make(cluster.access))
    worker = stage.worker()
    assert worker.wait_ended() == BROKER_ACCESS
    told = worker.last_words()
    assert (told["problem"], told["restart"]) == (code, False)
    assert told["advice"] == PROBLEMS[code].en
    assert "FOODTRACE_BROKER_" in told["advice"]
    assert cluster.access.password not in worker.said()


@pytest.fixture
def steward(cluster: KafkaCluster, safe: Safe, topic_prefix: str) -> Access:
    """foodtrace with the rights that docs/connect.md asks for, and no other."""
    prefixed = ACLResourcePatternType.PREFIXED
    everything = ACLOperation.ALL
    whole = ResourcePattern(ResourceType.CLUSTER, "kafka-cluster")
    rules = [
        (ResourcePattern(ResourceType.TOPIC, topic_prefix, prefixed), everything),
        (ResourcePattern(ResourceType.GROUP, topic_prefix, prefixed), everything),
        (whole, ACLOperation.DESCRIBE),
        (whole, ACLOperation.DESCRIBE_CONFIGS),
        (whole, ACLOperation.ALTER),
    ]
    granted = [
        ACL(f"User:{STEWARD}", "*", operation, ACLPermissionType.ALLOW, pattern)
        for pattern, operation in rules
    ]
    with Cluster(cluster.access) as keeper:
        assert keeper.ask(lambda admin: admin.create_acls(granted)["failed"]) == []
    return safe.access(cluster.bootstrap, STEWARD)


def _command(settings: Settings, *words: str) -> tuple[int, dict[str, Any]]:
    told = subprocess.run(
        [sys.executable, "-m", "foodtrace_deploy", *words, "--json"],
        env=os.environ | settings.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return told.returncode, json.loads(told.stdout.splitlines()[-1])


def test_the_whole_way_over_it(
    cluster: KafkaCluster, safe: Safe, stage: Stage, steward: Access
) -> None:
    own = as_environment(steward)
    stage.limits |= own
    settings = settings_for(stage.database, stage.broker, stage.prefix, stage.folder, **own)
    code, opened = _command(settings, "open-topic", SOURCE)
    assert (code, opened["user"], opened["created"]) == (Exit.DONE, SOURCE, True)
    with serving(settings) as address, asking(address, keys_of(stage.database)["ops"]) as ops:
        ready(address)
        worker = stage.worker().wait_ready()
        pushed = trade("t-http", "a", "b", goods("LOT-1", 5), source="market-x")
        assert ops.post("/v1/events", json=json_form.write(pushed)).json()["accepted"] == 1
        access = safe.access(cluster.bootstrap, SOURCE)
        ids = RegistryIds(address)
        with closing(ids), closing(KafkaDoor(access, SOURCE, ids, prefix=stage.prefix)) as door:
            (answer,) = door.hand_over([line(7, SOURCE)]).answers
        for event in (str(pushed.envelope.event_id), answer.event_id):
            found = until("it is in", lambda: ops.get(f"/v1/events/{event}").is_success)  # noqa: B023
            assert found
        assert ops.get("/readyz").json()["broker"]["ok"]
        assert worker.stop() == 0


def test_commands_say_who_isnt_let_in(cluster: KafkaCluster, tmp_path: Path) -> None:
    code, make = WRONG["password"]
    wrong = as_environment(make(cluster.access))
    settings = Settings(brokers=cluster.bootstrap, data_folder=tmp_path / "data", **wrong)
    # A port that is written down is meant, and another stack may have that one.
    port = claim_any()
    claims.release([port])
    settings = settings.model_copy(update={"api_port": port})
    ended, told = _command(settings, "up", "--broker", cluster.bootstrap)
    assert (ended, told["problem"]) == (Exit.NOT_STARTED, code)
    ended, told = _command(settings, "doctor", "--broker", cluster.bootstrap)
    (found,) = [check for check in told["checks"] if check["check"] == "broker"]
    assert (ended, found["verdict"]) == (Exit.REFUSED, "bad")
    assert "FOODTRACE_BROKER_" in found["found"]
