"""Two ledgers compared in SQL, table by table, with public keys in place of either's own ids.

Each table becomes 256 buckets of rows with their number and two sums of hashes, which don't depend
on any order. Statements are derived from the metadata, so a new table is compared as well. The two
may be read in two snapshots: what counts is that both have read the logs up to the same positions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, Table, text

from foodtrace_ledger.tables import SCHEMA, metadata

#: How far each has read is what the caller made equal; the rest is of one ledger alone.
SKIPPED = frozenset({"position", "instance", "halt"})
#: What depends on when and by whom a letter was told: the words of an error, and its publication.
OMITTED: Mapping[str, frozenset[str]] = {"dead_letter": frozenset({"published", "detail"})}
# Sums that came back to nothing say the same as no row at all.
_COUNTING: Mapping[str, str] = {"retail_total": "x.amount <> 0", "retail_count": "x.receipts <> 0"}
# Evidence is compared where the live ledger has any: a partition that was begun without goes on so.
_EVIDENCE = "evidence_"

_OWNERS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("event", "void", "target", "head"), ("event", "event_id")),
    **dict.fromkeys(("lot", "parent", "child"), ("lot", "lot_id")),
    "batch": ("batch", "batch_id"),
}
_SHOWN = 3
_SHOWN_CHARACTERS = 300
_LOOKED_AT = 20_000

Buckets = dict[int, tuple[int, int, int]]
Partitions = list[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A table that isn't equal: how many rows each has of it, and some that only one has."""

    table: str
    live_rows: int
    rebuilt_rows: int
    only_live: tuple[str, ...]
    only_rebuilt: tuple[str, ...]


def tables() -> list[Table]:
    """What is compared."""
    return [table for table in metadata.sorted_tables if table.name not in SKIPPED]


def evident(conn: Connection) -> Partitions:
    """The partitions of which a ledger has evidence."""
    rows = conn.execute(text("SELECT topic, partition FROM ledger.evidence_head ORDER BY 1, 2"))
    return [(row.topic, row.partition) for row in rows]


def compared(live: Connection, rebuilt: Connection) -> Iterator[Difference | None]:
    """Each table in turn: None where it is equal."""
    partitions = evident(live)
    for table in tables():
        ours, theirs = (_buckets(conn, table, partitions) for conn in (live, rebuilt))
        yield None if ours == theirs else _difference(live, rebuilt, table, partitions)


def digest(conn: Connection, table: Table, partitions: Partitions) -> Buckets:
    """The buckets of one table, as they are compared."""
    return _buckets(conn, table, partitions)


def rows_of(table: Table, partitions: Partitions) -> str:
    """The statement that gives each row of a table as one text of public values."""
    values, joins = [], []
    for number, column in enumerate(table.columns):
        if column.name in OMITTED.get(table.name, ()) or column.identity is not None:
            continue
        owner = _OWNERS.get(column.name)
        if owner is None or not isinstance(column.type, BigInteger):
            values.append(f'x."{column.name}"')
            continue
        other, key = owner
        values.append(f"o{number}.{key}")
        joins.append(f'LEFT JOIN {SCHEMA}.{other} o{number} ON o{number}.id = x."{column.name}"')
    where = _COUNTING.get(table.name, "true")
    if table.name.startswith(_EVIDENCE):
        listed = ", ".join(f"('{topic}', {partition})" for topic, partition in partitions)
        where = f"(x.topic, x.partition) IN ({listed})" if listed else "false"
    said = f"CAST(ROW({', '.join(values)}) AS text)"
    return f"SELECT {said} AS said FROM {table} x {' '.join(joins)} WHERE {where}"


def _buckets(conn: Connection, table: Table, partitions: Partitions) -> Buckets:
    statement = f"""
        SELECT hash & 255, count(*), sum(CAST(hash AS numeric)), sum(CAST(other AS numeric))
        FROM (SELECT hashtextextended(said, 0) AS hash, hashtextextended(said, 1) AS other
              FROM ({rows_of(table, partitions)} OFFSET 0) said) hashed
        GROUP BY 1
    """
    rows = conn.exec_driver_sql(statement)
    return {bucket: (count, int(first), int(second)) for bucket, count, first, second in rows}


def _difference(
    live: Connection, rebuilt: Connection, table: Table, partitions: Partitions
) -> Difference:
    ours, theirs = (_buckets(conn, table, partitions) for conn in (live, rebuilt))
    only_live: list[str] = []
    only_rebuilt: list[str] = []
    for bucket in sorted(ours.keys() | theirs.keys()):
        if ours.get(bucket) == theirs.get(bucket):
            continue
        first, second = (_bucket(conn, table, partitions, bucket) for conn in (live, rebuilt))
        only_live += sorted((first - second).elements())
        only_rebuilt += sorted((second - first).elements())
        if len(only_live) + len(only_rebuilt) >= _SHOWN:
            break
    return Difference(
        table=table.name,
        live_rows=sum(count for count, _, _ in ours.values()),
        rebuilt_rows=sum(count for count, _, _ in theirs.values()),
        only_live=tuple(only_live[:_SHOWN]),
        only_rebuilt=tuple(only_rebuilt[:_SHOWN]),
    )


def _bucket(conn: Connection, table: Table, partitions: Partitions, bucket: int) -> Counter[str]:
    statement = f"""
        SELECT left(said, {_SHOWN_CHARACTERS}) FROM ({rows_of(table, partitions)} OFFSET 0) said
        WHERE hashtextextended(said, 0) & 255 = {bucket} LIMIT {_LOOKED_AT}
    """
    return Counter(row[0] for row in conn.exec_driver_sql(statement))
