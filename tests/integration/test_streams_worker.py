"""The worker on real Kafka and PostgreSQL: what comes in, what goes aside, what is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.fixtures import Broker
from support.ledger import goods, receipt, trade
from support.streams import Stage, staged


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(broker, database, topic_prefix, tmp_path) as made:
        yield made


def test_events_of_all_topics_reach_the_ledger_once(stage: Stage) -> None:
    stage.build()
    before = [trade(number, "a", "b", goods(f"L{number}")) for number in range(300)]
    stage.append(before)
    worker = stage.worker().wait_ready()
    after = [receipt(number, "b", goods(f"L{number}")) for number in range(300)]
    stage.append(after)
    stage.append(after[:50])
    stage.wait_for([*before, *after])
    stage.wait_read([stage.prefix + "trade", stage.prefix + "receipt"])
    assert stage.letters() == []
    status, metrics = worker.get("/metrics")
    assert status == 200
    name = f'foodtrace_ledger_events_total{{topic="{stage.prefix}trade"}}'
    assert f"{name} 300.0" in metrics
    assert worker.stop() == 0
