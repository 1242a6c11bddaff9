"""The ledger's schema: models and migrations agree, upgrades meet, a newer one is refused."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, text

from foodtrace_ledger import migrate
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.errors import LedgerNewer, LedgerOlder
from foodtrace_ledger.tables import SCHEMA, metadata


@pytest.fixture
def bare(empty_database: str) -> Iterator[Engine]:
    made = make_engine(empty_database)
    yield made
    made.dispose()


def test_three_upgrades_at_once_make_one_ledger(empty_database: str, bare: Engine) -> None:
    assert migrate.current(bare) is None
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate.upgrade, [empty_database] * 3))
    assert migrate.current(bare) == migrate.head()
    migrate.check(bare)
    with bare.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM ledger.instance")).scalar_one() == 1


def test_the_models_are_what_the_migrations_make(empty_database: str, bare: Engine) -> None:
    migrate.upgrade(empty_database)
    with bare.connect() as conn:
        options = {
            "include_schemas": True,
            "version_table_schema": SCHEMA,
            "compare_type": True,
            "compare_server_default": True,
            "include_name": lambda name, kind, _parents: kind != "schema" or name == SCHEMA,
        }
        context = MigrationContext.configure(conn, opts=options)
        assert compare_metadata(context, metadata) == []
        made = catalogue(conn)
    with bare.begin() as conn:
        conn.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
        conn.execute(text(f"CREATE SCHEMA {SCHEMA}"))
        metadata.create_all(conn)
        assert catalogue(conn) == made


def catalogue(conn: Connection) -> set[tuple[str, str]]:
    """What Alembic doesn't compare: definitions of constraints and indexes word by word, and by
    which alphabet columns sort."""
    rows = conn.execute(
        text(
            "SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE connamespace = 'ledger'::regnamespace"
            " AND conrelid::regclass::text NOT LIKE '%alembic%'"
            " UNION ALL SELECT tablename, indexdef FROM pg_indexes"
            " WHERE schemaname = 'ledger' AND tablename NOT LIKE '%alembic%'"
            " UNION ALL SELECT table_name || '.' || column_name, collation_name"
            " FROM information_schema.columns"
            " WHERE table_schema = 'ledger' AND collation_name IS NOT NULL"
            " AND table_name NOT LIKE 'live%'"
        )
    )
    return {(row[0], row[1]) for row in rows}


def test_a_newer_ledger_is_a_named_error(empty_database: str, bare: Engine) -> None:
    migrate.upgrade(empty_database)
    with bare.begin() as conn:
        conn.execute(text("UPDATE ledger.alembic_version SET version_num = '9999'"))
    with pytest.raises(LedgerNewer, match="9999") as caught:
        migrate.check(bare)
    assert caught.value.code == "ledger.newer"
    with pytest.raises(LedgerNewer):
        migrate.upgrade(empty_database)


def test_a_ledger_that_isnt_there_is_an_older_one(bare: Engine) -> None:
    with pytest.raises(LedgerOlder, match="none") as caught:
        migrate.check(bare)
    assert caught.value.code == "ledger.older"


def test_sessions_free_what_they_hold(bare: Engine) -> None:
    wanted = {
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": "10s",
        "application_name": "foodtrace",
        "TimeZone": "UTC",
    }
    with bare.connect() as conn:
        for name, value in wanted.items():
            assert conn.execute(text(f"SHOW {name}")).scalar_one() == value
        parameters = conn.connection.dbapi_connection.info.dsn_parameters  # type: ignore[union-attr]
    assert parameters["keepalives_idle"] == "10"


def test_a_snapshot_reads_one_moment_and_writes_nothing(empty_database: str, bare: Engine) -> None:
    migrate.upgrade(empty_database)
    with snapshot(bare) as conn:
        assert conn.execute(text("SHOW transaction_isolation")).scalar_one() == "repeatable read"
        assert conn.execute(text("SHOW transaction_read_only")).scalar_one() == "on"
    with bare.connect() as conn:
        assert conn.execute(text("SHOW transaction_isolation")).scalar_one() == "read committed"
