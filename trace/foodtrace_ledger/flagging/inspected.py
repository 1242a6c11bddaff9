"""Flags of sales against what inspections found of the very lot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from foodtrace.events.inspection import Stage, Verdict
from foodtrace.flag_rules.inspections import sold_against
from foodtrace.flag_rules.sales import Sale
from foodtrace.flags import Flag
from foodtrace.inspections import Found, State, judge
from foodtrace_ledger import arrays, describe
from foodtrace_ledger.flagging.lots import lot_flag
from foodtrace_ledger.sqlfile import sql


def of_inspections(conn: Connection, lots: Sequence[int]) -> Iterator[Flag]:
    """Lots that were sold although an inspection had condemned or suspended them."""
    failed = conn.execute(sql("flag_failed_lots"), {"lot": arrays.numbers(lots)})
    suspects = sorted(row.lot for row in failed)
    if not suspects:
        return
    findings: dict[int, list[Any]] = defaultdict(list)
    for row in conn.execute(sql("findings_of_lots"), {"lot": arrays.numbers(suspects)}):
        findings[row.lot].append(row)
    sales, views = sales_of(conn, suspects), describe.lots(conn, suspects)
    for lot in suspects:
        for code, sale in sold_against(_states(findings[lot]), sales.get(lot, ())):
            yield lot_flag(code, views[lot], sale)


def sales_of(conn: Connection, lots: Iterable[int]) -> dict[int, list[Sale]]:
    """The days on which goods of each lot were sold, each with its first document."""
    sales: dict[int, list[Sale]] = defaultdict(list)
    for row in conn.execute(sql("flag_sales_of"), {"lot": arrays.numbers(lots)}):
        sales[row.lot].append(Sale(row.day, row.event_id))
    return sales


def _states(rows: Sequence[Any]) -> list[tuple[Any, State]]:
    days = {row.event_id: row.day for row in rows}
    judged = judge(
        Found(
            event_id=row.event_id,
            at=row.occurred_at,
            method=row.method,
            stage=Stage(row.stage),
            verdict=Verdict(row.verdict),
            retest_of=row.retest_of,
        )
        for row in rows
    )
    return [(days[step.found.event_id], step.state) for step in judged.steps]
