"""A source with Confluent's own tools: registry, serializer and producer into its own topic."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fastavro
import httpx
import pytest
from confluent_kafka import Producer
from confluent_kafka.schema_registry import SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext

from foodtrace.events import Event
from foodtrace_bus.topics import ensure_topics
from foodtrace_ops.settings import Settings
from foodtrace_schemas import json_form
from foodtrace_schemas.codec import encode
from foodtrace_schemas.contracts import schema_text
from foodtrace_schemas.topics import outside_topic
from foodtrace_schemas.wire import HEAD_BYTES
from support.door import settings_for
from support.fixtures import Broker
from support.ledger import goods, trade
from support.streams import Stage, staged, until

SOURCE = "market-a"


@pytest.fixture
def settings(stage: Stage, tmp_path: Path) -> Settings:
    return settings_for(stage.database, stage.broker, stage.prefix, tmp_path)


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    ensure_topics(broker.bootstrap, topic_prefix, outside_sources=[SOURCE])
    with staged(broker, database, topic_prefix, tmp_path) as made:
        yield made


class Source:
    """An ERP that knows Confluent's libraries and nothing of ours."""

    def __init__(self, registry: SchemaRegistryClient, stage: Stage) -> None:
        self.topic = outside_topic(SOURCE, stage.prefix)
        self.write = AvroSerializer(
            registry,
            conf={
                "auto.register.schemas": False,
                "use.latest.version": True,
                "subject.name.strategy": lambda _context, _record: "foodtrace.Trade",
            },
        )

    def value(self, document: dict[str, Any]) -> bytes:
        written = self.write(document, SerializationContext(self.topic, MessageField.VALUE))
        assert written is not None
        return bytes(written)


def plain(event: Event) -> dict[str, Any]:
    """The document as the source has it: plain values under the contract's names."""
    schema = fastavro.parse_schema(json.loads(schema_text("trade")))
    data = io.BytesIO(encode(event, 1)[HEAD_BYTES:])
    record: Any = fastavro.schemaless_reader(data, schema, None)
    return dict(record)


@pytest.fixture
def source(door: str, stage: Stage, ops: httpx.Client) -> Iterator[Source]:
    key = ops.headers["Authorization"].removeprefix("Bearer ")
    conf = {"url": f"{door}/registry", "basic.auth.user.info": f"erp:{key}"}
    with SchemaRegistryClient(conf) as registry:
        yield Source(registry, stage)


def affected(ops: httpx.Client, code: str) -> set[str]:
    """Who has the goods of a trace code, once the ledger knows it."""

    def known() -> Any:
        found = ops.get("/v1/lots", params={"code": code})
        return found.json()["traces"] if found.status_code == httpx.codes.OK else None

    (trace,) = until(f"{code} is in the lineage", known)
    first = next(lot for lot in trace["lots"] if lot["holder"] == "A")
    answer = ops.get(f"/v1/lots/{first['lot_id']}/affected").json()
    return {each["party"] for each in answer["sellers"]} | {e["party"] for e in answer["source"]}


def test_an_event_produced_with_confluents_tools_reaches_the_lineage(
    source: Source, stage: Stage, ops: httpx.Client
) -> None:
    stage.worker()
    producer = Producer({"bootstrap.servers": stage.broker.bootstrap, "acks": "all"})
    event = trade("t-1", "a", "b", goods("LOT-1", 5), source=SOURCE)
    value = source.value(plain(event))
    producer.produce(source.topic, key=str(event.envelope.event_id), value=value)
    assert producer.flush(30) == 0
    assert affected(ops, "LOT-1") == {"A", "B"}
    found = ops.get(f"/v1/events/{event.envelope.event_id}").json()
    assert (found["source"], found["holds"]) == (SOURCE, True)
    pushed = ops.post("/v1/events", json=json_form.write(event)).json()
    assert pushed["answers"][0]["status"] == "duplicate"


def test_an_aborted_transaction_of_a_source_leaves_nothing(
    source: Source, stage: Stage, ops: httpx.Client
) -> None:
    if stage.broker.kind != "kafka":
        pytest.skip("the in-memory broker knows no transactions")
    stage.worker()
    producer = Producer(
        {"bootstrap.servers": stage.broker.bootstrap, "transactional.id": stage.prefix + "erp"}
    )
    producer.init_transactions(30)
    dropped = trade("t-1", "a", "b", goods("DROPPED"), source=SOURCE)
    kept = trade("t-2", "a", "b", goods("KEPT"), source=SOURCE)
    for event, commit in ((dropped, False), (kept, True)):
        producer.begin_transaction()
        producer.produce(source.topic, value=source.value(plain(event)))
        producer.flush(30)
        if commit:
            producer.commit_transaction(30)
        else:
            producer.abort_transaction(30)
    assert affected(ops, "KEPT") == {"A", "B"}
    stage.wait_read([source.topic])
    unknown = ops.get("/v1/lots", params={"code": "DROPPED"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "code.unknown")
    until("nothing is in flight", lambda: _in_flight(ops) == 0)
    assert stage.letters() == []


def _in_flight(ops: httpx.Client) -> int:
    told: int = ops.get("/v1/lots", params={"code": "KEPT"}).json()["completeness"]["in_flight"]
    return told
