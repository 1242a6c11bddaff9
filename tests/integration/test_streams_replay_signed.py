"""A replay and the checkpoints that were signed: of what isn't there, of what isn't read yet, and of
the last moment; and the letters that it takes over, of the moment that it is compared at."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from aiokafka import AIOKafkaProducer
from sqlalchemy import text

from foodtrace.evidence import EMPTY_ROOT, FIRST_LINK, Checkpoint
from foodtrace_bus.cluster import Cluster
from foodtrace_ledger import migrate
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.evidence import Head, heads
from foodtrace_ledger.rebuild import beside
from foodtrace_ledger.schemas import NEXT
from foodtrace_office import evidence as office
from foodtrace_office.signing import SigningKey, make_key
from foodtrace_schemas.topics import topic_of
from foodtrace_streams.replay.follow import Bus, Follower
from foodtrace_streams.replay.news import News
from foodtrace_streams.replay.ranges import Reads
from support.fixtures import Broker
from support.ledger import goods, trade
from support.replaying import bring_in, replay_here
from support.streams import Stage, staged, until


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    """Some trades in the ledger, and no worker that runs."""
    if broker.kind != "kafka":
        pytest.skip("the memory broker lives and dies with its ledger")
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build()
        made.append(trade(n, "a", "b", goods(f"L{n % 5}", 2)) for n in range(20))
        bring_in(made)
        yield made


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return make_key(tmp_path / "key.pem")


def _longest(stage: Stage) -> Head:
    with stage.engine.connect() as conn:
        return max(heads(conn), key=lambda head: head.size)


def _sign(stage: Stage, key: SigningKey, head: Head, said: Checkpoint) -> None:
    with stage.engine.begin() as conn:
        conn.execute(text("DELETE FROM office.checkpoint"))
        spot = (head.log, head.topic, head.partition)
        office.save(conn, spot, said.size, key.sign_checkpoint(said))


def _end(stage: Stage, head: Head) -> int:
    """Where the log of a tree ends."""
    part = (head.topic, head.partition)
    with Cluster(stage.broker.bootstrap) as cluster:
        ends = cluster.ends([part])
    assert isinstance(ends, dict)
    return ends[part]


def _said(head: Head) -> Checkpoint:
    return head.checkpoint(f"foodtrace/x/{head.topic}/{head.partition}/{head.log}")


def test_one_of_a_partition_that_has_no_rebuilt_tree(stage: Stage, key: SigningKey) -> None:
    topic = topic_of("inspection", stage.prefix)
    with Cluster(stage.broker.bootstrap) as cluster:
        log = cluster.logs([topic])[topic].log
    said = Checkpoint(
        origin=f"foodtrace/x/{topic}/0/{log}",
        size=3,
        root=EMPTY_ROOT,
        link=FIRST_LINK,
        next_offset=3,
        as_of=datetime(2026, 5, 21, tzinfo=UTC),
    )
    empty = replace(_longest(stage), topic=topic, partition=0, log=log)
    _sign(stage, key, empty, said)
    ended = replay_here(stage)
    assert ended.last.get("problem") == "replay.evidence-missing", ended.last
    assert f"{topic}/0" in ended.last["detail"]
    # One of a log that this topic had before says nothing.
    _sign(stage, key, replace(empty, log="another"), said)
    assert replay_here(stage).last.get("state") == "switched"


def test_one_of_more_records_than_the_log_holds(stage: Stage, key: SigningKey) -> None:
    # What was aborted leaves offsets without records: room for what may have been taken away.
    head = _longest(stage)
    asyncio.run(_abort(stage, head))
    # The aborted record, and the marker that the brokers write after they have answered.
    until("aborted", lambda: _end(stage, head) == head.next_offset + 2)
    bring_in(stage)
    head = _longest(stage)
    assert head.next_offset == head.size + 2
    said = _said(head)
    for more in (
        replace(said, size=head.next_offset + 1, next_offset=head.next_offset + 1),
        replace(said, size=head.size + 1, next_offset=head.next_offset),
    ):
        _sign(stage, key, head, more)
        ended = replay_here(stage)
        assert ended.last.get("problem") == "replay.evidence-missing", ended.last
        assert f"{head.topic}/{head.partition} at {more.size} records" in ended.last["detail"]


async def _abort(stage: Stage, head: Head) -> None:
    producer = AIOKafkaProducer(
        bootstrap_servers=stage.broker.bootstrap, transactional_id=stage.prefix + "outsider"
    )
    await producer.start()
    try:
        await producer.begin_transaction()
        await producer.send_and_wait(head.topic, b"aborted", partition=head.partition)
        await producer.abort_transaction()
    finally:
        await producer.stop()


def test_one_of_records_that_arent_read_yet_is_no_fault(stage: Stage, key: SigningKey) -> None:
    head = _longest(stage)
    said = _said(head)
    number = 100
    while _end(stage, head) == said.next_offset:
        stage.append([trade(number, "a", "b", goods("L1"))])
        number += 1
    _sign(stage, key, head, replace(said, size=said.size + 1, next_offset=said.next_offset + 1))
    ended = replay_here(stage)
    assert ended.last.get("state") == "switched", ended.last
    assert ended.last["checkpoints"] == 0


def test_one_that_is_signed_right_before_the_switch(stage: Stage, key: SigningKey) -> None:
    head = _longest(stage)
    forged = replace(_said(head), root=bytes(32))
    locked = threading.Event()

    def sign_late() -> None:
        with stage.engine.begin() as conn:
            # A writer that the switch has to wait for, when all else has been checked.
            conn.exec_driver_sql("LOCK TABLE ledger.position IN ROW EXCLUSIVE MODE")
            locked.set()
            until("the switch waits", lambda: _is_waiting(stage))
            _sign(stage, key, head, forged)

    late = threading.Thread(target=sign_late)
    late.start()
    locked.wait()
    ended = replay_here(stage)
    late.join()
    assert ended.last.get("problem") == "replay.evidence-differs", ended.last


def _is_waiting(stage: Stage) -> bool:
    waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'ledger.position'::regclass"
    return bool(stage.rows(waiting))


def test_the_way_back_is_held_against_what_was_signed_too(stage: Stage, key: SigningKey) -> None:
    assert replay_here(stage).last.get("state") == "switched"
    head = _longest(stage)
    _sign(stage, key, head, replace(_said(head), root=bytes(32)))
    refused = replay_here(stage, "back")
    assert refused.last.get("problem") == "replay.evidence-differs", refused.last
    assert f"{head.topic}/{head.partition}" in refused.last["detail"]
    _sign(stage, key, head, _said(head))
    # A younger release went forward: this program brings its own ledger up, and back.
    with stage.engine.begin() as conn:
        conn.execute(text("UPDATE ledger.alembic_version SET version_num = '9999'"))
    late = trade("late", "a", "b", goods("L1"))
    stage.append([late])
    ended = replay_here(stage, "back")
    assert ended.last.get("state") == "switched", ended.last
    assert ended.last["checkpoints"] == 1
    assert late.envelope.event_id in stage.events()
    # The other way it isn't this program's to write, so it stays as it is.
    refused = replay_here(stage, "back")
    assert refused.last.get("problem") == "replay.other-revision", refused.last
    assert "9999" in refused.last["detail"]
    status = replay_here(stage, "status").last
    assert (status["live"], status["before"]) == (migrate.head(), "9999")


def test_a_letter_that_is_written_while_both_are_compared(stage: Stage) -> None:
    reads = Reads.of(stage.prefix, "foodtrace")
    live = make_engine(stage.database, application=beside.APPLICATION)
    beside.make(stage.database, live)
    access = stage.settings(0, 0).access()
    with Cluster(stage.broker.bootstrap) as cluster:
        bus = Bus(access=access, cluster=cluster, reads=reads, log=stage.broker.log)
        news = News(out=StringIO())
        with Follower(stage.database, NEXT, live, bus, news, same=True, copies=True) as rebuilt:
            rebuilt.bring("load")
            with snapshot(live) as seen:
                _crashed(stage)
                rebuilt.bring("follow", seen)
                # It is beyond what is compared.
                assert stage.rows(f"SELECT code FROM {NEXT}.dead_letter") == []
            rebuilt.bring("follow")
            assert stage.rows(f"SELECT code FROM {NEXT}.dead_letter") == [("ledger.crashed",)]
    live.dispose()


def _crashed(stage: Stage) -> None:
    """A worker puts the next record of a partition aside."""
    head = _longest(stage)
    with stage.engine.begin() as conn:
        conn.execute(
            text(
                'INSERT INTO ledger.dead_letter (log, topic, partition, "offset", received_at,'
                " consumer, code, detail, key, value, headers, published) VALUES (:log, :topic,"
                " :partition, :offset, now(), 'foodtrace', 'ledger.crashed', 'once', 'k', 'v',"
                " '[]', true)"
            ),
            {
                "log": head.log,
                "topic": head.topic,
                "partition": head.partition,
                "offset": head.next_offset,
            },
        )
