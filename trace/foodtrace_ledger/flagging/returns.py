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
from foodtrace_ledger.identities import PARTY, PRODUCT, Identities
from foodtrace_ledger.sqlfile import sql

# All ids of the returner and of the receiver, and all keys of the product.
_Goods = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def of_returns(conn: Connection, events: Sequence[int]) -> Iterator[Flag]:
    """Returns between two parties of more than was sold, at the latest return of the product.

    A party is the same under every id it ever went by, and a product under every key: what was
    bought under one of them may be given back under another.
    """
    rows = conn.execute(sql("flag_returned_goods"), {"event": arrays.numbers(events)}).all()
    goods = _once_each(conn, rows)
    pairs = [
        (place, returner, receiver, product)
        for place, (returners, receivers, keys) in enumerate(goods)
        for returner in returners
        for receiver in receivers
        for product in keys
    ]
    places, returners, receivers, products = zip(*pairs, strict=True) if pairs else ((),) * 4
    asked = {
        "place": arrays.numbers(places),
        "returner": arrays.texts(returners),
        "receiver": arrays.texts(receivers),
        "product": arrays.texts(products),
    }
    between = conn.execute(sql("flag_went_between"), asked).all()
    for _, each in groupby(sorted(between, key=attrgetter("place")), key=attrgetter("place")):
        yield from _judged(list(each))


def _once_each(conn: Connection, rows: Sequence[Any]) -> list[_Goods]:
    """Who returned what to whom, two parties and a product once under all their ids."""
    identities = Identities(conn)
    identities.learn(PARTY, {party for row in rows for party in (row.returner, row.receiver)})
    identities.learn(PRODUCT, {row.product for row in rows})
    every = (
        (
            tuple(sorted(identities.members(PARTY, row.returner))),
            tuple(sorted(identities.members(PARTY, row.receiver))),
            tuple(sorted(identities.members(PRODUCT, row.product))),
        )
        for row in rows
    )
    return sorted(dict.fromkeys(every))


def _judged(rows: Sequence[Any]) -> Iterator[Flag]:
    detail = never_sold(_sums(rows, "returned"), _sums(rows, "opened"))
    returns = [row for row in rows if row.direction == "returned"]
    if detail is None or not returns:
        return
    latest = max(returns, key=lambda row: (row.day, row.event_id))
    yield Flag(
        code="return.never-sold",
        lot_id=latest.lot_id,
        holder=latest.returner,
        location=latest.location,
        event_id=latest.event_id,
        day=latest.day,
        product=latest.product,
        detail=f"{latest.receiver}: {detail}",
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
