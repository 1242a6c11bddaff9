"""Whether a log is still the one that the ledger read, and where to go on in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from foodtrace_bus.cluster import UNKNOWN, Cluster, Offsets, Partition, Unknown
from foodtrace_bus.errors import BrokerEmpty, LogBehind, LogCut, LogReplaced, TopicMissing


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadUpTo:
    """What the ledger says of a partition: the log it read and the next offset it needs."""

    log: str
    next_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """What the brokers say of some partitions at one moment."""

    logs: Mapping[str, str]
    begins: Offsets | Unknown
    ends: Offsets | Unknown


def look(cluster: Cluster, partitions: Iterable[Partition], log: str = "") -> LogState:
    """Ask the brokers; a `log` minted by the embedded stack stands for all topic ids.

    Raises TopicMissing, or BusAway when no broker answers.
    """
    asked = sorted(set(partitions))
    topics = sorted({topic for topic, _ in asked})
    found = cluster.logs(topics)
    missing = [topic for topic in topics if topic not in found]
    if missing:
        raise TopicMissing(", ".join(missing))
    return LogState(
        logs={topic: log or found[topic].log for topic in topics},
        begins=cluster.begins(asked),
        ends=cluster.ends(asked),
    )


def holds_some(cluster: Cluster, read: Iterable[str]) -> None:
    """Raise BrokerEmpty when topics were read and the brokers have none of them.

    To be asked before topics are made: new ones in the place of lost ones would hide the loss.
    """
    topics = sorted(set(read))
    if topics and not cluster.logs(topics):
        raise BrokerEmpty(", ".join(topics))


def next_offset(partition: Partition, state: LogState, known: Iterable[ReadUpTo]) -> int:
    """Where to go on reading `partition`, given all that the ledger read of it.

    Raises LogReplaced, LogCut or LogBehind; never moves a position by itself. What was never read
    starts at offset 0: a log that doesn't hold it any more has lost evidence.
    """
    topic, number = partition
    name = f"{topic}[{number}]"
    log = state.logs[topic]
    other = sorted(one.log for one in known if one.log != log)
    if other:
        raise LogReplaced(f"{topic}: the ledger read log {other[0]}, the brokers have {log}")
    position = max((one.next_offset for one in known), default=0)
    if state.begins != UNKNOWN and state.begins[partition] > position:
        raise LogCut(f"{name} begins at {state.begins[partition]}, the ledger needs {position}")
    if state.ends != UNKNOWN and state.ends[partition] < position:
        raise LogBehind(f"{name} ends at {state.ends[partition]}, the ledger read up to {position}")
    return position
