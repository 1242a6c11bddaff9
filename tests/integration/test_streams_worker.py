"""The worker on real Kafka and PostgreSQL: what comes in, what goes aside, what is told."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from sqlalchemy import text

from foodtrace_bus.records import Record
from foodtrace_ledger.engine import make_engine
from foodtrace_schemas.topics import deadletter_topic, topic_of
from support.fixtures import Broker
from support.ledger import goods, receipt, trade
from support.streams import SCHEMA_IDS, Stage, framed, publish, staged, until


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build()
        yield made


def read_all(stage: Stage, topic: str, number: int) -> list[tuple[bytes, bytes, dict[str, bytes]]]:
    """The first records of partition 0 of a topic: key, value, headers."""

    async def read() -> list[tuple[bytes, bytes, dict[str, bytes]]]:
        consumer = AIOKafkaConsumer(bootstrap_servers=stage.broker.bootstrap)
        await consumer.start()
        try:
            part = TopicPartition(topic, 0)
            consumer.assign([part])
            consumer.seek(part, 0)
            found = [await consumer.getone() for _ in range(number)]
            return [(one.key, one.value, dict(one.headers)) for one in found]
        finally:
            await consumer.stop()

    return asyncio.run(asyncio.wait_for(read(), 60))


def test_events_of_all_topics_reach_the_ledger_once(stage: Stage) -> None:
    before = [trade(number, "a", "b", goods(f"L{number}")) for number in range(300)]
    stage.append(before)
    worker = stage.worker().wait_ready()
    after = [receipt(number, "b", goods(f"L{number}")) for number in range(300)]
    stage.append(after)
    stage.append(after[:50])
    stage.ends_well([*before, *after])
    assert stage.letters() == []
    status, metrics = worker.get("/metrics")
    assert status == 200
    name = f'foodtrace_ledger_events_total{{topic="{stage.prefix}trade"}}'
    assert f"{name} 300.0" in metrics
    lag = f'foodtrace_lag_records{{partition="0",topic="{stage.prefix}trade"}} 0.0'
    until("the lag is told", lambda: lag in worker.get("/metrics")[1])
    assert worker.get("/nowhere")[0] == 404
    assert worker.stop() == 0


def test_poison_goes_aside_and_everything_beside_it_goes_in(stage: Stage) -> None:
    good = [trade(number, "a", "b", goods(f"L{number}")) for number in range(40)]
    topic = topic_of("trade", stage.prefix)
    whole = framed(good[0])
    unknown_schema = b"\x00" + (9999).to_bytes(4, "big") + whole[5:]
    other_kind = b"\x00" + SCHEMA_IDS["void"].to_bytes(4, "big") + whole[5:]
    poison: dict[bytes, tuple[bytes | None, str]] = {
        b"tombstone": (None, "avro.too-short"),
        b"empty": (b"", "avro.too-short"),
        b"text": (b"hello, world", "avro.wrong-magic"),
        b"unknown schema": (unknown_schema, "avro.unknown-schema"),
        b"cut short": (whole[:-7], "avro.broken"),
        b"other kind": (other_kind, "avro."),
        b"too much": (whole + b"\x00", "avro.trailing-bytes"),
        b"huge": (b"\x00" + b"\xff" * 3_900_000, "avro."),
    }
    records = [stage.record(event) for event in good]
    bad = [
        Record(topic=topic, key=key, value=value, headers=(("sent-by", b"till 7"),))
        for key, (value, _) in poison.items()
    ]
    stored = publish(stage.broker, [*records[:20], *bad, *records[20:]])
    stage.worker()
    stage.ends_well(good)

    places = {(one.topic, one.partition, one.offset) for one in stored[20 : 20 + len(bad)]}
    letters = stage.letters()
    assert {letter[:3] for letter in letters} == places
    columns = "key, value, code, headers, schema_id, log, path"
    for key, value, code, headers, schema_id, log, _ in stage.rows(
        f"SELECT {columns} FROM ledger.dead_letter"
    ):
        sent, expected = poison[bytes(key)]
        assert code.startswith(expected)
        assert (None if value is None else bytes(value)) == sent
        assert headers == [["sent-by", b"till 7".hex()]]
        assert len(log) == 36
        assert schema_id == (9999 if bytes(key) == b"unknown schema" else schema_id)

    until(
        "all letters relayed",
        lambda: not stage.rows("SELECT 1 FROM ledger.dead_letter WHERE NOT published"),
    )
    relayed = read_all(stage, deadletter_topic(stage.prefix), len(bad))
    told = {bytes.fromhex(headers["foodtrace.key"].decode()): headers for _, _, headers in relayed}
    assert set(told) == set(poison)
    for key, headers in told.items():
        assert headers["foodtrace.code"].decode().startswith(poison[key][1])
        assert headers["foodtrace.topic"].decode() == topic
        assert headers["sent-by"] == b"till 7"
    assert len({key for key, _, _ in relayed}) == len(bad)


def test_an_aborted_transaction_leaves_nothing_and_stops_nobody(stage: Stage) -> None:
    if stage.broker.kind != "kafka":
        pytest.skip("the memory broker has no transactions")
    kept = [trade(f"kept-{number}", "a", "b", goods("L")) for number in range(20)]
    dropped = [trade(f"dropped-{number}", "a", "b", goods("L")) for number in range(20)]

    async def produce() -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=stage.broker.bootstrap, transactional_id=stage.prefix + "erp"
        )
        await producer.start()
        try:
            for events, commit in ((dropped[:10], False), (kept, True), (dropped[10:], False)):
                await producer.begin_transaction()
                for event in events:
                    record = stage.record(event)
                    await producer.send_and_wait(record.topic, record.value, key=record.key)
                await (producer.commit_transaction() if commit else producer.abort_transaction())
        finally:
            await producer.stop()

    asyncio.run(produce())
    stage.worker()
    # Positions reach the ends of the logs, markers and aborted records included.
    stage.ends_well(kept)
    assert stage.letters() == []


def test_a_position_held_by_a_session_that_stands_still_is_freed(stage: Stage) -> None:
    first = [trade(number, "a", "b", goods("L")) for number in range(30)]
    stage.append(first)
    stage.worker()
    stage.ends_well(first)
    frozen = make_engine(stage.database, application="foodtrace-worker-9")
    try:
        with frozen.connect() as holder:
            holder.execute(text("SELECT * FROM ledger.position FOR UPDATE"))
            more = [trade(f"more-{number}", "a", "b", goods("L")) for number in range(30)]
            stage.append(more)
            # Its own idle time-out would end it after 10 s.
            stage.wait_for([*first, *more])
            holder.invalidate()
    finally:
        frozen.dispose()
    assert "ended a session that held a position" in stage.workers[0].said()
