"""A database that stands still slows the worker, not its memory, and the disk may even be full."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from foodtrace_bus.limits import FETCH_BYTES
from foodtrace_bus.topics import ensure_topics
from foodtrace_ops.settings import Settings
from foodtrace_schemas.topics import ledger_topics
from support.fixtures import Broker
from support.full_disk import SmallDatabase, small_disk
from support.ledger import goods, trade
from support.streams import Stage, WorkerProcess, staged, until

MIB = 1024 * 1024
PARTITIONS = 8
#: Some 50 KB of an event's own data, of which no line is like another.
BULK = {f"note{n}": "散装" * 900 for n in range(9)}


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    ensure_topics(broker.bootstrap, topic_prefix, partitions=PARTITIONS)
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build()
        yield made


def metric(worker: WorkerProcess, name: str) -> float:
    """A metric without labels, or the sum over them; 0 where the worker doesn't say."""
    _, page = worker.get("/metrics")
    return sum(float(n) for n in re.findall(rf"^{name}(?:{{[^}}]*}})? (\S+)$", page, re.MULTILINE))


def test_a_database_that_stands_still_stops_the_fetching_and_not_the_memory(
    stage: Stage,
) -> None:
    stage.limits = {"queue_bytes": MIB, "queues_bytes": 2 * MIB}
    events = [trade(n, "a", "b", goods(f"L{n}"), extra=BULK) for n in range(500)]
    stored = stage.append(events)
    assert len({one.partition for one in stored}) == PARTITIONS
    most = 2 * MIB + PARTITIONS * FETCH_BYTES
    assert sum(len(stage.record(event).value or b"") for event in events) > 2 * most
    seen: list[float] = []
    # Another session, without the time-outs of ours, holds what every write needs.
    with closing(psycopg2.connect(stage.database)) as other:
        other.cursor().execute("LOCK TABLE ledger.event IN EXCLUSIVE MODE")
        worker = stage.worker()

        def full() -> bool:
            seen.append(metric(worker, "foodtrace_queue_bytes"))
            stopped = metric(worker, "foodtrace_paused_partitions")
            return bool(stopped == PARTITIONS and "ledger.held" in worker.get("/readyz")[1])

        until("no partition is fetched from", full)
        assert metric(worker, "foodtrace_held_up_partitions") >= 1
        other.rollback()

    def done() -> bool:
        seen.append(metric(worker, "foodtrace_queue_bytes"))
        return stage.count() == len(events)

    until("all are in", done)
    assert max(seen) <= most
    assert max(seen) > MIB
    stage.ends_well(events)
    until("nothing waits any more", lambda: metric(worker, "foodtrace_queue_bytes") == 0)
    assert worker.get("/readyz") == (200, "ready\n")
    # It never had to start again for that.
    assert worker.process.poll() is None


def test_a_full_disk_of_the_database_is_named_waited_for_and_gone_on_from(
    small_database: SmallDatabase, broker: Broker, topic_prefix: str, tmp_path: Path
) -> None:
    ensure_topics(broker.bootstrap, topic_prefix, partitions=1)
    with staged(broker, small_database.url, topic_prefix, tmp_path) as stage:
        stage.build()
        # Text that doesn't compress, for a disk that is full before all of it is in.
        events = [
            trade(n, "a", "b", goods(f"L{n}"), extra=small_database.bulk(n)) for n in range(200)
        ]
        stage.append(events)
        # The connection is kept: where the disk is full PostgreSQL may not take a new one.
        assert stage.count() == 0
        worker = stage.worker()
        until("the disk is full", lambda: "ledger.disk-full" in worker.get("/readyz")[1])
        assert stage.count() < len(events)
        until("its log says so", lambda: '"problem": "ledger.disk-full"' in worker.said())
        assert worker.get("/readyz")[0] == 200
        small_database.grow()
        stage.ends_well(events)
        assert worker.process.poll() is None
        until("nothing is held up", lambda: worker.get("/readyz") == (200, "ready\n"))
        assert stage.letters() == []
        stage.wait_read(ledger_topics(topic_prefix))


def fill(disk: Path) -> None:
    """Write until the disk takes no more."""
    with (disk / "filler").open("wb", buffering=0) as filler:
        while filler.write(b"x" * 65536) == 65536:
            pass
        while filler.write(b"x"):
            pass


class OnDisk(Stage):
    """A stage whose workers keep their folders on a disk of their own."""

    disk: Path

    def settings(self, index: int, port: int) -> Settings:
        return super().settings(index, port).model_copy(update={"data_folder": self.disk})


def test_a_full_disk_under_the_worker_itself_is_named_and_stops_nothing(
    broker: Broker, database: str, topic_prefix: str, tmp_path: Path
) -> None:
    ensure_topics(broker.bootstrap, topic_prefix, partitions=1)
    with small_disk(1) as disk:
        with pytest.raises(OSError, match="No space"):
            fill(disk)
        stage = OnDisk(broker=broker, database=database, prefix=topic_prefix, folder=tmp_path)
        stage.disk = disk
        with closing(stage):
            stage.build()
            events = [trade(n, "a", "b", goods(f"L{n}")) for n in range(100)]
            stage.append(events)
            worker = stage.worker()
            stage.ends_well(events)
            assert worker.process.poll() is None
            assert "worker.folder-full" in worker.said()
