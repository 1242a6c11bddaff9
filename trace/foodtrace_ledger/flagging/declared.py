"""The conversions that master data declare, for products that go under several keys."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy import Connection

from foodtrace.conversions import Ratios
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql


def ratios_of(
    conn: Connection, products: Iterable[Collection[str]]
) -> dict[Collection[str], Ratios]:
    """The conversions of each product, given by all of its keys."""
    wanted = list(products)
    declared: dict[str, list[tuple[str, str]]] = defaultdict(list)
    asked = {"product": arrays.texts(sorted({key for keys in wanted for key in keys}))}
    for row in conn.execute(sql("flag_conversions_of"), asked):
        declared[row.product].append((row.name, row.value))
    return {keys: Ratios(pair for key in sorted(keys) for pair in declared[key]) for keys in wanted}
