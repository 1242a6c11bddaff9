"""What registers say of a party, product or location, and which word holds on a day.

Names change, and a report prints the name as it was: on a day the latest word of that day or
before holds; where only later ones are known, the earliest of them is the nearest there is. Two
words of one day are told apart by the event's id, so that order of arrival doesn't matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Registered:
    """A live master fact: said on the business day `day` by the event; later words sort behind."""

    day: date
    event_id: UUID
    name: str
    attributes: tuple[tuple[str, str], ...] = ()

    def stated(self, attribute: str) -> str | None:
        """The value of an attribute, None where this word leaves it out."""
        return dict(self.attributes).get(attribute)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name, first said on the day `since` by the event."""

    name: str
    since: date
    event_id: UUID


def holding(words: Iterable[Registered], day: date | None = None) -> Registered | None:
    """The word that holds on a day, today's latest without one; None where nothing was said."""
    ordered = sorted(set(words))
    if not ordered:
        return None
    known = ordered if day is None else [each for each in ordered if each.day <= day]
    return known[-1] if known else ordered[0]


def stated(words: Iterable[Registered], attribute: str, day: date | None = None) -> str | None:
    """The value that holds on a day, by the words that state it at all.

    Who registers a new tenant rarely says again which market the stall is part of.
    """
    found = holding((each for each in words if each.stated(attribute) is not None), day)
    return None if found is None else found.stated(attribute)


def names(words: Iterable[Registered]) -> tuple[Name, ...]:
    """The names over time, each from the day it was first said after another one."""
    found: list[Name] = []
    for each in sorted(set(words)):
        if not found or found[-1].name != each.name:
            found.append(Name(name=each.name, since=each.day, event_id=each.event_id))
    return tuple(found)
