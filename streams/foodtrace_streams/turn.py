"""Work that one worker at a time does, whichever: who holds a PostgreSQL advisory lock."""

from __future__ import annotations

import structlog
from sqlalchemy import Connection, Engine, func, select

from foodtrace_ledger.blockers import end_silent_holder

_LOG = structlog.get_logger("foodtrace.worker")

#: How long who has the turn may ask nothing, in seconds, before another takes it: whoever works
#: asks every few seconds, a frozen worker never again.
SILENT_S = 60.0


class Turn:
    """A session that holds the lock, as long as this worker has it."""

    def __init__(self, engine: Engine, key: int, *, silent_s: float = SILENT_S) -> None:
        """`key` (below 2^32) names the work; nothing is connected yet."""
        self._silent_s = silent_s
        self._engine = engine
        self._key = key
        self._session: Connection | None = None

    def session(self) -> Connection | None:
        """Blocking: the session that holds the lock (each statement commits), None while another
        worker has it.

        One that has been silent for too long loses it, so that the next call may have it: what is
        done in turn must be harmless when two do it.
        """
        if self._session is None:
            session = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            if not session.execute(select(func.pg_try_advisory_lock(self._key))).scalar_one():
                for ended in end_silent_holder(session, self._key, self._silent_s):
                    _LOG.warning("ended a session that held a turn", ended=str(ended))
                session.close()
                return None
            self._session = session
        else:
            # Raises where the session was lost, and with it the lock.
            self._session.execute(select(1))
        return self._session

    def forget(self) -> None:
        """Give the lock back, or what is left of it after an error."""
        session, self._session = self._session, None
        if session is not None:
            # The lock goes with the session, so it must not return to the pool.
            session.invalidate()
            session.close()
