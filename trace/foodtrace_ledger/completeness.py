"""What an answer knows and what it doesn't."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from foodtrace_ledger.positions import Position, read_positions
from foodtrace_ledger.sqlfile import sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """When a source was last heard, by the broker's clock."""

    source: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """The moment of an answer as the ledger's positions, and what may be missing from it.

    `as_of` is the latest append time of any event in the ledger, None for an empty one.
    `unknown_parents` are lots of the answer that nothing leads to and that claim no source of
    their own; `possible_links` are links that only may be. Events in flight are the logs' ends
    minus the positions, for the caller that knows the ends.
    """

    as_of: datetime | None
    positions: tuple[Position, ...]
    heard: tuple[Heard, ...]
    dead_letters: int
    unknown_parents: int = 0
    possible_links: int = 0


def completeness(
    conn: Connection, *, unknown_parents: int = 0, possible_links: int = 0
) -> Completeness:
    """How far this snapshot of the ledger goes."""
    heard = tuple(Heard(**row._mapping) for row in conn.execute(sql("last_heard")))
    return Completeness(
        as_of=max((each.received_at for each in heard), default=None),
        positions=tuple(read_positions(conn)),
        heard=heard,
        dead_letters=conn.execute(sql("dead_letters")).scalar_one(),
        unknown_parents=unknown_parents,
        possible_links=possible_links,
    )
