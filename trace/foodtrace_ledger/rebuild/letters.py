"""Records that went aside because of us: what a replay can't decide from the log alone.

A worker that failed three times at a record put it aside, whatever a mended one would do with it.
The replay keeps it aside, as its letter says, until somebody requeues it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import Connection, Engine, text

from foodtrace.problems import PROBLEMS, Blame
from foodtrace_ledger.tables import SCHEMA

#: The offsets that stay aside in each partition, by the code of their letter.
Kept = Mapping[tuple[str, int], Mapping[int, str]]

#: The database's own refusal depends on the record alone, and is found again.
_DECIDED_ANEW = frozenset({"ledger.refused"})


def ours() -> list[str]:
    """The codes by which a record goes aside because of us."""
    return sorted(
        code
        for code, problem in PROBLEMS.items()
        if problem.blame is Blame.OURS and code not in _DECIDED_ANEW
    )


def kept(conn: Connection) -> Kept:
    """The offsets that stay aside in each partition, by the code of their letter."""
    rows = conn.execute(
        text(
            f'SELECT topic, partition, "offset", code FROM {SCHEMA}.dead_letter'
            " WHERE code = ANY(:codes)"
        ),
        {"codes": ours()},
    )
    places: dict[tuple[str, int], dict[int, str]] = defaultdict(dict)
    for row in rows:
        places[row.topic, row.partition][row.offset] = row.code
    return dict(places)


def take_over(engine: Engine, seen: Connection, incoming: str, topics: list[str]) -> None:
    """Copy those letters as `seen` sees them, and with them all that is known of outside topics
    that are no more: their letters and positions stand nowhere else.

    `seen` is in a transaction, which may be one that can't write; `engine` is the live ledger's.
    A letter from after `seen`'s snapshot would be a difference to what is compared in it.
    """
    moment = seen.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one()
    with engine.connect() as plain:
        conn = plain.execution_options(isolation_level="REPEATABLE READ")
        with conn.begin():
            conn.exec_driver_sql("SET TRANSACTION SNAPSHOT %(moment)s", {"moment": moment})
            letters = "code = ANY(%(codes)s) OR topic = ANY(%(topics)s)"
            _copy(conn, incoming, "dead_letter", letters, topics)
            _copy(conn, incoming, "position", "topic = ANY(%(topics)s)", topics)


def _copy(conn: Connection, incoming: str, table: str, where: str, topics: list[str]) -> None:
    # Those that both have: the live ledger may be of another revision.
    columns = conn.exec_driver_sql(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = %(mine)s"
        " AND table_name = %(table)s INTERSECT SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = %(theirs)s AND table_name = %(table)s ORDER BY 1",
        {"mine": SCHEMA, "theirs": incoming, "table": table},
    )
    listed = ", ".join(f'"{name}"' for name in columns.scalars())
    conn.exec_driver_sql(
        f"INSERT INTO {incoming}.{table} ({listed}) SELECT {listed} FROM {SCHEMA}.{table}"
        f" WHERE {where} ON CONFLICT DO NOTHING",
        {"codes": ours(), "topics": topics},
    )
