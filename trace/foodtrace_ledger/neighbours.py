"""The first question all walks ask: which links that documents state lead on from these lots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection

from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import plain

# In place of a line, for what no document says in so many words: the two lots are one, held under
# two ids of a party (the event is the alias or merge that says so) or once without a location (the
# event is 0); or goods were carried over in
# stock without codes (the event is the day of the delivery, as an ordinal).
SAME, CARRIED = 0, -1

# Lots asked for at once; more would only make one statement's answer large.
AT_ONCE = 20_000


class Way(StrEnum):
    """Which way a walk goes: to what became of the lots, or to where they came from."""

    DOWN = "down"
    UP = "up"


class Edge(NamedTuple):
    """A link that holds: goods of `start` (seen along the walk) and `end`, by which event line."""

    start: int
    end: int
    event: int
    line: int
    possible: bool


# The same as a plain tuple.
Link = tuple[int, int, int, int, bool]


def neighbours(conn: Connection, lots: Sequence[int], way: Way) -> Iterator[Edge]:
    """The links that hold from these lots, in a fixed order: earliest event of this ledger first."""
    for rows in link_rows(conn, lots, way):
        yield from map(Edge._make, rows)


def link_rows(conn: Connection, lots: Sequence[int], way: Way) -> Iterator[list[Link]]:
    """The same in portions of plain tuples, for walks over a million links."""
    name = "links_down" if way is Way.DOWN else "links_up"
    for first in range(0, len(lots), AT_ONCE):
        yield plain(conn, name, {"lot": arrays.numbers(lots[first : first + AT_ONCE])})
