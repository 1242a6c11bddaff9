"""Statements of readers are planned once per connection, unless they ask about many lots."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from foodtrace_ledger import arrays
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.prepared import SHORT
from foodtrace_ledger.sqlfile import names, plain, sql
from support.ledger import goods, push, trade

KNOWN = text("SELECT name FROM pg_prepared_statements")
ASKED = re.compile(r":(\w+)")
QUESTION = re.compile(r"(--[^\n]*\n)*(SELECT|WITH)\b(?!.*\bINSERT INTO\b)", re.DOTALL)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    push(made, trade(1, "A", "B", goods("X")))
    analyse(made)
    yield made
    made.dispose()


def analyse(engine: Engine) -> None:
    with engine.begin() as conn:
        conn.execute(text("ANALYZE ledger.event"))


def text_of(name: str) -> str:
    return str(sql(name))


def prepared(conn: Connection) -> set[str]:
    return set(conn.scalars(KNOWN))


def test_a_question_is_planned_once_a_connection(engine: Engine) -> None:
    answers = []
    for _ in range(3):
        with snapshot(engine) as conn:
            lots = [row[0] for row in conn.execute(text("SELECT id FROM ledger.lot"))]
            answers.append(sorted(plain(conn, "lots_met", {"id": arrays.numbers(lots)})))
            assert prepared(conn) == {"lots_met"}
    assert len(answers[0]) == 2
    assert answers == answers[:1] * 3


def test_a_question_about_many_lots_gets_a_plan_of_its_own(engine: Engine) -> None:
    with snapshot(engine) as conn:
        assert len(plain(conn, "lots_met", {"id": arrays.numbers(range(SHORT))})) == 2
        assert not prepared(conn)


def test_a_ledger_that_outgrew_its_statistics_is_planned_for_as_it_is(engine: Engine) -> None:
    more = [trade(number, "A", "B", goods(f"X{number}")) for number in range(2, 1_500)]
    push(engine, *more)
    for known in (set[str](), {"lots_met"}):
        with snapshot(engine) as conn:
            plain(conn, "lots_met", {"id": "{1}"})
            assert prepared(conn) == known
        analyse(engine)


def test_a_ledger_without_statistics_is_planned_for_as_it_is(database: str) -> None:
    made = make_engine(database)
    with snapshot(made) as conn:
        plain(conn, "lots_met", {"id": "{1}"})
        assert not prepared(conn)
    made.dispose()


def test_writers_prepare_nothing(engine: Engine) -> None:
    with engine.begin() as conn:
        plain(conn, "lots_met", {"id": "{1}"})
        assert not prepared(conn)


def test_every_question_can_be_prepared(engine: Engine) -> None:
    """The types of its parameters follow from the statement alone."""
    asked = [name for name in names() if QUESTION.match(text_of(name))]
    assert len(asked) > 100
    with engine.connect() as conn:
        for name in asked:
            wanted = dict.fromkeys(ASKED.findall(text_of(name)))
            conn = conn.execution_options(prepared=True)
            conn.execute(sql(name), wanted)
