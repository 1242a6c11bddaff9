"""Flags of trades that two tell of: the reports that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection

from foodtrace.flag_rules.reports import Reported, differences
from foodtrace.flags import Flag
from foodtrace.meeting import Voice
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql


def of_reports(conn: Connection, events: Sequence[int]) -> Iterator[Flag]:
    """The differences in the trades of these documents, at the latest report of each trade."""
    rows = conn.execute(sql("flag_told_of_trades"), {"event": arrays.numbers(events)})
    for _, told in groupby(rows, key=attrgetter("meeting")):
        yield from _of_trade(list(told))


def _of_trade(rows: Sequence[Any]) -> Iterator[Flag]:
    # In the order (day, event's id): the last one is the latest report.
    latest = rows[-1]
    for each in differences(reported(row) for row in rows):
        lot = next(row for row in reversed(rows) if row.product == each.product)
        yield Flag(
            code="trade.reports-differ",
            lot_id=lot.lot_id,
            holder=lot.holder,
            location=lot.location,
            event_id=latest.event_id,
            day=latest.day,
            product=each.product,
            detail=each.detail,
        )


def reported(row: Any) -> Reported:
    """A row of a movement with who tells it as the rule takes it."""
    return Reported(
        event_id=row.event_id,
        line=row.line,
        teller=teller(row.told),
        product=row.product or "",
        batch=row.batch or "",
        code=row.code,
        dimension=row.dimension,
        amount=int(row.amount),
    )


def teller(told: str) -> str:
    """Whose report it is: the voice and the source."""
    voice, _, source = told.partition("|")
    return f"{Voice(voice).name.lower()} {source}"
