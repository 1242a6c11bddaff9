"""Workers as processes on the real servers, a hand to append events, and what is in the ledger."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import SecretStr
from sqlalchemy import Engine, text

from foodtrace.events import KINDS, Event
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.producer import Bus
from foodtrace_bus.records import Record, Stored
from foodtrace_bus.schemas_topic import SchemaRow, schema_record
from foodtrace_bus.topics import ensure_topics
from foodtrace_deploy.stack.ports import claim_any
from foodtrace_ledger.engine import make_engine
from foodtrace_ops.settings import Settings
from foodtrace_schemas.codec import encode
from foodtrace_schemas.contracts import schema_text
from foodtrace_schemas.topics import (
    ledger_topics,
    outside_topic,
    schemas_topic,
    subject_of,
    topic_of,
)
from support.fixtures import Broker

#: Seconds until a test gives up waiting for what has to happen.
PATIENCE_S = 60.0
#: Schema ids of these tests, by kind.
SCHEMA_IDS = {kind: number for number, kind in enumerate(sorted(KINDS), 1)}


def until(what: str, is_so: Callable[[], Any], within_s: float = PATIENCE_S) -> Any:
    """Wait for a condition and give its value; fails by its name when it doesn't come about."""
    deadline = time.monotonic() + within_s
    while True:
        value = is_so()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s} s: {what}")
        time.sleep(0.02)


def publish(broker: Broker, records: Iterable[Record]) -> list[Stored]:
    """Append records; every one has to be acknowledged."""

    async def send() -> list[Any]:
        bus = Bus(broker.bootstrap, idempotent=broker.kind == "kafka")
        await bus.start()
        try:
            return list(await bus.publish(list(records)))
        finally:
            await bus.stop()

    told = asyncio.run(send())
    failed = [one for one in told if not isinstance(one, Stored)]
    assert not failed, failed[0]
    return told


@cache
def schema_rows() -> tuple[SchemaRow, ...]:
    """The rows of the schemas topic of these tests."""
    return tuple(
        SchemaRow(subject=subject_of(kind), version=1, schema_id=number, schema=schema_text(kind))
        for kind, number in SCHEMA_IDS.items()
    )


def framed(event: Event) -> bytes:
    """The record value of an event."""
    return encode(event, SCHEMA_IDS[event.kind])


@dataclass(kw_only=True)
class Stage:
    """Topics of one test with their schemas, a ledger, and the workers between them."""

    broker: Broker
    database: str
    prefix: str
    folder: Path
    chunk_records: int = 500
    limits: dict[str, Any] = field(default_factory=dict)
    workers: list[WorkerProcess] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Connect to the ledger."""
        self.engine: Engine = make_engine(self.database, application="test")

    def build(self, *sources: str) -> None:
        """Make the topics and fill the schemas topic."""
        ensure_topics(self.broker.bootstrap, self.prefix, outside_sources=sources)
        topic = schemas_topic(self.prefix)
        publish(self.broker, [schema_record(topic, row) for row in schema_rows()])

    def close(self) -> None:
        """Kill what still runs."""
        for worker in self.workers:
            worker.kill()
        self.engine.dispose()

    def record(self, event: Event, topic: str | None = None) -> Record:
        """The record of an event, by default for its kind's own topic."""
        return Record(
            topic=topic or topic_of(event.kind, self.prefix),
            key=str(event.envelope.event_id).encode(),
            value=framed(event),
        )

    def append(self, events: Iterable[Event], *, source: str | None = None) -> list[Stored]:
        """Append events to their topics, or to the topic of an outside source."""
        topic = None if source is None else outside_topic(source, self.prefix)
        return publish(self.broker, [self.record(event, topic) for event in events])

    def settings(self, index: int, port: int) -> Settings:
        """Settings of a worker."""
        of_stage: dict[str, Any] = {
            "database_url": SecretStr(self.database),
            "brokers": self.broker.bootstrap,
            "broker_kind": "kafka" if self.broker.kind == "kafka" else "memory",
            "broker_log": self.broker.log,
            "topic_prefix": self.prefix,
            "data_folder": self.folder,
            "worker_index": index,
            "worker_port": port,
            "chunk_records": self.chunk_records,
        }
        return Settings(**of_stage | self.limits)

    def worker(self, index: int = 0, *, faults: str = "") -> WorkerProcess:
        """Start a worker; `faults` is what `support.faulty` makes go wrong in it."""
        worker = WorkerProcess(self, index, faults)
        self.workers.append(worker)
        return worker

    # -- what the ledger says

    def count(self) -> int:
        """How many contents there are."""
        found: int = self.rows("SELECT count(*) FROM ledger.event_content")[0][0]
        return found

    def ends_well(self, events: Iterable[Event], *keepers: Keeper) -> None:
        """With the keepers' help all events get in, once, and every position reaches its end."""
        expected = sorted(event.envelope.event_id for event in events)

        def all_in() -> bool:
            for keeper in keepers:
                keeper.look()
            return self.count() >= len(expected)

        until(f"{len(expected)} events in the ledger", all_in, 2 * PATIENCE_S)
        assert self.events() == expected
        self.wait_read(ledger_topics(self.prefix))

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """Rows of a query, each a plain tuple."""
        with self.engine.connect() as conn:
            return [tuple(row) for row in conn.execute(text(statement), values)]

    def events(self) -> list[UUID]:
        """Ids of the events that are in the ledger, each as often as it has a content."""
        return [
            UUID(str(row[0]))
            for row in self.rows(
                "SELECT e.event_id FROM ledger.event e"
                " JOIN ledger.event_content c ON c.event = e.id ORDER BY 1"
            )
        ]

    def positions(self, consumer: str = "foodtrace") -> dict[tuple[str, int], int]:
        """Next offset of each partition."""
        return {
            (row[0], row[1]): row[2]
            for row in self.rows(
                "SELECT topic, partition, next_offset FROM ledger.position"
                " WHERE consumer = :consumer",
                consumer=consumer,
            )
        }

    def letters(self) -> list[tuple[str, int, int, str]]:
        """Topic, partition, offset and code of each dead letter."""
        return self.rows(
            'SELECT topic, partition, "offset", code FROM ledger.dead_letter ORDER BY 1, 2, 3'
        )

    def wait_for(self, events: Iterable[Event], within_s: float = PATIENCE_S) -> None:
        """Wait until all of the events are in; then exactly they must be, each once."""
        expected = sorted(event.envelope.event_id for event in events)
        number = len(expected)
        until(f"{number} events in the ledger", lambda: len(self.events()) >= number, within_s)
        assert self.events() == expected

    def wait_read(self, topics: Iterable[str], within_s: float = PATIENCE_S) -> None:
        """Wait until the ledger's positions have reached the ends of the topics."""
        with Cluster(self.broker.bootstrap) as cluster:
            logs = cluster.logs(topics)
            parts = [(log.topic, n) for log in logs.values() for n in range(log.partitions)]
            ends = cluster.ends(parts)
        assert isinstance(ends, dict)

        def reached() -> bool:
            at = {**self.positions("foodtrace.intake"), **self.positions()}
            return all(at.get(part, 0) >= end for part, end in ends.items())

        until("positions at the ends", reached, within_s)


