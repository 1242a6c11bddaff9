"""Brings the schema `office` up to what this version needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, make_url, pool, text

from foodtrace_office.tables import SCHEMA

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6F66666963650001  # "office" and a number: one migration at a time.


def upgrade(url: str) -> None:
    """Run the migrations that are missing; a no-op when none is.

    Several processes may call it at once: one migrates, the others wait for it. Raises
    sqlalchemy's OperationalError when the database is away.
    """
    with _connected(url) as connection:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def current(url: str) -> str | None:
    """The revision the database stands at; None before the first migration."""
    with _connected(url) as connection:
        context = MigrationContext.configure(connection, opts={"version_table_schema": SCHEMA})
        return context.get_current_revision()


def head() -> str:
    """The revision this version of the program needs."""
    revision = ScriptDirectory.from_config(_config()).get_current_head()
    assert revision is not None
    return revision


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    target = make_url(url).set(drivername="postgresql+psycopg2")
    engine = create_engine(target, poolclass=pool.NullPool)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()
