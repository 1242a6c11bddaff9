"""Goods moved to a place that is somebody else's on that day."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from foodtrace.effects import Occupancy


def foreign_occupants(
    location: str, day: date, holder_ids: Collection[str], occupancies: Iterable[Occupancy]
) -> tuple[str, ...]:
    """Who occupies the place on that day, if it is known and none of them is the holder.

    `holder_ids` are all ids of the holder on the day. A place without a known occupant proves
    nothing, and one that several share is the holder's too.
    """
    there = {each.occupant for each in occupancies if _holds(each, location, day)}
    return () if there & set(holder_ids) else tuple(sorted(there))


def _holds(each: Occupancy, location: str, day: date) -> bool:
    begun = each.since is None or each.since <= day
    return each.location == location and begun and (each.until is None or day <= each.until)
