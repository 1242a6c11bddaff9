"""A record at which our own code fails, a partition that is stuck, a chunk that gets lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foodtrace_bus import exits
from support.fixtures import Broker
from support.ledger import goods, receipt, trade
from support.streams import Keeper, Stage, staged, until


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build()
        yield made


def test_the_third_failure_at_a_record_puts_it_aside_as_ours(stage: Stage) -> None:
    events = [trade(n, "a", "b", goods(f"L{n}")) for n in range(300)]
    (where,) = stage.append(events[:1])
    stage.append(events[1:])
    keeper = Keeper(stage, faults=["culprit=0"] * 5)
    stage.ends_well(events[1:], keeper)
    assert keeper.codes == [exits.CRASHED] * 2
    assert stage.letters() == [(where.topic, where.partition, where.offset, "ledger.crashed")]
    words = keeper.worker.said()
    assert '"restart": true' in words
    assert "InjectedError" in words


def test_a_stuck_topic_holds_no_other(stage: Stage, tmp_path: Path) -> None:
    trades = [trade(n, "a", "b", goods(f"L{n}")) for n in range(2000)]
    receipts = [receipt(n, "b", goods(f"L{n}")) for n in range(2000)]
    stage.append(trades)
    let_go = tmp_path / "let-go"
    stage.worker(faults=f"hold={stage.prefix}trade:{let_go}")
    stage.append(receipts)
    until("all receipts", lambda: stage.count() >= len(receipts))
    assert stage.events() == sorted(event.envelope.event_id for event in receipts)
    let_go.touch()
    stage.ends_well([*trades, *receipts])


def test_a_chunk_that_gets_lost_ends_the_worker_and_is_read_again(stage: Stage) -> None:
    stage.chunk_records = 20
    events = [trade(n, "a", "b", goods(f"L{n}")) for n in range(600)]
    stage.append(events)
    keeper = Keeper(stage, faults=["lose=3"])
    stage.ends_well(events, keeper)
    assert keeper.codes == [exits.CHUNK_LOST]
    assert "ledger.chunk-lost" in keeper.worker.said()
