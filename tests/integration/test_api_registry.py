"""/registry, asked by Confluent's own client and by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.serialization import MessageField, SerializationContext
from sqlalchemy import create_engine, make_url, text

from foodtrace_bus.schemas_topic import SchemasTopic
from foodtrace_ops.settings import Settings
from foodtrace_schemas.contracts import schema_text
from foodtrace_schemas.topics import KIND_TABLE, schemas_topic
from support.door import asking, keys_of, ready, serving

V1: dict[str, Any] = {
    "type": "record",
    "name": "Weighing",
    "namespace": "scale",
    "fields": [{"name": "grams", "type": "long"}],
}
V2 = {
    **V1,
    "fields": [*V1["fields"], {"name": "unit", "type": ["null", "string"], "default": None}],
}
CLASH = {**V1, "fields": [{"name": "grams", "type": "string"}]}


@pytest.fixture
def confluent(door: str, keys: dict[str, str]) -> Iterator[SchemaRegistryClient]:
    with _client(door, keys["ops"]) as client:
        yield client


def _client(door: str, key: str) -> SchemaRegistryClient:
    return SchemaRegistryClient({"url": f"{door}/registry", "basic.auth.user.info": f"ops:{key}"})


def _avro(schema: Any) -> Schema:
    return Schema(json.dumps(schema), "AVRO")


def test_confluents_client_registers_reads_and_compares(confluent: SchemaRegistryClient) -> None:
    first = confluent.register_schema("scale-value", _avro(V1))
    assert confluent.register_schema("scale-value", _avro(V1)) == first
    second = confluent.register_schema("scale-value", _avro(V2))
    assert second != first
    assert confluent.get_versions("scale-value") == [1, 2]
    assert "scale-value" in confluent.get_subjects()
    latest = confluent.get_latest_version("scale-value")
    assert (latest.schema_id, latest.version) == (second, 2)
    assert json.loads(confluent.get_schema(first).schema_str)["fields"] == V1["fields"]
    assert confluent.lookup_schema("scale-value", _avro(V1)).schema_id == first
    assert confluent.test_compatibility("scale-value", _avro(V2))
    assert not confluent.test_compatibility("scale-value", _avro(CLASH))
    assert confluent.register_schema("elsewhere", _avro(V1)) == first


def test_confluents_client_hears_errors_as_it_knows_them(confluent: SchemaRegistryClient) -> None:
    confluent.register_schema("scale-value", _avro(V1))
    with pytest.raises(SchemaRegistryError) as clash:
        confluent.register_schema("scale-value", _avro(CLASH))
    with pytest.raises(SchemaRegistryError) as unknown:
        confluent.get_latest_version("nothing")
    with pytest.raises(SchemaRegistryError) as broken:
        confluent.register_schema("scale-value", Schema("{", "AVRO"))
    told = [(e.value.http_status_code, e.value.error_code) for e in (clash, unknown, broken)]
    assert told == [(409, 409), (404, 40401), (422, 42201)]


def test_levels_are_set_and_inherited(confluent: SchemaRegistryClient) -> None:
    assert confluent.get_compatibility() == "FULL_TRANSITIVE"
    confluent.set_compatibility("scale-value", "NONE")
    assert confluent.get_compatibility("scale-value") == "NONE"
    confluent.register_schema("scale-value", _avro(V1))
    confluent.register_schema("scale-value", _avro(CLASH))


def test_only_ops_register(door: str, keys: dict[str, str]) -> None:
    with (
        _client(door, keys["inspector"]) as client,
        pytest.raises(SchemaRegistryError) as refused,
    ):
        client.register_schema("s", _avro(V1))
    assert (refused.value.http_status_code, refused.value.error_code) == (403, 40301)
    with asking(door) as nobody:
        missing = nobody.post("/registry/subjects/s/versions", json={"schema": "{}"})
        assert (missing.status_code, missing.json()["error_code"]) == (401, 40101)
        assert missing.headers["www-authenticate"].startswith("Basic")
        assert nobody.get("/registry/subjects").status_code == 200


def test_every_contract_of_ours_is_there_and_on_the_topic(
    confluent: SchemaRegistryClient, settings: Settings
) -> None:
    subjects = {row.subject: row.kind for row in KIND_TABLE.values()}
    assert set(confluent.get_subjects()) == set(subjects)
    with SchemasTopic(settings.brokers, schemas_topic(settings.topic_prefix)) as topic:
        told = {row.subject: row for row in topic.read()}
    for subject, kind in subjects.items():
        latest = confluent.get_latest_version(subject)
        assert latest.schema.schema_str == schema_text(kind) == told[subject].schema
        assert latest.schema_id == told[subject].schema_id


def test_what_is_registered_stands_on_the_topic_before_the_answer(
    confluent: SchemaRegistryClient, settings: Settings
) -> None:
    schema_id = confluent.register_schema("scale-value", _avro(V1))
    with SchemasTopic(settings.brokers, schemas_topic(settings.topic_prefix)) as topic:
        assert ("scale-value", schema_id) in {(r.subject, r.schema_id) for r in topic.read()}


def test_a_lost_office_is_restored_from_the_topic(settings: Settings, database: str) -> None:
    with serving(settings) as address, _client(address, keys_of(database)["ops"]) as client:
        ready(address)
        first = client.register_schema("scale-value", _avro(V1))
        second = client.register_schema("scale-value", _avro(V2))
        before = {each: client.get_latest_version(each).schema_id for each in client.get_subjects()}
    engine = create_engine(make_url(database).set(drivername="postgresql+psycopg2"))
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE office.schema_version, office.schema RESTART IDENTITY"))
    engine.dispose()
    with serving(settings) as address, asking(address) as nobody:
        ready(address)
        after = {
            each: nobody.get(f"/registry/subjects/{each}/versions/latest").json()["id"]
            for each in nobody.get("/registry/subjects").json()
        }
        assert after == before
        assert nobody.get("/registry/subjects/scale-value/versions/1").json()["id"] == first
        assert first != second


def test_the_avro_serializer_writes_with_what_is_registered(
    confluent: SchemaRegistryClient,
) -> None:
    schema_id = confluent.register_schema("scale.Weighing", _avro(V1))
    write = AvroSerializer(
        confluent,
        json.dumps(V1),
        conf={
            "auto.register.schemas": False,
            "subject.name.strategy": lambda _context, record: record,
        },
    )
    value = write({"grams": 5}, SerializationContext("in.scale", MessageField.VALUE))
    assert value is not None
    assert value[:5] == b"\0" + schema_id.to_bytes(4)


def test_odd_requests_get_confluents_error_body(ops: httpx.Client) -> None:
    asked = {
        "/registry/subjects/foodtrace.Trade/versions/x": (422, 42202),
        "/registry/subjects/foodtrace.Trade/versions/99": (404, 40402),
        "/registry/schemas/ids/999999": (404, 40403),
        "/registry/schemas/ids/x": (422, 42200),
        "/registry/config/foodtrace.Trade": (404, 40408),
        "/registry/nothing": (404, 404),
    }
    told = {path: ops.get(path) for path in asked}
    assert {
        path: (answer.status_code, answer.json()["error_code"]) for path, answer in told.items()
    } == asked
    types = {answer.headers["content-type"] for answer in told.values()}
    assert types == {"application/vnd.schemaregistry.v1+json"}
    odd = ops.put("/registry/config", json={"compatibility": "SOMEHOW"})
    assert (odd.status_code, odd.json()["error_code"]) == (422, 42203)
    no_body = ops.post("/registry/subjects/s/versions", content=b"{")
    assert (no_body.status_code, no_body.json()["error_code"]) == (422, 42200)


def test_the_small_routes_answer(ops: httpx.Client) -> None:
    trade = ops.get("/registry/subjects/foodtrace.Trade/versions/latest").json()
    assert ops.get("/registry/schemas/types").json() == ["AVRO"]
    assert ops.get("/registry/mode").json() == {"mode": "READWRITE"}
    assert ops.get("/registry/").json() == {}
    by_id = f"/registry/schemas/ids/{trade['id']}"
    assert ops.get(by_id).json() == {"schema": trade["schema"]}
    assert ops.get(f"{by_id}/schema").json() == json.loads(trade["schema"])
    assert ops.get(f"{by_id}/subjects").json() == ["foodtrace.Trade"]
    assert ops.get(f"{by_id}/versions").json() == [{"subject": "foodtrace.Trade", "version": 1}]
    some = ops.get("/registry/subjects", params={"subjectPrefix": "foodtrace.T"}).json()
    assert some == ["foodtrace.Trade", "foodtrace.Transfer", "foodtrace.Transformation"]
    compared = ops.post(
        "/registry/compatibility/subjects/foodtrace.Trade/versions",
        params={"verbose": True},
        json={"schema": json.dumps(CLASH)},
    ).json()
    assert compared["is_compatible"] is False
    assert compared["messages"]
