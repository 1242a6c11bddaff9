"""Outside topics: a source speaks in its own topic only, and what passes counts once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer

from foodtrace.events import Event
from foodtrace_bus import exits
from foodtrace_bus.records import Record
from foodtrace_bus.topics import ensure_topics
from foodtrace_schemas.topics import outside_topic, topic_of
from support.fixtures import Broker
from support.ledger import goods, receipt, trade
from support.streams import Stage, publish, staged


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build("market-a", "market-b")
        yield made


def of(source: str, number: int) -> list[Event]:
    """Trades and receipts that a source tells."""
    events: list[Event] = []
    for n in range(number):
        events += [
            trade(n, "a", "b", goods(f"L{n}"), source=source),
            receipt(n, "b", goods(f"L{n}"), source=source),
        ]
    return events


def test_what_a_source_writes_reaches_the_ledger_by_way_of_its_kinds_topics(stage: Stage) -> None:
    events = [*of("market-a", 60), *of("market-b", 40)]
    stage.append(events[:120], source="market-a")
    stage.append(events[120:], source="market-b")
    # Sent twice by the source, and once more through the other door.
    stage.append(events[:30], source="market-a")
    stage.append(events[30:40])
    stage.worker()
    stage.ends_well(events)
    outside = [outside_topic(source, stage.prefix) for source in ("market-a", "market-b")]
    stage.wait_read(outside)
    assert stage.letters() == []
    origins = {row[0] for row in stage.rows("SELECT DISTINCT topic FROM ledger.event_content")}
    assert origins == {topic_of(kind, stage.prefix) for kind in ("trade", "receipt")}
    assert {topic for topic, _ in stage.positions("foodtrace.intake")} <= set(outside)


def transact(stage: Stage, topic: str, events: list[Event], *, commit: bool) -> None:
    """Append events in a transaction that ends one way or the other."""

    async def produce() -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=stage.broker.bootstrap, transactional_id=stage.prefix + "market"
        )
        await producer.start()
        try:
            await producer.begin_transaction()
            for event in events:
                record = stage.record(event, topic)
                await producer.send_and_wait(topic, record.value, key=record.key)
            await (producer.commit_transaction() if commit else producer.abort_transaction())
        finally:
            await producer.stop()

    asyncio.run(produce())


def test_a_source_cannot_speak_for_another_nor_say_nonsense(stage: Stage) -> None:
    topic = outside_topic("market-a", stage.prefix)
    good = of("market-a", 15)
    if stage.broker.kind == "kafka":
        # What a source takes back before it commits was never said.
        transact(stage, topic, of("market-a", 25)[30:], commit=False)
        transact(stage, topic, good, commit=True)
    else:
        stage.append(good, source="market-a")
    (forged,) = stage.append([trade("x", "a", "b", source="market-b")], source="market-a")
    (broken,) = publish(
        stage.broker,
        [Record(topic=outside_topic("market-a", stage.prefix), key=b"k", value=b"nonsense")],
    )
    stage.worker()
    stage.ends_well(good)
    stage.wait_read([outside_topic("market-a", stage.prefix)])
    assert set(stage.letters()) == {
        (forged.topic, forged.partition, forged.offset, "event.wrong-source"),
        (broken.topic, broken.partition, broken.offset, "avro.wrong-magic"),
    }
    (row,) = stage.rows(
        "SELECT path, consumer FROM ledger.dead_letter WHERE code = 'event.wrong-source'"
    )
    assert row == ("envelope.source", "foodtrace.intake")


def test_a_new_source_is_read_after_a_restart_of_the_worker(stage: Stage) -> None:
    worker = stage.worker().wait_ready()
    ensure_topics(stage.broker.bootstrap, stage.prefix, outside_sources=["market-c"])
    assert worker.wait_ended() == exits.SOURCES_CHANGED
    assert worker.last_words()["restart"] is True
    events = of("market-c", 3)
    stage.append(events, source="market-c")
    stage.worker()
    stage.ends_well(events)
