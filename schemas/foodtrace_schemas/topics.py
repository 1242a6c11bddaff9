"""Where events live: the one table of kinds, topics and subjects, and how topics must be kept.

Kafka is the truth and keeps everything, so a topic that expires records, or stamps them with the
sender's clock, is no topic for evidence. The key of every record is the event id (36 ASCII
characters); nothing may depend on which partition holds a record, so partitions can be added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from foodtrace.problems import InvalidValue

DEFAULT_PREFIX = "foodtrace."
NAMESPACE = "foodtrace"

SCHEMAS_TOPIC = "schemas"
DEADLETTER_TOPIC = "deadletter"
OUTSIDE = "in."

#: `max.message.bytes` of every topic, in bytes; the limits of producers and fetchers follow it.
MAX_MESSAGE_BYTES = 4 * 1024 * 1024
#: A dead letter carries a whole record and, in its headers, what is wrong with it.
MAX_DEADLETTER_BYTES = MAX_MESSAGE_BYTES + 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """Where events of one kind go; `subject` is the Avro full name of their record."""

    kind: str
    topic: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicSpec:
    """A topic by its full name, its partitions at birth and the settings it must have."""

    name: str
    partitions: int
    config: Mapping[str, str]


def _row(kind: str, topic: str) -> KindRow:
    return KindRow(kind=kind, topic=topic, subject=f"{NAMESPACE}.{kind.title()}")


KIND_TABLE: Mapping[str, KindRow] = MappingProxyType(
    {
        row.kind: row
        for row in (
            _row("voucher", "voucher"),
            _row("trade", "trade"),
            _row("receipt", "receipt"),
            _row("transformation", "movement"),
            _row("commissioning", "movement"),
            _row("disposal", "movement"),
            _row("transfer", "movement"),
            _row("return", "movement"),
            _row("release", "movement"),
            _row("adjustment", "movement"),
            _row("stocktake", "movement"),
            _row("consumption", "movement"),
            _row("packing", "movement"),
            _row("inspection", "inspection"),
            _row("party", "master"),
            _row("product", "master"),
            _row("location", "master"),
            _row("merge", "master"),
            _row("void", "void"),
            _row("resolution", "resolution"),
        )
    }
)
KIND_BY_SUBJECT: Mapping[str, str] = MappingProxyType(
    {row.subject: row.kind for row in KIND_TABLE.values()}
)

# Written by us alone, in the order in which a person reads them. Partitions of one topic are the
# workers that can share it; receipts and trades are nearly all of a city's events.
_LEDGER_PARTITIONS: Mapping[str, int] = MappingProxyType(
    {
        "voucher": 3,
        "trade": 6,
        "receipt": 6,
        "movement": 3,
        "inspection": 2,
        "master": 1,
        "void": 2,
        "recall": 1,
        "resolution": 1,
    }
)
_OUTSIDE_PARTITIONS = 3

_EVIDENCE: Mapping[str, str] = MappingProxyType(
    {
        "retention.ms": "-1",
        "retention.bytes": "-1",
        "cleanup.policy": "delete",
        "message.timestamp.type": "LogAppendTime",
        "max.message.bytes": str(MAX_MESSAGE_BYTES),
        "unclean.leader.election.enable": "false",
    }
)


def topic_of(kind: str, prefix: str = DEFAULT_PREFIX) -> str:
    """The full name of the topic that holds events of `kind`; raises InvalidValue if unknown."""
    row = KIND_TABLE.get(kind)
    if row is None:
        raise InvalidValue("event.unknown-kind", ascii(kind[:80]), "kind")
    return prefix + row.topic


def subject_of(kind: str) -> str:
    """The registry's subject for `kind` (RecordNameStrategy); raises InvalidValue if unknown."""
    row = KIND_TABLE.get(kind)
    if row is None:
        raise InvalidValue("event.unknown-kind", ascii(kind[:80]), "kind")
    return row.subject


def ledger_topics(prefix: str = DEFAULT_PREFIX) -> tuple[str, ...]:
    """Full names of the topics from which the ledger is derived."""
    return tuple(prefix + name for name in _LEDGER_PARTITIONS)


def schemas_topic(prefix: str = DEFAULT_PREFIX) -> str:
    """Full name of the compacted topic that holds the schemas with their ids."""
    return prefix + SCHEMAS_TOPIC


def deadletter_topic(prefix: str = DEFAULT_PREFIX) -> str:
    """Full name of the topic for what couldn't be read or wasn't valid."""
    return prefix + DEADLETTER_TOPIC


# What Kafka allows in a topic's name; a source that pushes over HTTP only may have any name.
_LEGAL_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", re.ASCII)


def outside_topic(source: str, prefix: str = DEFAULT_PREFIX) -> str:
    """Full name of the topic in which one source writes, and nobody else.

    Raises InvalidValue for a source whose name can't be part of a topic's name.
    """
    if not _LEGAL_SOURCE.fullmatch(source):
        raise InvalidValue("topic.illegal-source", ascii(source[:80]), "source")
    return f"{prefix}{OUTSIDE}{source}"


def source_of(topic: str, prefix: str = DEFAULT_PREFIX) -> str | None:
    """The source that writes into an outside topic; None for any other topic.

    That is also one which only begins like ours: `outside_topic` would give it to no source.
    """
    head = prefix + OUTSIDE
    source = topic.removeprefix(head)
    return source if topic.startswith(head) and _LEGAL_SOURCE.fullmatch(source) else None


def outside_topics(topics: Iterable[str], prefix: str = DEFAULT_PREFIX) -> tuple[str, ...]:
    """Those of the topics in which sources write, in their order."""
    return tuple(topic for topic in topics if source_of(topic, prefix) is not None)


def required_config(topic: str, brokers: int = 1) -> Mapping[str, str]:
    """The settings a topic (short name or `in.…`) must have on a cluster of `brokers` brokers."""
    config = dict(_EVIDENCE)
    if topic == SCHEMAS_TOPIC:
        config["cleanup.policy"] = "compact"
    if topic == DEADLETTER_TOPIC:
        config["max.message.bytes"] = str(MAX_DEADLETTER_BYTES)
    if brokers >= 3:
        config["min.insync.replicas"] = "2"
    return MappingProxyType(config)


def replication_of(brokers: int) -> int:
    """Copies of each partition on a cluster of `brokers` brokers."""
    return 3 if brokers >= 3 else 1


def topic_specs(prefix: str = DEFAULT_PREFIX, brokers: int = 1) -> tuple[TopicSpec, ...]:
    """Every topic that `foodtrace` makes at its start; outside topics come with their sources."""
    partitions = {**_LEDGER_PARTITIONS, DEADLETTER_TOPIC: 1, SCHEMAS_TOPIC: 1}
    return tuple(_spec(prefix, name, count, brokers) for name, count in partitions.items())


def outside_spec(source: str, prefix: str = DEFAULT_PREFIX, brokers: int = 1) -> TopicSpec:
    """The topic of one source; raises InvalidValue as `outside_topic` does."""
    name = outside_topic(source, prefix).removeprefix(prefix)
    return _spec(prefix, name, _OUTSIDE_PARTITIONS, brokers)


def _spec(prefix: str, name: str, partitions: int, brokers: int) -> TopicSpec:
    return TopicSpec(
        name=prefix + name, partitions=partitions, config=required_config(name, brokers)
    )
