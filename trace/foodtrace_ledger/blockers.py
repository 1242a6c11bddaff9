"""Free what a frozen worker holds: time-outs don't end a client that just stands still."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as done_or_time_out
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from foodtrace_ledger.engine import APPLICATION
from foodtrace_ledger.errors import is_transient
from foodtrace_ledger.sqlfile import sql

# How long a session may sit in its transaction, holding what others wait for.
IDLE_LIMIT_MS = 1_000
_LOOK_EVERY_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A session that was ended because it stood still and held what others wait for."""

    pid: int
    application: str
    idle_ms: int


def free_position(engine: Engine, consumer: str, topic: str, partition: int) -> list[Ended]:
    """End the sessions of ours that idle in a transaction while they hold the position's row.

    For the owner of the partition after a lock time-out: waits for the row once more, and looks
    with pg_blocking_pids who is in the way. A session that works is left alone, and so is one of
    another application. Gives the sessions it ended; returns as soon as the row is free, and at
    the latest after the lock time-out.
    """
    where = {"consumer": consumer, "topic": topic, "partition": partition}
    ended: list[Ended] = []
    with ThreadPoolExecutor(1) as pool, engine.connect() as waiting, engine.connect() as looking:
        pid = waiting.execute(sql("own_pid")).scalar_one()
        wait = pool.submit(_wait, waiting, where)
        while not wait.done():
            ended += _end_idle(looking, pid)
            done_or_time_out([wait], timeout=_LOOK_EVERY_S)
        wait.result()
    return ended


def end_silent_holder(looking: Connection, key: int, silent_s: float) -> list[Ended]:
    """End the session of ours that holds the advisory lock `key` (below 2^32) and asks nothing.

    For work that one process does for all: a frozen one keeps its session, and with it the lock,
    for ever. Gives the session it ended, if it has been idle for `silent_s` seconds.
    """
    where = {"key": key, "application": APPLICATION, "idle_ms": int(silent_s * 1000)}
    return [Ended(**row._mapping) for row in looking.execute(sql("end_silent_holder"), where)]


def _wait(waiting: Connection, where: Mapping[str, object]) -> None:
    try:
        waiting.execute(sql("lock_position"), where).all()
    except Exception as error:
        if not is_transient(error):
            raise
    finally:
        waiting.rollback()


def _end_idle(looking: Connection, pid: int) -> list[Ended]:
    found = looking.execute(
        sql("end_idle_blockers"),
        {"pid": pid, "application": APPLICATION, "idle_ms": IDLE_LIMIT_MS},
    )
    ended = [Ended(**row._mapping) for row in found]
    looking.rollback()
    return ended
