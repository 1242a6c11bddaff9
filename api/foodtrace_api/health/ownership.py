"""Whether every partition has a worker, and how much room the brokers have."""

from __future__ import annotations

from collections.abc import Sequence

from foodtrace.problems import OurFault
from foodtrace_api.health.shapes import DiskState
from foodtrace_api.web.door import Door
from foodtrace_bus.cluster import UNKNOWN, Unknown
from foodtrace_bus.owners import Owners, owners

#: Places named in one sentence; more are counted.
_NAMED = 12


def owned(door: Door) -> Owners | Unknown:
    """Who reads what, "unknown" where that can't be told; blocking, some milliseconds."""
    try:
        return owners(door.cluster, door.settings.group)
    except OurFault:
        return UNKNOWN


def named(places: Sequence[str]) -> str:
    """The places as a sentence has them: trade/0, trade/1, ..."""
    told = ", ".join(places[:_NAMED])
    more = len(places) - _NAMED
    return f"{told} +{more}" if more > 0 else told


def disk_states(door: Door) -> list[DiskState]:
    """The disks of the brokers; none where they don't say."""
    told = door.room.disks()
    if isinstance(told, str):
        return []
    return [
        DiskState(broker=one.broker, folder=one.folder, total=one.total, usable=one.usable)
        for one in told
    ]


def too_full(door: Door) -> OurFault | None:
    """Why the door takes nothing just now, if it is for the brokers' disks."""
    try:
        door.room.check()
    except OurFault as fault:
        return fault
    return None
