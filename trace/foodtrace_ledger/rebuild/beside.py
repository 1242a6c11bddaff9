"""The schemas beside the live one: what is there, made and dropped."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine, event, text

from foodtrace_ledger import migrate
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.rebuild import indexes
from foodtrace_ledger.schemas import BEFORE, NEXT
from foodtrace_ledger.tables import SCHEMA
from foodtrace_ledger.writing.copying import OPTION
from foodtrace_ledger.writing.known import forget

#: Sessions of a replay. Workers end sessions of ours that stand in their way, and must not end these.
APPLICATION = "replay-foodtrace"
#: Stands in a ledger that is being built, from when its indexes are gone until it is switched.
MARKER = "being_built"

_DROP_MS = 30_000

# What isn't on the disk yet when the server dies is loaded again; the switch waits for the disk.
_BUILDING = {
    "synchronous_commit": "off",
    # Large chunks hold each other up for longer than workers' do, and nobody waits for them.
    "lock_timeout": "60s",
    "maintenance_work_mem": "256MB",
    "idle_in_transaction_session_timeout": "0",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The revision of each ledger that is there, None where there is none; `building` says that a
    replay was begun and not finished."""

    live: str | None
    next: str | None
    before: str | None
    building: bool


def look(conn: Connection) -> Beside:
    """What is there now."""
    return Beside(
        live=migrate.current(conn, SCHEMA),
        next=migrate.current(conn, NEXT),
        before=migrate.current(conn, BEFORE),
        building=_is_table(conn, NEXT, MARKER),
    )


def engine_of(url: str, schema: str, *, copies: bool, pool_size: int = 5) -> Engine:
    """An engine for the ledger in `schema`, with the settings of a build."""
    engine = make_engine(
        url, application=APPLICATION, pool_size=pool_size, schema=schema, settings=_BUILDING
    )
    made: Engine = engine.execution_options(**{OPTION: schema}) if copies else engine
    # A server that dies loses commits that we were told of. None of its sessions outlives it, so
    # whoever comes after it comes by a new one, and must not remember rows that are gone.
    event.listen(engine, "connect", lambda *_: forget(made))
    return made


def make(url: str, engine: Engine) -> None:
    """Make the next ledger anew, without the indexes that only readers need."""
    drop(engine, NEXT)
    migrate.upgrade(url, schema=NEXT)
    with engine.begin() as conn:
        indexes.drop(conn, NEXT)
        conn.execute(text(f"CREATE TABLE {NEXT}.{MARKER} ()"))


def drop(engine: Engine, schema: str) -> None:
    """Drop a ledger that isn't the live one."""
    assert schema != SCHEMA
    with engine.begin() as conn:
        # A session that was killed in the middle of a statement may hold it for a while.
        conn.exec_driver_sql(f"SET LOCAL lock_timeout = {_DROP_MS}")
        conn.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")


def _is_table(conn: Connection, schema: str, table: str) -> bool:
    found = conn.execute(text("SELECT to_regclass(:name)"), {"name": f"{schema}.{table}"})
    return found.scalar_one() is not None
