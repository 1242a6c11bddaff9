"""One replay at a time, and nothing left of one that was killed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from foodtrace_ledger.rebuild.beside import APPLICATION
from foodtrace_ledger.rebuild.errors import ReplayRunning

# "replay" in ASCII.
_ADVISORY_LOCK = 0x7265706C6179
#: How long the sessions of a replay that was killed may take to notice it, in seconds.
_PATIENCE_S = 5.0
_PAUSE_S = 0.1
_END_MS = 5_000

_END_LEFT = text("""
    SELECT pg_terminate_backend(pid, :ms) FROM pg_stat_activity
    WHERE application_name = :application AND datname = current_database()
      AND pid <> pg_backend_pid()
""")


_HOLDS = text("""
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid() AND objsubid = 1
          AND (cast(classid AS bigint) << 32 | cast(objid AS bigint)) = :key
    )
""")


@contextmanager
def turn(engine: Engine) -> Iterator[Callable[[], None]]:
    """Hold the turn; raises ReplayRunning when another has it.

    Sessions that a killed one left behind in the middle of a long statement are ended. What it gives
    is to be called before anything is put in place: it raises ReplayRunning when the session was
    lost meanwhile, and with it the turn.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as session:
        deadline = time.monotonic() + _PATIENCE_S
        asked = {"key": _ADVISORY_LOCK}
        while not session.execute(text("SELECT pg_try_advisory_lock(:key)"), asked).scalar_one():
            if time.monotonic() > deadline:
                raise ReplayRunning
            time.sleep(_PAUSE_S)
        try:
            session.execute(_END_LEFT, {"application": APPLICATION, "ms": _END_MS}).all()
            yield lambda: _check(session)
        finally:
            session.invalidate()


def _check(session: Connection) -> None:
    try:
        if session.execute(_HOLDS, {"key": _ADVISORY_LOCK}).scalar_one():
            return
    except (DBAPIError, PendingRollbackError) as error:
        raise ReplayRunning from error
    raise ReplayRunning
