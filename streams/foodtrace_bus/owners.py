"""Which worker has which partition, as the group's coordinator tells it.

Members are asked for by what they were handed, in Kafka's own form of an assignment, so it doesn't
matter which library reads. A group that is just dividing its partitions, a coordinator that moves,
and a broker that keeps no such account (memory) all give "unknown": a false "nobody" would wake
somebody up at night.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from kafka.errors import (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    GroupAuthorizationFailedError,
    NotCoordinatorError,
)

from foodtrace_bus.cluster import UNKNOWN, Cluster, Partition, Unknown

#: Name of the member that has a partition, by (topic, partition); what is missing has nobody.
Owners = Mapping[Partition, str]

#: States in which what the coordinator lists is what holds. In others members wait for their share.
_SETTLED = frozenset({"Stable", "Empty", "Dead"})
_CANT_TELL = (
    CoordinatorLoadInProgressError,
    CoordinatorNotAvailableError,
    GroupAuthorizationFailedError,
    NotCoordinatorError,
)


def owners(cluster: Cluster, group: str) -> Owners | Unknown:
    """Who of the group reads what. Blocking, some milliseconds.

    A worker that was frozen or killed stays an owner until its session ends (6 s). Raises BusAway
    when no broker answers.
    """
    if cluster.is_memory():
        return UNKNOWN
    told = cluster.ask(partial(_described, group=group))
    return UNKNOWN if told is None else owners_of(told)


def owners_of(told: Mapping[str, Any]) -> Owners | Unknown:
    """The same from a group's description; "unknown" while it divides its partitions anew."""
    if told["group_state"] not in _SETTLED:
        return UNKNOWN
    return {
        (share["topic"], number): member["group_instance_id"] or member["client_id"]
        for member in told["members"]
        for share in _shares(member["member_assignment"])
        for number in share["partitions"]
    }


def unowned(partitions: Iterable[Partition], told: Owners | Unknown) -> list[Partition]:
    """The partitions that nobody reads, sorted; none where that can't be told."""
    if isinstance(told, str):
        return []
    return sorted(spot for spot in partitions if spot not in told)


def _described(admin: Any, *, group: str) -> Mapping[str, Any] | None:
    """A group as kafka-python describes it, None where its coordinator can't tell just now."""
    try:
        told: Mapping[str, Any] = admin.describe_groups([group])[group]
    except _CANT_TELL:
        return None
    return told


def _shares(assignment: Any) -> Iterable[Mapping[str, Any]]:
    # Empty bytes stand for a member that has nothing.
    return assignment["assigned_partitions"] if isinstance(assignment, Mapping) else ()
