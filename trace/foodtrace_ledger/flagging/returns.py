"""Flags of returns: what was never sold, or more than was.

Costs one look over the returner's lots of the product for each pair of parties.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from foodtrace.flag_rules.returns import never_sold
from foodtrace.flags import Flag
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql


def of_returns(conn: Connection, events: Sequence[int]) -> Iterator[Flag]:
    """Returns between two parties of more than was sold, at the latest return of the product."""
    goods = conn.execute(sql("flag_returned_goods"), {"event": arrays.numbers(events)}).all()
    asked = {
        "place": arrays.numbers(range(len(goods))),
        "returner": arrays.texts(row.returner for row in goods),
        "receiver": arrays.texts(row.receiver for row in goods),
        "product": arrays.texts(row.product for row in goods),
    }
    rows = conn.execute(sql("flag_went_between"), asked).all()
    ordered = sorted(rows, key=attrgetter("place"))
    for place, between in groupby(ordered, key=attrgetter("place")):
        yield from _judged(list(between), goods[place])


def _judged(rows: Sequence[Any], goods: Any) -> Iterator[Flag]:
    detail = never_sold(_sums(rows, "returned"), _sums(rows, "opened"))
    returns = [row for row in rows if row.direction == "returned"]
    if detail is None or not returns:
        return
    latest = max(returns, key=lambda row: (row.day, row.event_id))
    yield Flag(
        code="return.never-sold",
        lot_id=latest.lot_id,
        holder=goods.returner,
        location=latest.location,
        event_id=latest.event_id,
        day=latest.day,
        product=goods.product,
        detail=f"{goods.receiver}: {detail}",
    )


def _sums(rows: Sequence[Any], direction: str) -> dict[str, int]:
    """Millionths by dimension; of several reports of one trade the largest figure, as a bound."""
    told: dict[tuple[str, object], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        if row.direction == direction:
            trade = row.event if row.meeting is None else ("trade", row.meeting)
            told[row.dimension, trade][row.told or ""] += int(row.amount)
    sums: dict[str, int] = defaultdict(int)
    for (dimension, _), tellers in told.items():
        sums[dimension] += max(tellers.values())
    return sums
