"""A worker killed at a place that another holds by the time it is back: it starts all the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from foodtrace_bus.topics import ensure_topics
from support.fixtures import Broker
from support.ledger import goods, trade
from support.streams import Stage, staged, until

HOLD = (
    "INSERT INTO ledger.position (consumer, log, topic, partition, next_offset)"
    " VALUES ('foodtrace', 'log', %s, 0, 0)"
    " ON CONFLICT (consumer, topic, partition) DO UPDATE SET attempts = 0"
)


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(broker, database, topic_prefix, tmp_path) as made:
        ensure_topics(broker.bootstrap, topic_prefix, partitions=1)
        made.build()
        yield made


def test_a_kill_that_cannot_be_counted_now_holds_nobody_up(stage: Stage, tmp_path: Path) -> None:
    events = [trade(n, "a", "b", goods(f"L{n}")) for n in range(10)]
    stage.append(events)
    topic, gate = f"{stage.prefix}trade", tmp_path / "gate"
    killed = stage.worker(faults=f"hold={topic}:{gate}")
    marks = tmp_path / "worker-0" / "under-way"
    until("it is at work", lambda: marks.exists() and b"\x01" in marks.read_bytes()[::512])
    killed.kill()
    gate.touch()
    # Not as ours connect: this session may hold its lock for as long as it likes.
    with closing(psycopg2.connect(stage.database)) as another:
        with another.cursor() as cursor:
            cursor.execute(HOLD, (topic,))
        worker = stage.worker()
        until("the kill is told", lambda: "a kill could not be counted" in worker.said())
    stage.ends_well(events)
    assert worker.process.poll() is None
