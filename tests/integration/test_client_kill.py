"""A process with the producer kit is killed again and again: what it had taken in is in, in order."""

from __future__ import annotations

import gc
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from foodtrace.problems import OurFault
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.topics import ensure_topics
from foodtrace_client.answers import Verdict
from foodtrace_client.http_door import HttpDoor
from foodtrace_client.kafka_door import KafkaDoor
from foodtrace_client.kit import Producer
from foodtrace_client.schema_ids import RegistryIds, TopicIds
from foodtrace_client.spool_view import look
from foodtrace_ledger.engine import make_engine
from foodtrace_ops.settings import Settings
from foodtrace_schemas.codec import decode
from foodtrace_schemas.topics import KIND_TABLE, outside_topic
from support.door import push, records
from support.fixtures import Broker
from support.own_broker import own_broker
from support.spooling import HASTY, SOURCE, document
from support.streams import SCHEMA_IDS, Stage, schema_rows, staged, until

TESTS = Path(__file__).parents[1]
NOBODY = "127.0.0.1:1"


@dataclass(kw_only=True)
class Erp:
    """Starts the process one time after another, each with numbers of its own; keeps receipts."""

    folder: Path
    taken: list[tuple[int, str]]
    started: int = 0

    def run(self, *way: str, count: int = 400, kill_after: int | None = None) -> list[str]:
        """Run it and kill it after so many receipts, or let it end; gives its last words."""
        first, self.started = self.started, self.started + count
        told = [str(self.folder), str(first), str(count), *way]
        process = subprocess.Popen(
            [sys.executable, "-m", "support.spooling", *told],
            cwd=TESTS,
            env=os.environ,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        last: list[str] = []
        with process.stdout:
            for number, line in enumerate(process.stdout, 1):
                if number == kill_after:
                    process.kill()
                words = line.split()
                if line.endswith("\n") and len(words) == 2:
                    self.taken.append((int(words[0]), words[1]))
                else:
                    last.append(line.strip())
        process.wait()
        return last


@pytest.fixture
def limits() -> dict[str, Any]:
    """The door takes less at a time than the kit would like."""
    return {"max_events_per_call": 100}


@pytest.fixture
def erp(tmp_path: Path) -> Erp:
    return Erp(folder=tmp_path / "spool", taken=[])


def first_seen(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def test_over_http_every_receipt_is_in_the_ledger_once(
    erp: Erp, door: str, ops: httpx.Client, keys: dict[str, str], settings: Settings
) -> None:
    erp.run("http", f"http://{NOBODY}", keys["ops"], kill_after=70)
    assert look(erp.folder).pending >= 70
    erp.run("http", door, keys["ops"], kill_after=60)
    assert erp.run("http", door, keys["ops"], count=30) == ["flushed"]
    assert look(erp.folder).pending == 0
    push(ops, settings, document(10_000))
    engine = make_engine(settings.database_url.get_secret_value())
    with engine.connect() as conn:
        rows = conn.execute(
            text(
                'SELECT e.event_id, o."offset" FROM ledger.event e'
                " JOIN ledger.event_content o ON o.event = e.id ORDER BY 2"
            )
        )
        inside = [str(row[0]) for row in rows]
    engine.dispose()
    assert len(inside) == len(set(inside))
    wanted = [event_id for _, event_id in sorted(erp.taken)]
    assert len(wanted) >= 150
    assert [each for each in inside if each in set(wanted)] == wanted


def test_the_door_refuses_one_and_takes_the_others(
    door: str, keys: dict[str, str], settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "spool"
    with Producer(folder, HttpDoor(door, "wrong"), source=SOURCE, pauses=HASTY) as producer:
        producer.send(document(0))
        until("the key is told", lambda: producer.pending().problem)
        problem = producer.pending().problem
        assert problem is not None
        assert problem.code == "auth.unknown"
        producer.close()
    later = document(2)
    later["envelope"] |= {"occurred_at": "2099-01-01T00:00:00Z", "business_date": "2099-01-01"}
    with Producer(folder, HttpDoor(door, keys["ops"]), source=SOURCE, pauses=HASTY) as producer:
        producer.send_all([document(0), document(1), later, document(3)])
        assert producer.flush(30)
        (refused,) = producer.refused()
        assert (refused.number, refused.code) == (3, "event.from-the-future")
        assert refused.path
        assert refused.zh
        assert producer.pending().refused == 1
        assert producer.forget_refused() == 1
    # The registry behind the same address and the topic of schemas tell the same.
    over_http, in_kafka = (
        RegistryIds(door),
        TopicIds(settings.brokers, prefix=settings.topic_prefix),
    )
    assert [over_http(kind) for kind in KIND_TABLE] == [in_kafka(kind) for kind in KIND_TABLE]
    over_http.close()
    in_kafka.close()


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build(SOURCE)
        yield made


def in_topic(stage: Stage) -> dict[int, list[Any]]:
    """Records of the source's topic by partition."""
    topic = outside_topic(SOURCE, stage.prefix)
    with Cluster(stage.broker.bootstrap) as cluster:
        parts = cluster.logs([topic])[topic].partitions
        ends = cluster.ends([(topic, part) for part in range(parts)])
    assert isinstance(ends, dict)
    return {
        part: records(stage.broker.bootstrap, topic, part, 0, ends[topic, part])
        for part in range(parts)
    }


def test_over_kafka_every_receipt_is_in_the_topic_in_order(erp: Erp, stage: Stage) -> None:
    if stage.broker.kind != "kafka":
        pytest.skip("the in-memory broker can't tell where a topic ends")
    there = ("kafka", stage.broker.bootstrap, stage.prefix, stage.broker.kind)
    erp.run("kafka", NOBODY, stage.prefix, stage.broker.kind, kill_after=70)
    erp.run(*there, kill_after=60)
    assert erp.run(*there, count=30) == ["flushed"]
    texts = {row.schema_id: row.schema for row in schema_rows()}
    number = {event_id: serial for serial, event_id in erp.taken}
    inside = set()
    for found in in_topic(stage).values():
        ids = first_seen(record.key.decode() for record in found)
        known = [number[each] for each in ids if each in number]
        assert known == sorted(known)
        inside.update(ids)
        for record in found:
            event = decode(record.value, texts.get).event
            assert str(event.envelope.event_id) == record.key.decode()
    assert len(erp.taken) >= 150
    assert inside >= set(number)


def test_what_kafka_cannot_take_is_named(stage: Stage) -> None:
    ids = SCHEMA_IDS.__getitem__
    lines = [line_of(SOURCE), line_of("market-b"), line_of(SOURCE)]
    plain: dict[str, Any] = {
        "prefix": stage.prefix,
        "enable_idempotence": stage.broker.kind == "kafka",
    }
    door = KafkaDoor(stage.broker.bootstrap, SOURCE, ids, **plain)
    told = door.hand_over(lines)
    door.close()
    assert [each.verdict for each in told.answers] == [
        Verdict.ACCEPTED,
        Verdict.REFUSED,
        Verdict.ACCEPTED,
    ]
    assert told.problem is None
    missing = KafkaDoor(stage.broker.bootstrap, "nobody", ids, answer_within_s=1, **plain)
    for code, way in (
        ("bus.topic-missing", missing),
        ("push.bus-away", KafkaDoor(NOBODY, SOURCE, ids)),
        ("registry.not-ready", KafkaDoor(NOBODY, SOURCE, not_ready)),
        ("api.unreachable", KafkaDoor(NOBODY, SOURCE, RegistryIds(f"http://{NOBODY}"))),
    ):
        told = way.hand_over([line_of("nobody" if way is missing else SOURCE)])
        assert told.problem is not None
        assert (told.problem.code, told.answers) == (code, ())
        way.close()


@pytest.fixture
def dropped_here(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """What a test dropped is found now, not in somebody else's test."""
    # Kept records of the log would keep the connections that they are about.
    with caplog.at_level(logging.CRITICAL + 1, logger="kafka"):
        yield
    gc.collect()


# kafka-python drops the sockets of connections that it was still trying.
@pytest.mark.usefixtures("dropped_here")
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
)
def test_a_broker_that_dies_under_the_kit_leaves_it_waiting_and_nothing_is_sent_late(
    topic_prefix: str, tmp_path: Path
) -> None:
    with own_broker() as (broker, process):
        ensure_topics(broker.bootstrap, topic_prefix, partitions=1, outside_sources=[SOURCE])
        door = KafkaDoor(
            broker.bootstrap,
            SOURCE,
            SCHEMA_IDS.__getitem__,
            prefix=topic_prefix,
            answer_within_s=1,
            enable_idempotence=False,
        )
        before = set(threading.enumerate())
        with Producer(tmp_path / "spool", door, source=SOURCE, pauses=HASTY) as producer:
            producer.send(document(0))
            assert producer.flush(30)
            process.kill()
            process.wait()
            producer.send(document(1))
            until("the outage is told", lambda: producer.pending().problem)
            told = producer.pending()
            assert told.problem is not None
            assert (told.events, told.problem.code) == (1, "push.bus-away")
            producer.close()
        until("no thread is left that would send", lambda: set(threading.enumerate()) <= before)
        assert look(tmp_path / "spool").pending == 1


def not_ready(kind: str) -> int:
    raise OurFault("registry.not-ready", kind)


def line_of(source: str) -> bytes:
    """A document; without its id, which follows from the source."""
    told = document(7)
    del told["envelope"]["event_id"]
    told["envelope"]["source"] = source
    return json.dumps(told).encode()
