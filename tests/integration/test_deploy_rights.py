"""The KafkaUsers of deploy/kubernetes at a broker with rules: each part can do its work and no more."""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator
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
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from foodtrace_bus.access import Access
from foodtrace_bus.cluster import UNKNOWN, Cluster
from foodtrace_bus.errors import NotAllowed
from foodtrace_bus.owners import owners
from foodtrace_bus.partitions import grow
from foodtrace_bus.reader import Reader
from foodtrace_bus.topics import ensure_topics
from foodtrace_client.answers import Verdict
from foodtrace_client.kafka_door import KafkaDoor
from foodtrace_client.schema_ids import RegistryIds
from foodtrace_ops.settings import Settings
from foodtrace_schemas import json_form
from foodtrace_schemas.topics import DEFAULT_PREFIX, outside_topic, topic_of
from support import shop
from support.cluster import KafkaCluster, start
from support.door import asking, keys_of, ready, serving, settings_for
from support.events import a_trade
from support.manifests import Document, resources
from support.streams import staged, until

pytestmark = pytest.mark.timeout(300)
USERS = {each["metadata"]["name"]: each for each in resources() if each["kind"] == "KafkaUser"}
OPS, API, WORKER, SOURCE = "foodtrace-ops", "foodtrace-api", "foodtrace-worker", "source-example"


def rules_of(user: Document) -> Iterator[ACL]:
    """What the operator makes of a KafkaUser."""
    for acl in user["spec"]["authorization"]["acls"]:
        resource = acl["resource"]
        kind = ResourceType[resource["type"].upper()]
        prefix = resource.get("patternType") == "prefix"
        pattern = ResourcePattern(
            kind,
            # A cluster has but one name at the brokers.
            resource.get("name", "kafka-cluster"),
            ACLResourcePatternType.PREFIXED if prefix else ACLResourcePatternType.LITERAL,
        )
        for operation in acl["operations"]:
            name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", operation).upper()
            yield ACL(
                principal=f"User:{user['metadata']['name']}",
                host="*",
                operation=ACLOperation[name],
                permission_type=ACLPermissionType.ALLOW,
                resource_pattern=pattern,
            )


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaCluster]:
    with start(tmp_path_factory.mktemp("rights"), nodes=1, secure=True) as made:
        yield made


@pytest.fixture(scope="module")
def access(cluster: KafkaCluster) -> dict[str, Access]:
    """How each user of the manifests reaches the cluster, its rules being those of the manifests."""
    passwords = {name: secrets.token_hex(12) for name in USERS}
    made = [
        UserScramCredentialUpsertion(name, ScramMechanism.SCRAM_SHA_512, word)
        for name, word in passwords.items()
    ]
    rules = [rule for user in USERS.values() for rule in rules_of(user)]

    def steps(admin: Any) -> None:
        assert set(admin.alter_user_scram_credentials(made).values()) == {None}
        assert not admin.create_acls(rules)["failed"]

    with Cluster(cluster.access) as keeper:
        keeper.ask(steps)
    return {
        name: replace(cluster.access, username=name, password=word)
        for name, word in passwords.items()
    }


def of(access: Access) -> dict[str, Any]:
    """The same as settings."""
    return {
        "broker_security": access.protocol,
        "broker_username": access.username,
        "broker_password": access.password,
        "broker_ca": access.ca_file,
    }


def test_every_part_does_its_work_with_the_rights_it_has(
    cluster: KafkaCluster, access: dict[str, Access], database: str, tmp_path: Path
) -> None:
    plain = settings_for(database, cluster.broker, DEFAULT_PREFIX, tmp_path / "ops")
    told = plain.model_copy(update=of(access[OPS])).environment()
    told["FOODTRACE_BROKER_PASSWORD"] = access[OPS].password
    ran = shop.run("init", "--json", env={**told, "PATH": os.environ["PATH"]})
    assert ran.code == 0, ran.out + ran.err
    with Cluster(access[OPS]) as ops:
        ensure_topics(access[OPS], DEFAULT_PREFIX, outside_sources=["example"])
        assert grow(ops, topic_of("trade"), 7, DEFAULT_PREFIX).after == 7
    settings = settings_for(
        database, cluster.broker, DEFAULT_PREFIX, tmp_path / "api", **of(access[API])
    )
    with (
        serving(settings) as address,
        asking(address, keys_of(database)["ops"]) as client,
        staged(cluster.broker, database, DEFAULT_PREFIX, tmp_path) as stage,
    ):
        ready(address)
        stage.limits |= of(access[WORKER])
        worker = stage.worker().wait_ready()
        pushed = a_trade("t-http")
        answer = client.post("/v1/events", json=json_form.write(pushed)).json()
        assert answer["accepted"] == 1, answer
        written = json_form.write(a_trade("t-own"))
        written["envelope"]["source"] = "example"
        del written["envelope"]["event_id"]
        ids = RegistryIds(address)
        with closing(ids), closing(KafkaDoor(access[SOURCE], "example", ids)) as door:
            [own] = door.hand_over([json.dumps(written).encode()]).answers
        assert own.verdict is Verdict.ACCEPTED
        for event in (str(pushed.envelope.event_id), own.event_id):
            until("it is in", lambda: client.get(f"/v1/events/{event}").is_success)  # noqa: B023
        state = client.get("/readyz").json()
        # It may ask how far the log is, and how much room the disks have.
        assert isinstance(state["workers"]["behind"], int)
        assert state["disks"]
        assert worker.stop() == 0
        assert "NotAllowed" not in worker.said()
        assert "not-allowed" not in worker.said()


def test_nobody_may_do_the_work_of_others(access: dict[str, Access]) -> None:
    ensure_topics(access[OPS], DEFAULT_PREFIX, outside_sources=["example"])
    own = outside_topic("example")
    for name in (API, WORKER, SOURCE):
        with Cluster(access[name]) as cluster, pytest.raises(NotAllowed):
            cluster.ask(lambda admin: admin.create_partitions({own: 99}))
    with Reader(access[SOURCE], timeout_s=5) as reader, pytest.raises(NotAllowed):
        reader.record(own, 0, 0)
    # Of the others it can't even be told whether they are there.
    with Cluster(access[SOURCE]) as cluster:
        assert cluster.topics(DEFAULT_PREFIX) == [own]
    # The door may ask who reads what.
    with Cluster(access[API]) as cluster:
        assert owners(cluster, Settings().group) != UNKNOWN
