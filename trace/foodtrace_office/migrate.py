"""Brings the schema `office` up to what this version needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, pool, text

from foodtrace.problems import OurFault
from foodtrace_office.tables import SCHEMA

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6F66666963650001  # "office" and a number: one migration at a time.


def upgrade(url: str, revision: str = "head") -> None:
    """Run the migrations that are missing up to `revision`; a no-op when none is.

    Several processes may call it at once: one migrates, the others wait for it. Raises
    sqlalchemy's OperationalError when the database is away.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    with _connected(url) as connection:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def current(url: str) -> str | None:
    """The revision the database stands at; None before the first migration."""
    with _connected(url) as connection:
        return _revision(connection)


def check(engine: Engine) -> str:
    """The revision that this database stands at, unless it is older than what this code needs.

    Raises OurFault `ledger.older` then, as for a ledger: what to do about it is the same. One that a
    newer release made passes, since the office's migrations only add.
    """
    with engine.connect() as connection:
        found = _revision(connection)
    if found is None or found < head():
        detail = f"office revision {found or 'none'}, this code needs {head()}"
        raise OurFault("ledger.older", detail)
    return found


def head() -> str:
    """The revision this version of the program needs."""
    # By the names of the files: every door asks, and alembic takes longer to load.
    return max(file.name[:4] for file in (_FOLDER / "versions").glob("[0-9]*.py"))


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version", schema=SCHEMA):
        return None
    found = connection.execute(text(f"SELECT version_num FROM {SCHEMA}.alembic_version")).scalar()
    return None if found is None else str(found)


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    target = make_url(url).set(drivername="postgresql+psycopg2")
    engine = create_engine(target, poolclass=pool.NullPool)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
