"""Whether the brokers' disks still have room, asked before a door takes anything.

A broker whose disk is full dies, and with it what it alone could have told. So a door refuses while
there is still a reserve; what is already in the log is read on meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any, Protocol

from kafka.errors import ClusterAuthorizationFailedError, UnsupportedVersionError

from foodtrace.problems import OurFault
from foodtrace_bus.cluster import UNKNOWN, Cluster, Unknown
from foodtrace_bus.errors import BusFull
from foodtrace_bus.records import Record, Result

#: Seconds for which a look is taken as true. What all doors can store in that time has to fit into
#: the reserve: some hundred MiB at the most that one broker takes.
LOOK_EVERY_S = 5.0
#: Below this many reserves people are warned, while everything is still taken.
WARN_AT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The volume under one log folder of a broker, in bytes; `usable` is what is still free."""

    broker: int
    folder: str
    total: int
    usable: int


Disks = tuple[Disk, ...]


def disks(cluster: Cluster) -> Disks | Unknown:
    """Every log folder of every broker; "unknown" where they don't say (memory, before Kafka 3.3,
    no right to ask). Blocking; raises BusAway when no broker answers.
    """
    return UNKNOWN if cluster.is_memory() else cluster.ask(_asked)


def _asked(admin: Any) -> Disks | Unknown:
    try:
        # An empty choice of topics: the folders alone, not every partition in them.
        told = admin.describe_log_dirs({})
    except (ClusterAuthorizationFailedError, UnsupportedVersionError):
        return UNKNOWN
    found = tuple(
        Disk(
            broker=each["broker"],
            folder=one["log_dir"],
            total=one.get("total_bytes", -1),
            usable=one.get("usable_bytes", -1),
        )
        for each in told
        for one in each["log_dirs"]
        if one["error_code"] == 0
    )
    return found if found and all(one.usable >= 0 for one in found) else UNKNOWN


class Room:
    """A look at the disks that is at most `LOOK_EVERY_S` old; safe to share between threads."""

    def __init__(
        self, cluster: Cluster, reserve: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`reserve` bytes have to stay free on every disk, 0: never refuse; `cluster` stays the
        caller's to close, `clock` gives seconds that never go back."""
        self._cluster = cluster
        self._reserve = reserve
        self._clock = clock
        self._lock = Lock()
        self._looked = float("-inf")
        self._told: Disks | Unknown = UNKNOWN

    def disks(self) -> Disks | Unknown:
        """The latest look; blocking when it has become too old."""
        with self._lock:
            if self._is_old():
                try:
                    self._told = disks(self._cluster)
                except OurFault:
                    # Whoever stores something now is told by the brokers themselves.
                    self._told = UNKNOWN
                self._looked = self._clock()
            return self._told

    def check(self) -> None:
        """Raise BusFull when a disk has less than the reserve left; blocking now and then."""
        if self._reserve and (short := self._below(self._reserve)):
            raise BusFull(short)

    def warning(self) -> str:
        """Which disks come near the reserve, "" as long as none does."""
        return self._below(WARN_AT * self._reserve)

    async def checked(self) -> None:
        """`check` for an event loop, which it never blocks."""
        if self._reserve and self._is_old():
            await asyncio.to_thread(self.check)
        else:
            self.check()

    def _is_old(self) -> bool:
        return self._clock() - self._looked > LOOK_EVERY_S

    def _below(self, limit: int) -> str:
        told = self.disks()
        if isinstance(told, str):
            return ""
        short = [one for one in told if one.usable < limit]
        return "; ".join(
            f"broker {one.broker} has {one.usable >> 20} of {one.total >> 20} MiB left,"
            f" the reserve is {self._reserve >> 20} MiB"
            for one in short
        )


class Publisher(Protocol):
    """What publishes: the bus."""

    async def publish(self, records: Sequence[Record]) -> list[Result]:
        """Store the records; raises BusAway when the bus is away."""
        ...


class Reserved:
    """A publisher that takes nothing while the brokers' disks are nearly full."""

    def __init__(self, publisher: Publisher, room: Room) -> None:
        """Both stay the caller's to close."""
        self._publisher = publisher
        self._room = room

    async def publish(self, records: Sequence[Record]) -> list[Result]:
        """As the publisher does; raises BusFull before anything is stored."""
        if records:
            await self._room.checked()
        return await self._publisher.publish(records)
