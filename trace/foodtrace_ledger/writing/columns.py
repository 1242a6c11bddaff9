"""The columns of the fact tables and the literals of their types."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.copying import copies_to, copy

Row = tuple[Any, ...]
Column = Callable[[Iterable[Any]], str]

_n, _t, _d = arrays.numbers, arrays.texts, arrays.days
_WHERE: dict[str, Column] = {"event": _n, "content": _n, "line": _n}

# Per table its columns and their literals; rows are sorted by the first four, and the tables
# are written in this order.
TABLES: dict[str, dict[str, Column]] = {
    "claim": {
        **_WHERE,
        "lot": _n,
        "role": _t,
        "batch": _n,
        "product_name": _t,
        "production_date": _d,
        "expiry_date": _d,
        "basis": _t,
        "state": _t,
        "day": _d,
        "product": _t,
        "category": _t,
        "owner": _t,
        "stock": _n,
    },
    "link": {"parent": _n, "child": _n, "event": _n, "line": _n, "basis": _t},
    "movement": {
        "lot": _n,
        **_WHERE,
        "day": _d,
        "direction": _t,
        "dimension": _t,
        "amount": _n,
        "meeting": _n,
        "told": _t,
        "product": _t,
        "batch": _t,
    },
    "paper": {
        "lot": _n,
        **_WHERE,
        "kind": _t,
        "number": _t,
        "issuer": _t,
        "valid_until": _d,
        "verification": _t,
        "day": _d,
        "issued_on": _d,
        "scope": _t,
        "destination": _t,
        "covered_dimension": _t,
        "covered_amount": _n,
    },
    "alias": {
        **_WHERE,
        "subject_kind": _t,
        "subject": _t,
        "scheme": _t,
        "code": _t,
        "valid_from": _d,
        "valid_to": _d,
    },
    "master": {
        **_WHERE,
        "subject_kind": _t,
        "subject": _t,
        "name": _t,
        "attributes": _t,
        "day": _d,
    },
    "citation": {**_WHERE, "number": _t},
    "retail_line": {
        **_WHERE,
        "lot": _n,
        "day": _d,
        "dimension": _t,
        "amount": _n,
        "basis": _t,
    },
    "counted": {**_WHERE, "lot": _n, "day": _d, "dimension": _t, "amount": _n},
    "finding": {
        **_WHERE,
        "day": _d,
        "subject_kind": _t,
        "subject": _t,
        "lot": _n,
        "holder": _t,
        "location": _t,
        "method": _t,
        "stage": _t,
        "verdict": _t,
        "laboratory": _t,
        "retest_of": _t,
    },
    "occupancy": {**_WHERE, "location": _t, "occupant": _t, "since": _d, "until": _d},
    "party_merge": {**_WHERE, "party": _t, "into_party": _t, "since": _d},
    "resolution": {
        **_WHERE,
        "log": _t,
        "topic": _t,
        "partition": _n,
        "offset": _n,
        "action": _t,
        "reason": _t,
        "corrected": _t,
        "actor": _t,
    },
}

_FIRST = itemgetter(0, 1, 2, 3)


def insert(conn: Connection, table: str, rows: list[Row]) -> None:
    """Write the rows of one table in one statement, sorted."""
    if not rows:
        return
    schema = copies_to(conn)
    if schema is not None:
        copy(conn, schema, table, TABLES[table], sorted(rows, key=_FIRST))
        return
    values = zip(*sorted(rows, key=_FIRST), strict=True)
    columns = zip(TABLES[table].items(), values, strict=True)
    literals = {name: literal(column) for (name, literal), column in columns}
    conn.execute(sql(f"insert_{table}"), literals)
