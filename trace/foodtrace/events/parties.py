"""Rules between the two sides of a document."""

from __future__ import annotations

from foodtrace.events.side import Side
from foodtrace.problems import InvalidValue


def check_two_sides(giver: Side, taker: Side, path: str) -> None:
    """Raise InvalidValue when giver and taker are one holder at one place: nothing would move."""
    if (giver.holder, giver.place) == (taker.holder, taker.place):
        raise InvalidValue("event.same-party", taker.holder, path)
