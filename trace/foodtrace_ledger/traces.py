"""Trace codes: the lots under one code, told apart where different goods bear the same code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace_ledger import describe
from foodtrace_ledger.answers import BatchView, LotView
from foodtrace_ledger.batches import around
from foodtrace_ledger.neighbours import Way, neighbours
from foodtrace_ledger.same_party import same_party
from foodtrace_ledger.sqlfile import sql

# Lots of a code that a candidate names; the others are counted.
LOTS_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceCandidate:
    """Goods under a trace code: the lots of all hands they went through, the first of `lot_count`."""

    code: str
    product_names: tuple[str, ...]
    batches: tuple[BatchView, ...]
    lots: tuple[LotView, ...]
    lot_count: int
    first_day: date | None
    last_day: date | None


def by_code(conn: Connection, code: str, at: date | None = None) -> tuple[TraceCandidate, ...]:
    """What a trace code may mean, around the day `at` if it is given.

    Lots that are linked, claim one batch or are one party's under two of its ids are the same goods.
    """
    rows = conn.execute(sql("traces_by_code"), {"code": canonical(code)}).all()
    groups = _Groups(row.id for row in rows)
    lots = [row.id for row in rows]
    for edge in neighbours(conn, lots, Way.DOWN):
        groups.join(edge.start, edge.end)
    if groups.count() > 1:
        for start, end, *_ in same_party(conn, lots):
            groups.join(start, end)
    first_of: dict[int, int] = {}
    for row in rows:
        for batch in row.batches or ():
            groups.join(first_of.setdefault(batch, row.id), row.id)
    views = describe.lots(conn, (row.id for row in rows))
    known = describe.batches(conn, first_of)
    members = defaultdict(list)
    for row in rows:
        members[groups.of(row.id)].append(row)
    found = (
        TraceCandidate(
            code=canonical(code),
            product_names=tuple(sorted({n for row in group for n in row.product_names or ()})),
            batches=tuple(
                known[b] for b in sorted({b for row in group for b in row.batches or ()})
            ),
            lots=tuple(views[row.id] for row in group[:LOTS_SHOWN]),
            lot_count=len(group),
            first_day=min((row.first_day for row in group if row.first_day), default=None),
            last_day=max((row.last_day for row in group if row.last_day), default=None),
        )
        for group in members.values()
    )
    return tuple(each for each in found if around(each.first_day, each.last_day, at))


class _Groups:
    """Disjoint sets of lots."""

    def __init__(self, lots: Iterable[int]) -> None:
        self._above: dict[int, int] = {lot: lot for lot in lots}

    def of(self, lot: int) -> int:
        while self._above[lot] != lot:
            self._above[lot] = self._above[self._above[lot]]
            lot = self._above[lot]
        return lot

    def count(self) -> int:
        return sum(lot == above for lot, above in self._above.items())

    def join(self, one: int, other: int) -> None:
        if one in self._above and other in self._above:
            self._above[self.of(other)] = self.of(one)
