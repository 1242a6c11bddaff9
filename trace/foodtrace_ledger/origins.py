"""Where lots come from at last: the first lots upstream, and those nothing is known before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.walk import Walk


@dataclass(frozen=True, slots=True)
class Origins:
    """The ends of a walk upstream: lots with a source of their own, and lots whose parents are
    unknown."""

    sources: tuple[int, ...]
    unknown: tuple[int, ...]


def origins(conn: Connection, upstream: Walk) -> Origins:
    """Sort the ends of a walk upstream."""
    going_on = set(upstream.edges[0])
    ends = [lot for lot in upstream.lots if lot not in going_on]
    sourced = with_origin(conn, ends)
    return Origins(
        tuple(lot for lot in ends if lot in sourced),
        tuple(lot for lot in ends if lot not in sourced),
    )


def with_origin(conn: Connection, lots: Sequence[int]) -> set[int]:
    """Those of the lots that some document opens with a source outside the system."""
    if not lots:
        return set()
    return {row.lot for row in conn.execute(sql("lots_with_origin"), {"lot": arrays.numbers(lots)})}
