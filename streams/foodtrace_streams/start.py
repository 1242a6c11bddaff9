"""What has to be there before a worker reads: its ledger, its topics with the right settings."""

from __future__ import annotations

import time
from collections.abc import Iterable
from zlib import crc32

from sqlalchemy import Engine

from foodtrace_bus.cluster import Cluster
from foodtrace_bus.topics import verify
from foodtrace_ledger.migrate import check
from foodtrace_schemas.topics import OUTSIDE, outside_spec, source_of, topic_specs
from foodtrace_streams.crash import Sort, sort_of

#: How long to wait for brokers and database at the start, in seconds; then the supervisor decides.
PATIENCE_S = 30.0
_PAUSE_S = 0.5


def when_there(engine: Engine, cluster: Cluster, prefix: str) -> tuple[str, ...]:
    """Blocking: verify ledger and topics, and give the outside topics that there are.

    Raises LedgerOlder, LedgerNewer, TopicMissing, TopicDiffers; what passes only after a while.
    """
    began = time.monotonic()
    while True:
        try:
            check(engine)
            return _verified(cluster, prefix)
        except Exception as error:
            if sort_of(error) is not Sort.PASSES or time.monotonic() - began > PATIENCE_S:
                raise
        time.sleep(_PAUSE_S)


def shape_of(cluster: Cluster, topics: Iterable[str]) -> str:
    """A short digest of the topics with their partitions, for the name of a group's member.

    A member that comes back under its old name gets its old partitions without a new division, even
    if it subscribes to more by now; the new ones would be nobody's.
    """
    logs = cluster.logs(topics).values()
    parts = sorted(f"{log.topic}/{log.partitions}" for log in logs)
    return f"{crc32(' '.join(parts).encode()):08x}"


def _verified(cluster: Cluster, prefix: str) -> tuple[str, ...]:
    outside = tuple(cluster.topics(prefix + OUTSIDE))
    if not cluster.is_memory():
        brokers = cluster.brokers()
        sources = [source for topic in outside if (source := source_of(topic, prefix))]
        verify(
            cluster,
            [
                *topic_specs(prefix, brokers),
                *(outside_spec(source, prefix, brokers) for source in sources),
            ],
        )
    return outside
