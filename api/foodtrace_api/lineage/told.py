"""The ledger's values as the door tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from sqlalchemy import Connection

from foodtrace.access import Caller, Sight, sight_of
from foodtrace.flags import FLAGS, Flag
from foodtrace_api.lineage.shapes import Completeness, FlagShown, ReadUpTo
from foodtrace_api.web.door import Door
from foodtrace_api.web.positions import is_ours
from foodtrace_bus.cluster import UNKNOWN
from foodtrace_ledger import describe
from foodtrace_ledger.completeness import Completeness as Known


def complete(door: Door, caller: Caller, known: Known) -> Completeness:
    """What an answer knows; to be called after its snapshot was taken.

    The ends of the logs are asked for last, so that what is in flight is rather counted too high.
    Who doesn't see the chain isn't told who else reports.
    """
    whole = sight_of(caller.role) is Sight.CHAIN
    positions = [each for each in known.positions if is_ours(door, each.consumer)]
    return Completeness(
        as_of=known.as_of,
        positions=[
            ReadUpTo(topic=each.topic, partition=each.partition, next_offset=each.next_offset)
            for each in positions
        ],
        in_flight=in_flight(door, {(p.topic, p.partition): p.next_offset for p in positions}),
        heard=[each for each in known.heard if whole or each.source == caller.source],
        dead_letters=known.dead_letters,
        unknown_parents=known.unknown_parents,
        possible_links=known.possible_links,
    )


def in_flight(door: Door, read: Mapping[tuple[str, int], int]) -> int | Literal["unknown"]:
    """Records in the log that the ledger hasn't taken; "unknown" where no broker can tell."""
    ends = door.reach.now()
    if isinstance(ends, str):
        return UNKNOWN
    return sum(max(0, end - read.get(spot, 0)) for spot, end in ends.items())


def flags_shown(connection: Connection, flags: Sequence[Flag]) -> list[FlagShown]:
    """Flags with their meanings, and the names that their holders go by today."""
    names = describe.names(connection, "party", (each.holder for each in flags if each.holder))
    return [_shown(each, names) for each in flags]


def _shown(flag: Flag, names: Mapping[str, str]) -> FlagShown:
    text = FLAGS[flag.code]
    return FlagShown(
        code=flag.code,
        zh=text.zh,
        en=text.en,
        lot_id=flag.lot_id,
        holder=flag.holder,
        holder_name=names.get(flag.holder or ""),
        location=flag.location,
        event_id=flag.event_id,
        detail=flag.detail,
    )
