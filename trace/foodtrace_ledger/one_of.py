"""What goods sold to a consumer may be: the lots and deliveries that one sold lot was drawn from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from foodtrace.lots import LotKind
from foodtrace_ledger import arrays, describe
from foodtrace_ledger.answers import Document, LotView
from foodtrace_ledger.neighbours import CARRIED, SAME
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.walk import Walk

# Candidates of one sold lot that are told; the others are counted.
SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A lot that the goods may be, or be from.

    A lot with a code that the seller holds, or what was delivered into its stock without codes:
    then `lot` is the giver's. `giver` names who delivered it, null where nobody is known to have;
    `delivered` is the day, null for a lot that the seller named itself.
    """

    lot: LotView
    giver: str | None
    delivered: date | None
    document: Document | None


@dataclass(frozen=True, slots=True)
class OneOf:
    """The first candidates of `count`."""

    shown: tuple[Candidate, ...]
    count: int


@dataclass(frozen=True, slots=True)
class _Found:
    lot: int
    giver: int | None
    day: int | None
    event: int


def one_of(conn: Connection, upstream: Walk, lot: int) -> OneOf:
    """The candidates of a lot, of which there is one where its code says which it is."""
    found = sorted(
        _delivered(conn, upstream, set(_found(upstream, lot))),
        key=lambda each: (-(each.day or 0), each.lot, each.giver or 0),
    )
    shown = found[:SHOWN]
    views = describe.lots(conn, {n for each in shown for n in (each.lot, each.giver) if n})
    papers = describe.documents(conn, {each.event for each in shown if each.event})
    givers = {
        each: ("party", views[each.giver].holder, _day(each, papers.get(each.event)))
        for each in shown
        if each.giver is not None
    }
    names = describe.names_then(conn, givers.values())
    candidates = (
        Candidate(
            lot=views[each.lot],
            giver=None if each.giver is None else names.get(givers[each]),
            delivered=None if each.day is None else date.fromordinal(each.day),
            document=papers.get(each.event),
        )
        for each in shown
    )
    return OneOf(tuple(candidates), len(found))


def _day(found: _Found, document: Document | None) -> date | None:
    """The day whose name is meant: that of the delivery."""
    if document is not None:
        return document.business_date
    return None if found.day is None else date.fromordinal(found.day)


def _found(upstream: Walk, lot: int) -> Iterator[_Found]:
    if lot not in upstream.pools:
        parents = _parents(upstream, {lot})[lot]
        giver, event = parents[0] if parents else (None, 0)
        yield _Found(lot, giver, None, event)
        return
    drawn = {lot: upstream.pools[lot][1], **_carried(upstream, lot)}
    parents_of = _parents(upstream, drawn)
    for each, day in drawn.items():
        parents = parents_of[each]
        if each not in upstream.pools:
            giver, event = parents[0] if parents else (None, 0)
            yield _Found(each, giver, day, event)
            continue
        for parent, event in parents:
            made = upstream.kind_of(upstream.place[parent]) is LotKind.PROCESS
            yield _Found(each if made else parent, parent, day, event)
        if not parents:
            yield _Found(each, None, day, 0)


def _delivered(conn: Connection, upstream: Walk, found: set[_Found]) -> set[_Found]:
    """Without pools into which no document says that anything came: days of sales alone."""
    pools = {each.lot for each in found if each.giver is None and each.lot in upstream.pools}
    if not pools:
        return found
    rows = conn.execute(sql("delivered_in"), {"lot": arrays.numbers(pools)})
    idle = pools - {row.lot for row in rows}
    return {each for each in found if each.giver is not None or each.lot not in idle}


def _carried(upstream: Walk, pool: int) -> dict[int, int]:
    """What may have been carried over to a pool, and the day it came."""
    starts, ends, days, lines, _ = upstream.edges
    return {
        end: day
        for start, end, day, line in zip(starts, ends, days, lines, strict=True)
        if start == pool and line == CARRIED
    }


def _parents(upstream: Walk, lots: Container[int]) -> dict[int, list[tuple[int, int]]]:
    """The lots before each of some, with the event that says so."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    starts, ends, events, lines, _ = upstream.edges
    for start, end, event, line in zip(starts, ends, events, lines, strict=True):
        if line > SAME and start in lots:
            found[start].append((end, event))
    return found
