"""Where lots come from at last: the first lots upstream, and those nothing is known before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from foodtrace.lots import LotKind
from foodtrace_ledger import arrays
from foodtrace_ledger.neighbours import SAME
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.walk import KINDS, Walk

_RETURNED = KINDS.index(LotKind.RETURNED)


@dataclass(frozen=True, slots=True)
class Origins:
    """The ends of a walk upstream: lots with a source of their own, and lots whose parents are
    unknown."""

    sources: tuple[int, ...]
    unknown: tuple[int, ...]


def origins(conn: Connection, upstream: Walk) -> Origins:
    """Sort the ends of a walk upstream.

    A pool is a source too where goods from outside came into it, whatever else did. Lots of one
    party under several ids are one end.
    """
    twins, going_on = _twins(upstream), _going_on(upstream)
    going_on |= {
        each for group in twins.values() if not group.isdisjoint(going_on) for each in group
    }
    ends = [lot for lot in upstream.lots if lot not in going_on]
    sourced = with_origin(conn, ends)
    told = {lot for end in sourced for lot in twins.get(end, ())}
    mixed = _pools_with_origin(conn, [lot for lot in upstream.pools if lot in going_on])
    return Origins(
        tuple(lot for lot in upstream.lots if lot in sourced or lot in mixed),
        tuple(lot for lot in ends if lot not in sourced and lot not in told),
    )


def _going_on(upstream: Walk) -> set[int]:
    """The lots before which something is known; that sold goods came back is nothing before them."""
    starts, ends, _, lines, _ = upstream.edges
    kinds, place = upstream.kind, upstream.place
    return upstream.filled | {
        start
        for start, end, line in zip(starts, ends, lines, strict=True)
        if line != SAME and kinds[place[end]] != _RETURNED
    }


def _twins(upstream: Walk) -> dict[int, set[int]]:
    """The lots of one party under several ids: each with all of them."""
    groups: dict[int, set[int]] = {}
    starts, ends, _, lines, _ = upstream.edges
    for start, end, line in zip(starts, ends, lines, strict=True):
        if line == SAME:
            group = groups.get(start, {start}) | groups.get(end, {end})
            groups.update(dict.fromkeys(group, group))
    return groups


def _pools_with_origin(conn: Connection, pools: Sequence[int]) -> set[int]:
    if not pools:
        return set()
    return {row.lot for row in conn.execute(sql("pools_entered"), {"lot": arrays.numbers(pools)})}


def with_origin(conn: Connection, lots: Sequence[int]) -> set[int]:
    """Those of the lots that some document opens with a source outside the system."""
    if not lots:
        return set()
    return {row.lot for row in conn.execute(sql("lots_with_origin"), {"lot": arrays.numbers(lots)})}
