"""deploy/kubernetes: valid by the API's schemas, and of one mind with the code that it starts."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from itertools import pairwise
from typing import Any
from urllib.request import urlopen

import kubernetes_validate
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foodtrace_api.__main__ import GRACE_S
from foodtrace_api.app import create_app
from foodtrace_bus import exits
from foodtrace_deploy.commands.exits import Exit
from foodtrace_ops.settings import Settings, variable
from foodtrace_schemas.topics import DEFAULT_PREFIX, required_config, topic_specs
from foodtrace_streams.app import ASKERS, STOP_WITHIN_S, WRITERS
from foodtrace_streams.serve import serve
from support.manifests import (
    KUBERNETES,
    Document,
    container,
    environment,
    images,
    names_host,
    of_kind,
    open_secrets,
    pods,
    read,
    resources,
    settings_of,
    unknown_variables,
)

OWN = ("kafka.strimzi.io/", "postgresql.cnpg.io/", "kustomize.config.k8s.io/")
CORE = [each for each in resources() if not each["apiVersion"].startswith(OWN)]
PODS = pods()
WORKER, API, JOB = "foodtrace-worker", "foodtrace-api", "foodtrace-init"


def name_of(document: Document) -> str:
    return f"{document['kind']}-{document['metadata']['name']}"


@pytest.mark.parametrize("version", ["1.31", kubernetes_validate.latest_version()])
@pytest.mark.parametrize("document", CORE, ids=name_of)
def test_every_resource_of_kubernetes_is_one(document: Document, version: str) -> None:
    kubernetes_validate.validate(document, ".".join(version.split(".")[:2]), strict=True)


@settings(max_examples=20)
@given(st.sampled_from(CORE), st.text("abcxyz", min_size=3, max_size=8))
def test_a_field_that_nobody_knows_is_found(document: Document, field: str) -> None:
    spoilt = deepcopy(document)
    spoilt.setdefault("spec" if "spec" in document else "metadata", {})[field + "zz"] = "x"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(spoilt, "1.34", strict=True)


def test_the_kustomization_names_every_file() -> None:
    [kustomization] = read(KUBERNETES / "kustomization.yaml")
    files = {path.name for path in KUBERNETES.glob("*.yaml")} - {"kustomization.yaml"}
    assert set(kustomization["resources"]) == files
    assert kustomization["namespace"] == of_kind("Namespace")["metadata"]["name"]
    named = {each["name"]: each["newTag"] for each in kustomization["images"]}
    assert named.keys() == set(images(resources()))
    assert "latest" not in named.values()


def test_no_image_names_a_registry() -> None:
    assert not [each for each in images(resources()) if names_host(each)]
    assert names_host("example.org/foodtrace:1")
    assert names_host("localhost:5000/foodtrace")
    assert not names_host("apache/kafka:4.3.1")


# -- Kafka: fields as Strimzi's reference says they have to be


def test_kafka_keeps_evidence_on_three_nodes() -> None:
    pool, kafka = of_kind("KafkaNodePool"), of_kind("Kafka")["spec"]["kafka"]
    assert pool["metadata"]["labels"]["strimzi.io/cluster"] == of_kind("Kafka")["metadata"]["name"]
    assert pool["spec"]["replicas"] == 3
    assert set(pool["spec"]["roles"]) == {"broker", "controller"}
    [volume] = pool["spec"]["storage"]["volumes"]
    assert (volume["type"], volume["deleteClaim"]) == ("persistent-claim", False)
    config = kafka["config"]
    assert config["auto.create.topics.enable"] is False
    for name in config:
        if name.endswith("replication.factor"):
            assert config[name] == 3, name
        if name.endswith(("min.isr", "insync.replicas")):
            assert config[name] == 2, name
    assert {"default.replication.factor", "min.insync.replicas"} <= config.keys()
    broker = {"retention.ms": "log.retention.ms", "retention.bytes": "log.retention.bytes"}
    broker |= {"message.timestamp.type": "log.message.timestamp.type"}
    broker |= {"unclean.leader.election.enable": "unclean.leader.election.enable"}
    wanted = required_config("trade", 3)
    for topic_setting, name in broker.items():
        assert str(config[name]).lower() == wanted[topic_setting].lower()
    largest = max(int(one.config["max.message.bytes"]) for one in topic_specs())
    assert int(config["message.max.bytes"]) >= largest
    assert "topicOperator" not in of_kind("Kafka")["spec"]["entityOperator"]


def test_parts_reach_the_listener_by_its_own_rules() -> None:
    kafka = of_kind("Kafka")
    [listener] = kafka["spec"]["kafka"]["listeners"]
    assert kafka["spec"]["kafka"]["authorization"] == {"type": "simple"}
    for pod in PODS.values():
        env = environment(pod)
        told = settings_of(env)
        name = f"{kafka['metadata']['name']}-kafka-bootstrap:{listener['port']}"
        assert told.brokers == name
        assert (listener["tls"], listener["authentication"]["type"]) == (True, "scram-sha-512")
        assert told.broker_security == "SASL_SSL"
        assert told.broker_mechanism.lower() == listener["authentication"]["type"]
        [ca] = [each for each in pod["volumes"] if each["name"] == "kafka-ca"]
        assert ca["secret"]["secretName"] == f"{kafka['metadata']['name']}-cluster-ca-cert"
        [mount] = [each for each in container(pod)["volumeMounts"] if each["name"] == "kafka-ca"]
        assert told.broker_ca == f"{mount['mountPath']}/{ca['secret']['items'][0]['path']}"


def users() -> Iterator[Document]:
    return (each for each in resources() if each["kind"] == "KafkaUser")


def test_every_user_belongs_to_the_cluster_and_sources_only_write_their_own() -> None:
    cluster = of_kind("Kafka")["metadata"]["name"]
    for user in users():
        assert user["metadata"]["labels"]["strimzi.io/cluster"] == cluster
        assert user["spec"]["authentication"]["type"] == "scram-sha-512"
        assert user["spec"]["authorization"]["type"] == "simple"
    [source] = [each for each in users() if each["metadata"]["name"].startswith("source-")]
    [acl] = source["spec"]["authorization"]["acls"]
    assert acl["resource"]["patternType"] == "literal"
    assert acl["resource"]["name"].startswith(f"{DEFAULT_PREFIX}in.")
    assert set(acl["operations"]) == {"Describe", "Write"}


def test_each_part_has_a_user_of_its_own_and_its_password_from_that_users_secret() -> None:
    known = {each["metadata"]["name"] for each in users()}
    taken = []
    for pod in PODS.values():
        env = environment(pod)
        user = env["FOODTRACE_BROKER_USERNAME"]
        assert env["FOODTRACE_BROKER_PASSWORD"] == {
            "secretKeyRef": {"name": user, "key": "password"}
        }
        assert user in known
        taken.append(user)
    assert len(set(taken)) == len(PODS)


# -- PostgreSQL: fields as CloudNativePG's reference says they have to be


def test_postgres_holds_every_connection_and_loses_no_commit() -> None:
    cluster = of_kind("Cluster")
    spec = cluster["spec"]
    assert spec["instances"] == 3
    assert spec["imageCatalogRef"]["major"] == 18
    assert spec["postgresql"]["synchronous"] == {
        "method": "any",
        "number": 1,
        "dataDurability": "required",
    }
    workers = of_kind("StatefulSet")["spec"]["replicas"] * (WRITERS + ASKERS)
    # One more door while a new one replaces an old one.
    doors = (of_kind("Deployment")["spec"]["replicas"] + 1) * Settings().database_pool
    assert workers + doors + 20 <= int(spec["postgresql"]["parameters"]["max_connections"])
    secret = {"secretKeyRef": {"name": f"{cluster['metadata']['name']}-app", "key": "uri"}}
    for pod in PODS.values():
        assert environment(pod)["FOODTRACE_DATABASE_URL"] == secret


# -- Our own parts


@pytest.mark.parametrize("name", PODS)
def test_every_variable_is_a_setting_and_no_secret_is_written_down(name: str) -> None:
    env = environment(PODS[name])
    assert unknown_variables(env) == []
    assert open_secrets(env) == []
    assert settings_of(env).replication == 3
    assert not [each for each in resources() if each["kind"] == "Secret"]


@given(st.data())
def test_a_variable_that_is_misspelt_or_a_secret_written_down_is_found(data: st.DataObject) -> None:
    env: dict[str, Any] = dict(environment(PODS[data.draw(st.sampled_from(sorted(PODS)))]))
    name = data.draw(st.sampled_from(sorted(each for each in env if "FOODTRACE" in each)))
    at = data.draw(st.integers(len("FOODTRACE_"), len(name)))
    spoilt = name[:at] + "Q" + name[at:]
    assert unknown_variables({**env, spoilt: "x"}) == [spoilt]
    assert open_secrets({**env, "FOODTRACE_BROKER_PASSWORD": "x"}) == ["FOODTRACE_BROKER_PASSWORD"]


@pytest.mark.parametrize("name", PODS)
def test_pods_run_as_nobody_in_particular_with_what_they_need(name: str) -> None:
    pod = PODS[name]
    one = container(pod)
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert one["securityContext"]["allowPrivilegeEscalation"] is False
    assert one["terminationMessagePolicy"] == "FallbackToLogsOnError"
    templates = of_kind("StatefulSet")["spec"]["volumeClaimTemplates"] if name == WORKER else []
    volumes = {each["name"] for each in pod["volumes"]}
    volumes |= {each["metadata"]["name"] for each in templates}
    assert {each["name"] for each in one["volumeMounts"]} == volumes
    # Its root is read-only, so what it writes has to be mounted.
    mounts = [each["mountPath"] for each in one["volumeMounts"] if not each.get("readOnly")]
    data = environment(pod).get("FOODTRACE_DATA_FOLDER", "/tmp")
    assert any(f"{data}/".startswith(f"{mount}/") for mount in mounts)


def test_the_signing_key_is_mounted_where_the_worker_looks_and_not_for_everybody() -> None:
    pod = PODS[WORKER]
    [volume] = [each for each in pod["volumes"] if each["name"] == "evidence"]
    [mount] = [each for each in container(pod)["volumeMounts"] if each["name"] == "evidence"]
    told = settings_of(environment(pod)).evidence_key
    assert told == f"{mount['mountPath']}/evidence.pem"
    assert volume["secret"]["defaultMode"] & 0o007 == 0
    assert volume["secret"]["defaultMode"] & 0o040
    assert "evidence_key" not in settings_of(environment(PODS[API])).model_fields_set


def test_ports_are_those_that_the_parts_listen_on() -> None:
    for name, setting, port_name in ((API, "api_port", "http"), (WORKER, "worker_port", "watch")):
        kind = "Deployment" if name == API else "StatefulSet"
        one = container(PODS[name])
        told = settings_of(environment(PODS[name]))
        [port] = one["ports"]
        assert port == {"name": port_name, "containerPort": getattr(told, setting)}
        [service] = of_kind("Service", name)["spec"]["ports"]
        assert (service["targetPort"], service["port"]) == (port_name, port["containerPort"])
        annotations = of_kind(kind)["spec"]["template"]["metadata"]["annotations"]
        assert annotations["prometheus.io/port"] == str(port["containerPort"])
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            if probe in one:
                assert one[probe]["httpGet"]["port"] == port_name
    assert settings_of(environment(PODS[API])).api_host == "0.0.0.0"
    assert settings_of(environment(PODS[WORKER])).worker_host == "0.0.0.0"


def test_probes_ask_for_pages_that_there_are() -> None:
    routes = create_app(Settings()).openapi()["paths"]
    asked = container(PODS[API])
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert asked[probe]["httpGet"]["path"] in routes
    # An outage behind the door is told by the door, which therefore stays in the service.
    assert asked["readinessProbe"]["httpGet"]["path"] == "/healthz"
    worker = container(PODS[WORKER])
    server = serve(0, lambda: True)
    try:
        for probe in ("readinessProbe", "livenessProbe"):
            path = worker[probe]["httpGet"]["path"]
            with urlopen(f"http://127.0.0.1:{server.server_port}{path}") as page:
                assert page.status == 200
    finally:
        server.shutdown()
        server.server_close()


def test_workers_are_numbered_and_each_can_have_a_partition() -> None:
    workers = of_kind("StatefulSet")
    assert environment(PODS[WORKER])[variable("worker_index")] == {
        "fieldRef": {"fieldPath": "metadata.labels['apps.kubernetes.io/pod-index']"}
    }
    most = max(one.partitions for one in topic_specs())
    assert workers["spec"]["replicas"] <= most
    assert workers["spec"]["serviceName"] == of_kind("Service", WORKER)["metadata"]["name"]


def test_time_to_end_is_more_than_the_parts_take() -> None:
    assert PODS[WORKER]["terminationGracePeriodSeconds"] > 2 * STOP_WITHIN_S
    assert PODS[API]["terminationGracePeriodSeconds"] > GRACE_S


def test_the_job_ends_for_good_where_somebody_has_to_act() -> None:
    job = of_kind("Job")["spec"]
    rules = {
        rule["action"]: set(rule["onExitCodes"]["values"])
        for rule in job["podFailurePolicy"]["rules"]
    }
    assert rules["FailJob"] == {Exit.NOT_STARTED, Exit.USAGE, Exit.DEFECT, exits.SETTINGS}
    assert rules["Count"] == {Exit.UNAVAILABLE}
    assert job["backoffLimit"] > 3
    assert PODS[JOB]["restartPolicy"] == "Never"
    assert container(PODS[JOB])["command"][:2] == ["foodtrace", "init"]


def test_disruptions_take_one_at_a_time() -> None:
    budgets = [each for each in resources() if each["kind"] == "PodDisruptionBudget"]
    assert len(budgets) == 2
    for budget in budgets:
        kind = "Deployment" if budget["metadata"]["name"] == API else "StatefulSet"
        made = of_kind(kind, budget["metadata"]["name"])
        labels = made["spec"]["template"]["metadata"]["labels"]
        assert budget["spec"]["selector"]["matchLabels"].items() <= labels.items()
        assert budget["spec"]["maxUnavailable"] == 1 < made["spec"]["replicas"]
    template = of_kind("Kafka")["spec"]["kafka"]["template"]
    assert template["podDisruptionBudget"]["maxUnavailable"] == 1


def test_what_makes_things_ready_comes_before_what_needs_them() -> None:
    order = [each["kind"] for each in resources()]
    for before, after in pairwise(["Namespace", "Kafka", "Cluster", "Job", "Deployment"]):
        assert order.index(before) < order.index(after)
