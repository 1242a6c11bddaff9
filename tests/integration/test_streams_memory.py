"""The worker on the in-memory broker: all works; what that broker can't tell is never taken for 0."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foodtrace.events import KINDS
from foodtrace_bus import exits
from foodtrace_bus.cluster import UNKNOWN, Cluster
from foodtrace_bus.offsets import end_offsets
from foodtrace_bus.schemas_topic import SchemasTopic
from foodtrace_bus.topics import ensure_topics
from foodtrace_schemas.topics import schemas_topic, topic_of
from support.fixtures import Broker
from support.ledger import goods, receipt, trade
from support.streams import Stage, staged


@pytest.fixture
def stage(
    memory_broker: Broker, database: str, topic_prefix: str, tmp_path: Path
) -> Iterator[Stage]:
    with staged(memory_broker, database, topic_prefix, tmp_path) as made:
        made.build("market")
        yield made


def test_events_come_in_from_both_doors_until_the_broker_begins_another_life(
    stage: Stage,
) -> None:
    trades = [trade(number, "a", "b", goods(f"L{number}")) for number in range(200)]
    stage.append(trades)
    outside = [receipt(number, "b", goods("L1"), source="market") for number in range(50)]
    stage.append(outside, source="market")
    worker = stage.worker()
    stage.wait_for([*trades, *outside])
    worker.kill()
    more = [receipt(number, "b", goods(f"L{number}")) for number in range(50)]
    stage.append(more)
    again = stage.worker()
    stage.wait_for([*trades, *outside, *more])
    assert "foodtrace_lag_records{" not in again.get("/metrics")[1]
    assert again.stop() == 0
    assert stage.letters() == []
    # The stack mints a name for the log at each start of the broker.
    stage.broker = Broker(bootstrap=stage.broker.bootstrap, kind="memory", log="minted-anew")
    assert stage.worker().wait_ended() == exits.LOG_REPLACED


def test_what_it_cannot_tell_is_unknown(stage: Stage) -> None:
    address = stage.broker.bootstrap
    stage.append([trade(1, "a", "b")])
    assert end_offsets(address, [topic_of("trade", stage.prefix)]) == UNKNOWN
    with Cluster(address) as cluster:
        assert cluster.begins([(topic_of("trade", stage.prefix), 0)]) == UNKNOWN
    report = ensure_topics(address, stage.prefix, outside_sources=["market"])
    assert report.created == ()
    assert "offsets" in report.unknown
    with SchemasTopic(address, schemas_topic(stage.prefix)) as schemas:
        assert len(schemas.read()) == len(KINDS)
