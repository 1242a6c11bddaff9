"""Indexes that only readers need: dropped before a ledger is loaded, built when it is.

Derived from the tables' metadata, so that a new table's indexes are among them.
"""

from __future__ import annotations

from sqlalchemy import Connection, Index, text
from sqlalchemy.schema import CreateIndex

from foodtrace_ledger.schemas import turned
from foodtrace_ledger.tables import SCHEMA, metadata

#: Indexes that a writer looks into: voids of an event, revisions of a document, receipt lines of an
#: event that no longer holds. Primary keys and unique columns stay anyway.
NEEDED = frozenset({"voiding_target_idx", "event_head_idx", "retail_line_event_idx"})


def secondary() -> list[Index]:
    """Every index that a writer can do without, by table."""
    return [
        index
        for table in metadata.sorted_tables
        for index in sorted(table.indexes, key=lambda one: str(one.name))
        if not index.unique and index.name not in NEEDED
    ]


def drop(conn: Connection, schema: str) -> None:
    """Drop them in a ledger that isn't the live one."""
    assert schema != SCHEMA
    for index in secondary():
        conn.exec_driver_sql(f"DROP INDEX IF EXISTS {schema}.{index.name}")


def missing(conn: Connection, schema: str) -> list[Index]:
    """Those that `schema` doesn't have yet."""
    rows = conn.execute(
        text("SELECT indexname FROM pg_indexes WHERE schemaname = :schema"), {"schema": schema}
    )
    known = set(rows.scalars())
    return [index for index in secondary() if index.name not in known]


def build(conn: Connection, schema: str, index: Index) -> None:
    """Build one of them, if it isn't there."""
    made = CreateIndex(index, if_not_exists=True).compile(dialect=conn.dialect)
    conn.exec_driver_sql(turned(str(made), schema))
