"""A ledger in another schema: the same tables, the same statements, nothing of it in the live one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from foodtrace_ledger import arrays, migrate
from foodtrace_ledger.dump import of_events
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.errors import LedgerNewer, LedgerOlder
from foodtrace_ledger.schemas import NEXT, turned
from foodtrace_ledger.sqlfile import names, plain, sql
from foodtrace_ledger.writer import write_chunk
from support.ledger import chunk, dumped, goods, trade, void

EVENTS = [trade(1, "A", "B", goods("X", 3)), trade(2, "B", "C", goods("X", 1))]

CATALOGUE = """
    SELECT 'index', tablename, indexdef FROM pg_indexes WHERE schemaname = '{0}'
    UNION ALL
    SELECT 'constraint', c.conrelid::regclass::text, pg_get_constraintdef(c.oid)
    FROM pg_constraint c WHERE c.connamespace = '{0}'::regnamespace
    UNION ALL
    SELECT 'column', table_name, concat_ws(' ', column_name, data_type, is_nullable, column_default,
        collation_name) FROM information_schema.columns WHERE table_schema = '{0}'
    UNION ALL
    SELECT 'view', viewname, definition FROM pg_views WHERE schemaname = '{0}'
"""


@pytest.fixture
def live(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


@pytest.fixture
def beside(database: str) -> Iterator[Engine]:
    migrate.upgrade(database, schema=NEXT)
    made = make_engine(database, schema=NEXT)
    yield made
    made.dispose()


def catalogue(engine: Engine, schema: str) -> list[tuple[str, ...]]:
    """Everything the migrations make, with the schema's name taken out."""
    with engine.connect() as conn:
        rows = conn.exec_driver_sql(CATALOGUE.format(schema)).all()
    return sorted(tuple(re.sub(rf"\b{schema}\.", "", value) for value in row) for row in rows)


def test_the_migrations_make_the_same_in_another_schema(live: Engine, beside: Engine) -> None:
    assert catalogue(live, NEXT) == catalogue(live, "ledger")
    assert len(catalogue(live, NEXT)) > 100
    with live.connect() as conn:
        assert migrate.current(conn, NEXT) == migrate.current(conn) == migrate.head()


def test_what_is_written_and_read_beside_the_live_ledger_stays_there(
    live: Engine, beside: Engine
) -> None:
    write_chunk(beside, chunk([*EVENTS, void(1, EVENTS[1])]))
    assert dumped(live) == frozenset()
    assert dumped(beside) == of_events([*EVENTS, void(1, EVENTS[1])])
    write_chunk(live, chunk(EVENTS))
    assert dumped(live) == of_events(EVENTS)


def test_prepared_statements_go_to_the_schema_of_their_engine(live: Engine, beside: Engine) -> None:
    write_chunk(beside, chunk(EVENTS))
    for engine in (live, beside):
        with engine.begin() as conn:
            conn.execute(text("ANALYZE ledger.event"))
    found = []
    for engine in (live, beside):
        for _ in range(2):
            with snapshot(engine) as conn:
                asked = {"id": arrays.numbers(range(1, 9))}
                found.append(len(plain(conn, "lots_met", asked)))
                known = conn.scalars(text("SELECT name FROM pg_prepared_statements")).all()
                assert known == ["lots_met"]
    assert found == [0, 0, 3, 3]


def test_no_statement_is_left_that_names_the_live_ledger() -> None:
    for name in names():
        statement = turned(sql(name).text, NEXT)
        assert not re.search(r"(?<!\w)ledger\s*\.|\"ledger\"", statement), name
        assert "ledger_next_" not in statement
    assert turned("to_regclass('ledger.event'), foodtrace_ledger.x", "s") == (
        "to_regclass('s.event'), foodtrace_ledger.x"
    )


@pytest.mark.parametrize(("revision", "named"), [("9999", LedgerNewer), ("0001", LedgerOlder)])
def test_a_writer_stops_when_a_ledger_of_another_revision_came_in_under_it(
    live: Engine, revision: str, named: type[Exception]
) -> None:
    write_chunk(live, chunk(EVENTS))
    with live.begin() as conn:
        conn.execute(text("UPDATE ledger.alembic_version SET version_num = :to"), {"to": revision})
    with pytest.raises(named, match=revision):
        write_chunk(live, chunk([trade(3, "C", "D")], start=2))
    assert dumped(live) == of_events(EVENTS)
