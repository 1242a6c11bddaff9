"""Goods that somebody keeps for their owner: the owner's lots, and those of whoever keeps them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql


def kept_for(conn: Connection, lots: Sequence[int]) -> set[tuple[int, int]]:
    """(an owner's lot, a lot in which somebody keeps its goods)."""
    if not lots:
        return set()
    rows = conn.execute(sql("flag_kept_for"), {"lot": arrays.numbers(lots)})
    return {(row.lot, row.keeper) for row in rows}
