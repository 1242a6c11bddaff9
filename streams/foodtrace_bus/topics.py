"""Topics are made here alone, and looked at before anything is written to them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from foodtrace_bus.access import Access
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.errors import TopicDiffers, TopicMissing
from foodtrace_schemas.topics import (
    DEFAULT_PREFIX,
    TopicSpec,
    outside_spec,
    replication_of,
    schemas_topic,
    topic_specs,
)

#: Settings of which more than the wanted value serves as well.
_AT_LEAST = frozenset({"max.message.bytes", "min.insync.replicas"})

#: How long a topic made anew may take to be known everywhere, in seconds.
_KNOWN_WITHIN_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsReport:
    """What `ensure_topics` found: names made anew, names that were there, and what can't be told.

    `unknown` says in words what the broker can't answer for, such as the memory broker's settings.
    """

    created: tuple[str, ...]
    existing: tuple[str, ...]
    unknown: tuple[str, ...]


def ensure_topics(
    access: Access | str,
    prefix: str = DEFAULT_PREFIX,
    partitions: int | None = None,
    replication: int | None = None,
    outside_sources: Iterable[str] = (),
) -> TopicsReport:
    """Make the topics that are missing and verify the settings of all of them.

    `partitions` overrides the table's numbers for topics made anew (those of one partition keep
    it), `replication` the choice by the number of brokers. Partitions of existing topics are left
    alone. Blocking; raises TopicDiffers for an outside cluster that differs, BusAway when no broker
    answers, InvalidValue for a source whose name can't be a topic's.
    """
    with Cluster(access) as cluster:
        # One that is away now still counts: what is made meanwhile gets no fewer copies.
        brokers = max(cluster.brokers(), cluster.copies([schemas_topic(prefix)]))
        wanted = _wanted(prefix, partitions, brokers, outside_sources)
        created = cluster.create(wanted, replication or replication_of(brokers))
        memory = cluster.is_memory()
        if not memory:
            verify(cluster, wanted, _KNOWN_WITHIN_S)
    return TopicsReport(
        created=tuple(created),
        existing=tuple(one.name for one in wanted if one.name not in created),
        unknown=("settings of topics", "compaction", "offsets") if memory else (),
    )


def verify(cluster: Cluster, wanted: Sequence[TopicSpec], within_s: float = 2.0) -> None:
    """Raise TopicDiffers that names every setting which would lose or redate evidence.

    TopicMissing names the topics of which nothing is known `within_s` seconds.
    """
    settings = _told(cluster, [one.name for one in wanted], within_s)
    wrong = [f"{one.name}: {what}" for one in wanted for what in differing(settings[one.name], one)]
    if wrong:
        raise TopicDiffers("; ".join(wrong))


def differing(found: Mapping[str, str], wanted: TopicSpec) -> list[str]:
    """What is wrong with a topic's settings, each with what it has to be."""
    return [
        f"{name} is {found.get(name, 'not told')}, has to be {value}"
        for name, value in wanted.config.items()
        if not _serves(name, found, value)
    ]


def _told(cluster: Cluster, names: Sequence[str], within_s: float) -> dict[str, dict[str, str]]:
    # A topic made a moment ago is known to every broker only a little later.
    deadline = time.monotonic() + within_s
    while True:
        settings = cluster.settings(names)
        silent = [name for name in names if not settings.get(name)]
        if not silent:
            return settings
        if time.monotonic() > deadline:
            raise TopicMissing(", ".join(silent))
        time.sleep(0.05)


def _serves(name: str, found: Mapping[str, str], wanted: str) -> bool:
    told = found.get(name)
    if told is None:
        return False
    if name in _AT_LEAST:
        return int(told) >= int(wanted)
    return told == wanted


def _wanted(
    prefix: str, partitions: int | None, brokers: int, outside_sources: Iterable[str]
) -> list[TopicSpec]:
    specs = [
        *topic_specs(prefix, brokers),
        *(outside_spec(source, prefix, brokers) for source in sorted(set(outside_sources))),
    ]
    if partitions is None:
        return specs
    return [one if one.partitions == 1 else replace(one, partitions=partitions) for one in specs]
