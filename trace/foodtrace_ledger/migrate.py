"""Bring the ledger's schema to what this code needs, and refuse to run on another one."""

from __future__ import annotations

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.errors import LedgerNewer, LedgerOlder
from foodtrace_ledger.tables import SCHEMA

# A migration may wait this long for a lock that running workers hold, and run this long.
LOCK_TIMEOUT_MS = 5_000
STATEMENT_TIMEOUT_MS = 15 * 60_000
# Two processes that start at once upgrade one after the other ("food" in ASCII).
_ADVISORY_LOCK = 0x666F6F64


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "foodtrace_ledger:migrations")
    config.set_main_option("path_separator", "os")
    return config


@cache
def head() -> str:
    """The revision this code needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def current(source: Engine | Connection, schema: str = SCHEMA) -> str | None:
    """The revision the ledger in `schema` has, None where there is none yet."""
    if isinstance(source, Engine):
        with source.connect() as conn:
            return current(conn, schema)
    context = MigrationContext.configure(source, opts={"version_table_schema": schema})
    return context.get_current_revision()


def is_known(revision: str) -> bool:
    """Whether this code knows that revision, and so can read what an older one made."""
    return any(
        script.revision == revision
        for script in ScriptDirectory.from_config(_config()).walk_revisions()
    )


def upgrade(url: str, revision: str = "head", *, schema: str = SCHEMA) -> None:
    """Make the ledger in `schema` or bring it up to `revision`.

    Raises LedgerNewer when it is ahead of this code.
    """
    engine = make_engine(url, application="foodtrace-migrate", schema=schema)
    try:
        with engine.begin() as conn:
            _wait_for_turn(conn)
            found = current(conn, schema)
            if found is not None and not is_known(found):
                raise LedgerNewer(f"revision {found}, this code knows up to {head()}")
            conn.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
            config = _config()
            config.attributes["connection"] = conn
            config.attributes["schema"] = schema
            command.upgrade(config, revision)
    finally:
        engine.dispose()


def _wait_for_turn(conn: Connection) -> None:
    # Waiting for another upgrade is no fault, so the time-out for locks comes after it.
    conn.execute(text("SET LOCAL lock_timeout = 0"))
    conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    conn.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
    conn.execute(text(f"SET LOCAL statement_timeout = {STATEMENT_TIMEOUT_MS}"))
    conn.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


def check(engine: Engine) -> None:
    """Raise LedgerNewer or LedgerOlder unless the ledger's schema is the one this code needs."""
    check_revision(current(engine))


def check_revision(found: str | None) -> None:
    """The same for a revision that was read already."""
    wanted = head()
    if found == wanted:
        return
    detail = f"revision {found or 'none'}, this code needs {wanted}"
    if found is not None and not is_known(found):
        raise LedgerNewer(detail)
    raise LedgerOlder(detail)