class WorkerProcess:
    """One worker process of a test."""

    def __init__(self, stage: Stage, index: int, faults: str) -> None:
        """Start it; it writes its log into the stage's folder."""
        self.port = claim_any()
        settings = stage.settings(index, self.port)
        self.log = stage.folder / f"worker-{index}.log"
        self.index = index
        module = "support.faulty" if faults else "foodtrace_streams"
        environment = os.environ | settings.environment() | {"FAULTS": faults}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", module],
                env=environment,
                cwd=Path(__file__).parent.parent,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page of the worker's own door; 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=2) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_ready(self) -> WorkerProcess:
        """Wait until it reads partitions."""

        def ready() -> bool:
            assert self.process.poll() is None, self.said()
            return self.get("/readyz")[0] == 200

        until("worker is ready", ready)
        return self

    def wait_ended(self, within_s: float = PATIENCE_S) -> int:
        """Wait for its end; gives the exit code."""
        until("worker has ended", lambda: self.process.poll() is not None, within_s)
        code: int = self.process.returncode
        return code

    def freeze(self) -> None:
        """Stop it in the middle of whatever it does."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it at once."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end; gives the exit code."""
        self.process.terminate()
        return self.wait_ended()

    def said(self) -> str:
        """Its log."""
        return self.log.read_text()

    def last_words(self) -> Mapping[str, Any]:
        """The last line of its log."""
        last: Mapping[str, Any] = json.loads(self.said().strip().splitlines()[-1])
        return last


class Keeper:
    """Starts a worker again whenever it ends by itself, as the stack's supervisor does."""

    def __init__(self, stage: Stage, index: int = 0, *, faults: Iterable[str] = ()) -> None:
        """Start the first one; `faults` are those of the first start, the second, and so on."""
        self._stage = stage
        self._index = index
        self._faults = iter(faults)
        self.codes: list[int] = []
        self.worker = self._start()

    def look(self) -> None:
        """Start it again if it has ended."""
        code = self.worker.process.poll()
        if code is not None:
            self.codes.append(code)
            self.worker = self._start()

    def _start(self) -> WorkerProcess:
        return self._stage.worker(self._index, faults=next(self._faults, ""))


@contextmanager
def staged(broker: Broker, database: str, prefix: str, folder: Path) -> Iterator[Stage]:
    """A stage that leaves no process behind."""
    stage = Stage(broker=broker, database=database, prefix=prefix, folder=folder)
    try:
        yield stage
    finally:
        stage.close()
