"""The one question all walks ask: which links lead on from these lots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection

from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql

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


def neighbours(conn: Connection, lots: Sequence[int], way: Way) -> Iterator[Edge]:
    """The links that hold from these lots, in a fixed order: earliest event of this ledger first."""
    statement = sql("links_down" if way is Way.DOWN else "links_up")
    for first in range(0, len(lots), AT_ONCE):
        asked = {"lot": arrays.numbers(lots[first : first + AT_ONCE])}
        yield from map(Edge._make, conn.execute(statement, asked))
