"""deploy/compose: valid by the Compose specification, and of one mind with the code that it starts."""

from __future__ import annotations

import base64
import json
import re
import tomllib
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace_bus import exits
from foodtrace_deploy.stack.kafka import Kafka
from foodtrace_schemas.topics import topic_specs
from foodtrace_streams.app import ASKERS, STOP_WITHIN_S, WRITERS
from support.manifests import (
    COMPOSE,
    DEPLOY,
    PROMETHEUS,
    Document,
    images,
    names_host,
    open_secrets,
    read,
    services,
    settings_of,
    unknown_variables,
)

SERVICES = services()
KAFKAS = {name: each for name, each in SERVICES.items() if name.startswith("kafka-")}
WORKERS = {name: each for name, each in SERVICES.items() if name.startswith("worker-")}
OURS = {name: each for name, each in SERVICES.items() if each["image"].startswith("foodtrace:")}


def schema() -> Any:
    """The Compose specification's own schema, as check-jsonschema carries it."""
    file = "check_jsonschema/builtin_schemas/vendor/compose-spec.json"
    return json.loads(Path(str(distribution("check-jsonschema").locate_file(file))).read_text())


def test_the_file_is_a_compose_file() -> None:
    [compose] = read(COMPOSE)
    jsonschema.validate(compose, schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**compose, "services": {"a": {"imagge": "b"}}}, schema())


def test_images_have_a_tag_and_no_registry() -> None:
    found = set(images(read(COMPOSE)))
    assert len(found) == 4
    for image in found:
        assert not names_host(image)
        assert image.partition(":")[2] not in ("", "latest")


def kafka_setting(variable: str) -> str:
    """The broker's setting that the image makes of a variable."""
    return variable.removeprefix("KAFKA_").lower().replace("_", ".")


def test_brokers_form_one_cluster() -> None:
    assert len(KAFKAS) == 3
    voters = set()
    for name, one in KAFKAS.items():
        env = one["environment"]
        voters.add(f"{env['KAFKA_NODE_ID']}@{name}:9093")
        assert env["KAFKA_ADVERTISED_LISTENERS"] == f"PLAINTEXT://{name}:9092"
        assert one["volumes"] == [f"{name}:{env['KAFKA_LOG_DIRS']}"]
    assert len({one["environment"]["KAFKA_NODE_ID"] for one in KAFKAS.values()}) == 3
    for one in KAFKAS.values():
        env = one["environment"]
        assert set(env["KAFKA_CONTROLLER_QUORUM_VOTERS"].split(",")) == voters
        assert len(base64.urlsafe_b64decode(env["CLUSTER_ID"] + "==")) == 16
        assert not env["CLUSTER_ID"].startswith("-")


def test_brokers_are_told_what_the_embedded_ones_are_told() -> None:
    quorum = ((1, 9093), (2, 9093), (3, 9093))
    embedded = Kafka(
        folder=Path("k"),
        log=Path("k.log"),
        port=9092,
        controller_port=9093,
        java=Path("java"),
        jars=[],
        quorum=quorum,
    ).settings()
    ours = {kafka_setting(name): value for name, value in KAFKAS["kafka-1"]["environment"].items()}
    where = {"listeners", "advertised.listeners", "controller.quorum.voters", "log.dirs"}
    shared = (ours.keys() & embedded.keys()) - where
    assert {name: ours[name] for name in shared} == {name: str(embedded[name]) for name in shared}
    evidence = re.compile(
        r"retention|timestamp|unclean|auto\.create|replication\.factor|isr|insync"
    )
    needed = {name for name in embedded if evidence.search(name)} - {"offsets.retention.minutes"}
    assert needed <= shared


def test_the_broker_is_the_release_that_the_embedded_stack_runs() -> None:
    lock = tomllib.loads((DEPLOY / "foodtrace_deploy/stack/kafka.lock.toml").read_text())
    [image] = set(images(KAFKAS))
    assert f'"{image.partition(":")[2]}"' in json.dumps(lock)


@pytest.mark.parametrize("name", OURS)
def test_every_variable_is_a_setting_and_no_secret_is_written_down(name: str) -> None:
    env = SERVICES[name]["environment"]
    assert unknown_variables(env) == []
    assert open_secrets(env) == []
    told = settings_of({k: v for k, v in env.items() if "${" not in v})
    assert set(told.brokers.split(",")) == {f"{kafka}:9092" for kafka in KAFKAS}
    assert told.replication == len(KAFKAS)
    # Without the password the file says so, rather than start a database that all may enter.
    assert ":?" in env["FOODTRACE_DATABASE_URL"]


