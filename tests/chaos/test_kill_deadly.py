"""A record that takes its worker with it goes aside; a worker that others kill costs no record."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from foodtrace_bus.topics import ensure_topics
from foodtrace_schemas.topics import outside_topic
from foodtrace_streams.marks import FILE, SLOT_BYTES
from support.fixtures import Broker
from support.ledger import goods, trade
from support.streams import Keeper, Stage, WorkerProcess, staged, until

SOURCE = "erp"


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(broker, database, topic_prefix, tmp_path) as made:
        # One partition: a place that ended workers costs a child process each.
        ensure_topics(broker.bootstrap, topic_prefix, partitions=1, outside_sources=(SOURCE,))
        made.build(SOURCE)
        yield made


@pytest.mark.parametrize(("how", "source", "code"), [("kill", None, -9), ("fault", SOURCE, -11)])
def test_a_record_that_kills_its_worker_goes_aside_and_nothing_else_does(
    stage: Stage, how: str, source: str | None, code: int
) -> None:
    events = [trade(n, "a", "b", goods(f"L{n}"), source=SOURCE) for n in range(20)]
    stored = stage.append(events, source=source)
    where = stored[7]
    keeper = Keeper(stage, faults=[f"deadly={events[7].envelope.source_event_id}:{how}"] * 9)
    stage.ends_well([*events[:7], *events[8:]], keeper)
    until("its letter", stage.letters)
    assert stage.letters() == [(where.topic, where.partition, where.offset, "ledger.crashed")]
    # Twice the worker, then only its child.
    assert keeper.codes == [code] * 2
    ((detail,),) = stage.rows("SELECT detail FROM ledger.dead_letter")
    how_told = f"signal {-code}" if code < 0 else f"exit code {code}"
    assert detail == f"ended its process 3 times in a row: {', '.join([how_told] * 3)}"
    if source is not None:
        stage.wait_read([outside_topic(SOURCE, stage.prefix)])


def at_work(stage: Stage, worker: WorkerProcess, kills: int) -> bool:
    """Whether the kills before are counted, and the marks of this process stand in its file."""
    if worker.get("/readyz")[0] != 200:
        return False
    tried = stage.rows("SELECT coalesce(max(attempts), 0) FROM ledger.position")[0][0]
    marks = (stage.folder / "worker-0" / FILE).read_bytes()[::SLOT_BYTES]
    return bool(tried >= kills and b"\x01" in marks)


def test_a_worker_that_is_killed_at_one_place_again_and_again_costs_no_record(
    stage: Stage, tmp_path: Path
) -> None:
    events = [trade(n, "a", "b", goods(f"L{n}"), source=SOURCE) for n in range(20)]
    stage.append(events)
    # Every write waits until the test lets it go, so each kill meets the same chunks under way.
    gate = tmp_path / "gate"
    held = f"hold={stage.prefix}trade:{gate}"
    for number in range(3):
        worker = stage.worker(faults=held)

        until("it is at work", partial(at_work, stage, worker, number))
        worker.kill()
    gate.touch()
    stage.worker()
    stage.ends_well(events)
    assert stage.letters() == []
