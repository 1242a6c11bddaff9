"""What has to be there before a worker reads: its tables, its topics with the right settings."""

from __future__ import annotations

import errno
import tempfile
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from zlib import crc32

from sqlalchemy import Engine

from foodtrace_bus.cluster import Cluster, Log
from foodtrace_bus.errors import BrokerEmpty, BrokerOld, TooFewPartitions, TopicMissing
from foodtrace_bus.logs import holds_some
from foodtrace_bus.topics import verify
from foodtrace_ledger import migrate as ledger
from foodtrace_ledger.errors import refusal
from foodtrace_ledger.positions import partitions_read
from foodtrace_office import migrate as office
from foodtrace_schemas.topics import (
    OUTSIDE,
    outside_spec,
    outside_topics,
    source_of,
    topic_specs,
)
from foodtrace_streams.crash import Sort, sort_of
from foodtrace_streams.failures import FolderDenied

#: How long to wait for brokers and database at the start, in seconds; then the supervisor decides.
PATIENCE_S = 30.0
#: The same where they answer, but don't know what they should.
SETTLE_S = 3.0
_PAUSE_S = 0.5
#: How a topic without an id is told: by brokers before Kafka 2.8, and by those that keep its format.
_NO_ID = frozenset({"", "00000000-0000-0000-0000-000000000000"})
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def when_there(
    engine: Engine,
    cluster: Cluster,
    prefix: str,
    partitions: int = 0,
    settle_s: float = SETTLE_S,
) -> tuple[str, ...]:
    """Blocking: verify ledger, office and topics, and give the outside topics that there are.

    `partitions` is what the settings ask of every topic that may have several; 0: nothing. A broker
    that has just started may need a moment to know all of its topics: what it lacks is believed
    after `settle_s` seconds. Raises
    LedgerOlder, LedgerNewer, LedgerRefused, NoDatabase, TopicMissing, TopicDiffers, BrokerEmpty,
    BrokerOld, TooFewPartitions, OurFault `ledger.older` for an older office; what passes only after
    a while.
    """
    began = time.monotonic()
    while True:
        try:
            ledger.check(engine)
            office.check(engine)
            return _verified(cluster, prefix, partitions_read(engine, prefix), partitions)
        except Exception as error:
            refused = refusal(error)
            if refused is not None:
                raise refused from error
            if time.monotonic() - began > _patience(error, settle_s):
                raise
        time.sleep(_PAUSE_S)


def _patience(error: Exception, settle_s: float) -> float:
    if isinstance(error, BrokerEmpty | TopicMissing | TooFewPartitions):
        return settle_s
    return PATIENCE_S if sort_of(error) is Sort.PASSES else 0.0


def shape_of(cluster: Cluster, topics: Iterable[str]) -> str:
    """A short digest of the topics with their partitions, for the name of a group's member.

    A member that comes back under its old name gets its old partitions without a new division, even
    if it subscribes to more by now; the new ones would be nobody's.
    """
    logs = cluster.logs(topics).values()
    parts = sorted(f"{log.topic}/{log.partitions}" for log in logs)
    return f"{crc32(' '.join(parts).encode()):08x}"


def _verified(
    cluster: Cluster, prefix: str, read: Mapping[str, int], partitions: int
) -> tuple[str, ...]:
    outside = outside_topics(cluster.topics(prefix + OUTSIDE), prefix)
    if cluster.is_memory():
        return outside
    brokers = cluster.brokers()
    sources = [source for topic in outside if (source := source_of(topic, prefix))]
    specs = [
        *topic_specs(prefix, brokers),
        *(outside_spec(source, prefix, brokers) for source in sources),
    ]
    holds_some(cluster, read)
    logs = cluster.logs({*read, *(one.name for one in specs)})
    _check_age(logs)
    # The settings' number is for topics that may have several.
    wished = {one.name: partitions for one in specs if one.partitions > 1}
    _check_partitions(logs, read, wished)
    verify(cluster, specs)
    return outside


def _check_age(logs: Mapping[str, Log]) -> None:
    nameless = sorted(name for name, log in logs.items() if log.log in _NO_ID)
    if nameless:
        raise BrokerOld(f"no topic id: {', '.join(nameless)}")


def _check_partitions(
    logs: Mapping[str, Log], read: Mapping[str, int], wished: Mapping[str, int]
) -> None:
    few = []
    for name, log in sorted(logs.items()):
        if log.partitions < read.get(name, 0):
            few.append(f"{name} has {log.partitions}, the ledger has read {read[name]}")
        elif log.partitions < wished.get(name, 0):
            few.append(f"{name} has {log.partitions}, FOODTRACE_PARTITIONS is {wished[name]}")
    if few:
        raise TooFewPartitions("; ".join(few))


def ready_folder(folder: Path) -> None:
    """Make a folder that a worker can write in; raises FolderDenied.

    A full disk isn't this fault: a worker needs none of it (see `marks`).
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return
    except OSError as error:
        if error.errno not in _FULL:
            raise FolderDenied(f"{folder}: {error.strerror}") from error
