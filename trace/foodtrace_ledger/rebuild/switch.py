"""One ledger put in the other's place, in one transaction, while workers wait and readers go on.

Workers are held by a lock on what they begin with, the positions; they retry what a lock's time-out
ends. An answer holds its lock on `instance` from before its snapshot to its end, so the names change
between answers and never within one.
"""

from __future__ import annotations

import time

from sqlalchemy import Connection

from foodtrace_ledger.errors import sqlstate
from foodtrace_ledger.rebuild.beside import MARKER
from foodtrace_ledger.rebuild.errors import ReadersBusy
from foodtrace_ledger.schemas import BEFORE
from foodtrace_ledger.tables import SCHEMA

#: How long the workers' transactions under way are waited for, in milliseconds.
WRITERS_MS = 5_000
#: For so long new answers wait behind the switch, in milliseconds; below their own 2 s for a lock.
READERS_MS = (200, 400, 800, 1_000)
#: How long workers are held for answers under way, in seconds.
HOLD_S = 12.0

#: A replay that is frozen while it holds the workers is let go of after this, in milliseconds; its
#: last stretch may take as long.
FROZEN_MS = 30_000

_LEAVING = "ledger_leaving"
_LOCK_NOT_AVAILABLE = "55P03"
_PAUSE_S = 0.1


def hold(conn: Connection) -> None:
    """Let no worker write into the live ledger until this transaction ends; readers go on."""
    conn.exec_driver_sql(f"SET LOCAL lock_timeout = {WRITERS_MS}")
    conn.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = {FROZEN_MS}")
    # The relay marks letters that it has published: those marks go along.
    conn.exec_driver_sql(f"LOCK TABLE {SCHEMA}.position, {SCHEMA}.dead_letter IN EXCLUSIVE MODE")


def carry_over(conn: Connection, incoming: str, *, same_revision: bool) -> None:
    """Take along what the log doesn't say: which letters are published, where a worker stands."""
    conn.exec_driver_sql(f"""
        UPDATE {incoming}.dead_letter n SET published = true
        FROM {SCHEMA}.dead_letter o
        WHERE o.published AND NOT n.published AND o.log = n.log AND o.topic = n.topic
          AND o.partition = n.partition AND o."offset" = n."offset"
    """)
    if same_revision:
        conn.exec_driver_sql(f"DELETE FROM {incoming}.halt")
        conn.exec_driver_sql(f"INSERT INTO {incoming}.halt SELECT * FROM {SCHEMA}.halt")


def switch(conn: Connection, incoming: str) -> None:
    """Make `incoming` the live ledger and the live one `ledger_before`; the caller has `hold` and
    commits.

    Raises ReadersBusy when answers were under way all the time; nothing has changed then.
    """
    _wait_for_readers(conn)
    conn.exec_driver_sql(f"DROP TABLE IF EXISTS {incoming}.{MARKER}")
    conn.exec_driver_sql(f"ALTER SCHEMA {SCHEMA} RENAME TO {_LEAVING}")
    conn.exec_driver_sql(f"ALTER SCHEMA {incoming} RENAME TO {SCHEMA}")
    conn.exec_driver_sql(f"ALTER SCHEMA {_LEAVING} RENAME TO {BEFORE}")
    conn.exec_driver_sql("SET LOCAL synchronous_commit = on")


def _wait_for_readers(conn: Connection) -> None:
    deadline = time.monotonic() + HOLD_S
    attempt = 0
    while not _locked(conn, READERS_MS[min(attempt, len(READERS_MS) - 1)]):
        if time.monotonic() > deadline:
            raise ReadersBusy(f"{HOLD_S:g} s")
        attempt += 1
        # Those who queued behind us go first.
        time.sleep(_PAUSE_S)


def _locked(conn: Connection, within_ms: int) -> bool:
    point = conn.begin_nested()
    conn.exec_driver_sql(f"SET LOCAL lock_timeout = {within_ms}")
    try:
        conn.exec_driver_sql(f"LOCK TABLE {SCHEMA}.instance IN ACCESS EXCLUSIVE MODE")
    except Exception as error:
        point.rollback()
        if sqlstate(error) != _LOCK_NOT_AVAILABLE:
            raise
        return False
    point.commit()
    return True
