"""A position that a frozen worker holds is freed for its successor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from foodtrace_ledger import blockers
from foodtrace_ledger.blockers import free_position
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.errors import is_transient, sqlstate
from foodtrace_ledger.writer import write_chunk
from support.ledger import chunk, push, trade

WHERE = ("ledger", "trade", 0)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    push(made, trade(1, "A", "B"))
    yield made
    made.dispose()


@contextmanager
def holding(url: str, application: str = "foodtrace-worker") -> Iterator[Connection]:
    """A session that has locked the position and stands still."""
    other = make_engine(url, application=application)
    conn = other.connect()
    conn.execute(text("SELECT FROM ledger.position FOR UPDATE"))
    try:
        yield conn
    finally:
        conn.invalidate()
        conn.close()
        other.dispose()


def test_a_frozen_holder_is_ended(
    engine: Engine, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blockers, "IDLE_LIMIT_MS", 100)
    part = chunk([trade(2, "A", "B")], start=1)
    with holding(database) as frozen:
        with pytest.raises(DBAPIError) as caught:
            write_chunk(engine, part)
        assert sqlstate(caught.value) == "55P03"
        assert is_transient(caught.value)
        (ended,) = free_position(engine, *WHERE)
        assert ended.application == "foodtrace-worker"
        assert write_chunk(engine, part).events == 1
        with pytest.raises(DBAPIError) as lost:
            frozen.execute(text("SELECT 1"))
        assert is_transient(lost.value)


def test_a_session_of_another_application_is_left_alone(
    engine: Engine, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blockers, "IDLE_LIMIT_MS", 0)
    with holding(database, application="psql") as other:
        assert free_position(engine, *WHERE) == []
        assert other.execute(text("SELECT 1")).scalar_one() == 1


def test_a_free_position_needs_nobodys_end(engine: Engine) -> None:
    assert free_position(engine, *WHERE) == []
