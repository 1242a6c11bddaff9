"""Who has which partition, told by the brokers: by name, and never a false "nobody"."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foodtrace_bus.cluster import UNKNOWN, Cluster
from foodtrace_bus.owners import owners, unowned
from foodtrace_schemas.topics import ledger_topics
from support.fixtures import Broker
from support.streams import Stage, staged, until


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build()
        yield made


def test_every_partition_names_its_worker_and_one_without_is_found(stage: Stage) -> None:
    if stage.broker.kind == "memory":
        with Cluster(stage.broker.bootstrap) as cluster:
            assert owners(cluster, f"{stage.prefix}foodtrace") == UNKNOWN
        return
    group = stage.settings(0, 0).group
    with Cluster(stage.broker.bootstrap) as cluster:
        logs = cluster.logs(ledger_topics(stage.prefix)).values()
        parts = [(log.topic, number) for log in logs for number in range(log.partitions)]
        # Nobody has ever read: that is known, and isn't "unknown".
        until("the coordinator is there", lambda: owners(cluster, group) != UNKNOWN)
        assert unowned(parts, owners(cluster, group)) == sorted(parts)

        first = stage.worker(0).wait_ready()
        until("one has all", lambda: _names(cluster, group, parts) == {"foodtrace-0"})
        second = stage.worker(1)
        until(
            "two share them",
            lambda: _names(cluster, group, parts) == {"foodtrace-0", "foodtrace-1"},
        )
        second.kill()
        until("the other has all again", lambda: _names(cluster, group, parts) == {"foodtrace-0"})
        first.kill()
        until(
            "nobody has any",
            lambda: unowned(parts, owners(cluster, group)) == sorted(parts),
        )


def _names(cluster: Cluster, group: str, parts: list[tuple[str, int]]) -> set[str]:
    """The workers that have a partition; empty as long as one has nobody."""
    told = owners(cluster, group)
    if isinstance(told, str) or unowned(parts, told):
        return set()
    # A member's name ends with a digest of the topics it knew when it started.
    return {name.rpartition("-")[0] for name in told.values()}