@given(st.sampled_from(sorted(OURS)), st.text("ABCXYZ", min_size=2, max_size=9))
def test_a_variable_that_no_setting_has_is_found(name: str, tail: str) -> None:
    spoilt = f"FOODTRACE_Q{tail}"
    assert unknown_variables({**SERVICES[name]["environment"], spoilt: "1"}) == [spoilt]


def test_workers_are_numbered_and_each_can_have_a_partition() -> None:
    found = [settings_of(each["environment"]).worker_index for each in WORKERS.values()]
    assert found == list(range(len(WORKERS)))
    assert len(WORKERS) == 3 <= max(one.partitions for one in topic_specs())
    assert len({tuple(each["volumes"]) for each in WORKERS.values()}) == len(WORKERS)


def test_the_database_holds_every_connection() -> None:
    command = SERVICES["postgres"]["command"]
    [most] = [each.split("=")[1] for each in command if each.startswith("max_connections=")]
    api = settings_of(SERVICES["api"]["environment"])
    assert len(WORKERS) * (WRITERS + ASKERS) + api.database_pool + 20 <= int(most)
    assert SERVICES["postgres"]["image"] == "postgres:18"
    # From 18 on the image keeps its data below this folder, by release.
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]


def test_parts_start_after_what_they_need() -> None:
    init = SERVICES["init"]
    healthy = {name for name, each in SERVICES.items() if "healthcheck" in each}
    needs = init["depends_on"]
    assert needs.keys() == {*KAFKAS, "postgres"} <= healthy
    assert {each["condition"] for each in needs.values()} == {"service_healthy"}
    assert init["restart"] == "no"
    for name in ("api", *WORKERS):
        done = {"condition": "service_completed_successfully"}
        assert SERVICES[name]["depends_on"] == {"init": done}


def test_workers_have_the_signing_key_where_they_look() -> None:
    [compose] = read(COMPOSE)
    for each in WORKERS.values():
        [secret] = each["secrets"]
        assert settings_of(each["environment"]).evidence_key == f"/run/secrets/{secret}"
        assert ":?" in compose["secrets"][secret]["file"]


def seconds(told: str) -> int:
    return int(told.removesuffix("s"))


def test_workers_start_again_after_the_codes_that_a_restart_mends() -> None:
    text = COMPOSE.read_text(encoding="utf-8")
    told = re.search(r"Exit codes ([\d, ]+) mend themselves", text)
    assert told is not None
    assert {int(each) for each in told[1].split(",")} == exits.RESTART
    for each in WORKERS.values():
        assert each["restart"] == "unless-stopped"
        assert seconds(each["stop_grace_period"]) > 2 * STOP_WITHIN_S


def asked_port(service: Document) -> int:
    found = re.search(r"127\.0\.0\.1:(\d+)/readyz", " ".join(service["healthcheck"]["test"]))
    assert found is not None
    return int(found[1])


def test_ports_match_and_nothing_is_open_to_other_hosts() -> None:
    assert asked_port(SERVICES["api"]) == settings_of(SERVICES["api"]["environment"]).api_port
    for each in WORKERS.values():
        assert asked_port(each) == settings_of(each["environment"]).worker_port
    for each in SERVICES.values():
        assert all(port.startswith("127.0.0.1:") for port in each.get("ports", ()))
    api_port = settings_of(SERVICES["api"]["environment"]).api_port
    assert SERVICES["api"]["ports"] == [f"127.0.0.1:{api_port}:{api_port}"]
    [compose] = read(COMPOSE)
    assert compose["networks"]["inside"]["internal"] is True
    for name in (*KAFKAS, *WORKERS, "postgres", "init"):
        assert SERVICES[name]["networks"] == ["inside"]


def test_prometheus_asks_every_part_and_its_files_are_there() -> None:
    [config] = read(PROMETHEUS / "prometheus.yaml")
    targets = {
        target
        for job in config["scrape_configs"]
        for group in job["static_configs"]
        for target in group["targets"]
    }
    api_port = settings_of(SERVICES["api"]["environment"]).api_port
    wanted = {
        f"{name}:{settings_of(each['environment']).worker_port}" for name, each in WORKERS.items()
    }
    assert targets == wanted | {f"api:{api_port}"}
    mounted = [each for each in SERVICES["prometheus"]["volumes"] if each.startswith("..")]
    for mount in mounted:
        assert (COMPOSE.parent / mount.split(":")[0]).is_file()
    assert {Path(mount.split(":")[1]).name for mount in mounted} >= set(config["rule_files"])


def test_volumes_are_declared_and_used() -> None:
    [compose] = read(COMPOSE)
    used = {
        mount.split(":")[0]
        for each in SERVICES.values()
        for mount in each.get("volumes", ())
        if not mount.startswith(".")
    }
    assert used == compose["volumes"].keys()
    for each in OURS.values():
        assert (COMPOSE.parent / each["build"]["context"] / each["build"]["dockerfile"]).is_file()
