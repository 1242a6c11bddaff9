"""Topics as they are now, and more partitions for one of them. Blocking, for commands.

Nothing depends on which partition holds a record, so partitions can be added while everything runs.
None can be taken away: Kafka can't, and the ledger would miss what lay in it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kafka.errors import InvalidPartitionsError

from foodtrace.problems import InvalidValue
from foodtrace_bus.cluster import UNKNOWN, Cluster, Unknown
from foodtrace_bus.errors import BusAway, TopicMissing
from foodtrace_bus.topics import differing
from foodtrace_schemas.topics import (
    DEADLETTER_TOPIC,
    OUTSIDE,
    SCHEMAS_TOPIC,
    TopicSpec,
    outside_spec,
    source_of,
    topic_specs,
)

#: How long more partitions may take to be known to the broker that is asked, in seconds.
_KNOWN_WITHIN_S = 15.0
#: A schema's record has to be found without looking in several places, and letters come in one order.
_SINGLE = frozenset({DEADLETTER_TOPIC, SCHEMAS_TOPIC})


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicState:
    """A topic: `copies` of each record wished for, `in_sync` those that the worst partition has.

    `records` is the sum of its ends, "unknown" where the broker can't tell; `settings` those that it
    must have, as they are; `differing` says of each wrong one what it has to be.
    """

    name: str
    partitions: int
    copies: int
    in_sync: int
    records: int | Unknown
    settings: Mapping[str, str]
    differing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """How many partitions a topic had and has now."""

    topic: str
    before: int
    after: int


def topic_states(cluster: Cluster, prefix: str) -> list[TopicState]:
    """Every topic of ours with those of sources, in their order; raises BusAway.

    Topics that are missing are left out; `foodtrace init` makes them.
    """
    specs = _specs(cluster, prefix)
    names = [one.name for one in specs]
    told: list[Any] = cluster.ask(lambda admin: admin.describe_topics(names))
    found = {one["name"]: one["partitions"] for one in told if one["error_code"] == 0}
    there = [one for one in specs if one.name in found]
    # Asked for no topic at all, a cluster tells nothing.
    asks = bool(there) and not cluster.is_memory()
    settings = cluster.settings(one.name for one in there) if asks else {}
    ends = cluster.ends((one.name, n) for one in there for n in range(len(found[one.name])))
    return [
        TopicState(
            name=one.name,
            partitions=len(found[one.name]),
            copies=min(len(part["replica_nodes"]) for part in found[one.name]),
            in_sync=min(len(part["isr_nodes"]) for part in found[one.name]),
            records=UNKNOWN
            if ends == UNKNOWN
            else sum(ends[one.name, n] for n in range(len(found[one.name]))),
            settings={
                name: settings[one.name][name]
                for name in one.config
                if name in settings.get(one.name, {})
            },
            differing=tuple(differing(settings[one.name], one)) if settings else (),
        )
        for one in there
    ]


def grow(cluster: Cluster, topic: str, partitions: int, prefix: str) -> Grown:
    """Give a topic so many partitions in all; as many as it has change nothing.

    `topic` is its full name, or that without the prefix. Raises TopicMissing, BusAway, and
    InvalidValue: `topic.not-fewer`, `topic.single` for those that keep one, `topic.not-ours`.
    """
    ours = {one.name for one in _specs(cluster, prefix)}
    # How it begins doesn't tell: "trade" may begin with the prefix and be short all the same.
    known = [name for name in (topic, prefix + topic) if name in ours]
    if not known:
        raise InvalidValue("topic.not-ours", topic, "topic")
    topic = known[0]
    if topic.removeprefix(prefix) in _SINGLE:
        raise InvalidValue("topic.single", topic, "topic")
    before = _partitions(cluster, topic)
    if partitions < before:
        raise InvalidValue("topic.not-fewer", f"{topic}: {before}", "partitions")
    after = _add(cluster, topic, partitions) if partitions > before else before
    return Grown(topic=topic, before=before, after=after)


def _specs(cluster: Cluster, prefix: str) -> list[TopicSpec]:
    brokers = cluster.brokers()
    sources = [
        source
        for topic in cluster.topics(prefix + OUTSIDE)
        if (source := source_of(topic, prefix)) is not None
    ]
    outside = (outside_spec(source, prefix, brokers) for source in sources)
    return [*topic_specs(prefix, brokers), *outside]


def _partitions(cluster: Cluster, topic: str) -> int:
    found = cluster.logs([topic]).get(topic)
    if found is None:
        raise TopicMissing(topic)
    return found.partitions


def _add(cluster: Cluster, topic: str, partitions: int) -> int:
    """Add partitions and give how many there are then: somebody else may have wished for more."""

    def steps(admin: Any) -> None:
        try:
            admin.create_partitions({topic: partitions})
        except InvalidPartitionsError:
            # Somebody else was quicker; what there is now is looked at below.
            return

    cluster.ask(steps)
    deadline = time.monotonic() + _KNOWN_WITHIN_S
    while (found := _partitions(cluster, topic)) < partitions:
        if time.monotonic() > deadline:
            raise BusAway(
                f"{topic}: {partitions} partitions aren't known after {_KNOWN_WITHIN_S} s"
            )
        time.sleep(0.05)
    return found
