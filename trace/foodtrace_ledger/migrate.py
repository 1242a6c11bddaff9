"""Bring the ledger's schema to what this code needs, and refuse to run on another one."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from sqlalchemy import Connection, Engine, inspect, text

from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.errors import LedgerNewer, LedgerOlder
from foodtrace_ledger.tables import SCHEMA

# A migration may wait this long for a lock that running workers hold, and run this long.
LOCK_TIMEOUT_MS = 5_000
STATEMENT_TIMEOUT_MS = 15 * 60_000
# Two processes that start at once upgrade one after the other ("food" in ASCII).
_ADVISORY_LOCK = 0x666F6F64


_REVISION_FILE = re.compile(r"r(\d{4})_\w+\.py")


@cache
def _known() -> tuple[str, ...]:
    # By the names of the files: every worker and door asks, and alembic takes longer to load.
    folder = resources.files("foodtrace_ledger.migrations.versions")
    found = (_REVISION_FILE.fullmatch(file.name) for file in folder.iterdir())
    return tuple(sorted(match[1] for match in found if match))


def head() -> str:
    """The revision this code needs."""
    return _known()[-1]


def current(source: Engine | Connection, schema: str = SCHEMA) -> str | None:
    """The revision the ledger in `schema` has, None where there is none yet."""
    if isinstance(source, Engine):
        with source.connect() as conn:
            return current(conn, schema)
    if not inspect(source).has_table("alembic_version", schema=schema):
        return None
    found = source.execute(text(f"SELECT version_num FROM {schema}.alembic_version")).scalar()
    return None if found is None else str(found)


def is_known(revision: str) -> bool:
    """Whether this code knows that revision, and so can read what an older one made."""
    return revision in _known()


def upgrade(url: str, revision: str = "head", *, schema: str = SCHEMA) -> None:
    """Make the ledger in `schema` or bring it up to `revision`.

    Raises LedgerNewer when it is ahead of this code.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "foodtrace_ledger:migrations")
    config.set_main_option("path_separator", "os")
    engine = make_engine(url, application="foodtrace-migrate", schema=schema)
    try:
        with engine.begin() as conn:
            _wait_for_turn(conn)
            found = current(conn, schema)
            if found is not None and not is_known(found):
                raise LedgerNewer(f"revision {found}, this code knows up to {head()}")
            conn.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
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
