"""One replay at a time, also where a session is lost in the middle of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.rebuild import beside
from foodtrace_ledger.rebuild.errors import ReplayRunning
from foodtrace_ledger.rebuild.turn import turn

_END = text("""
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE application_name = :name AND datname = current_database()
""")


@pytest.fixture
def ours(database: str) -> Iterator[Engine]:
    made = make_engine(database, application=beside.APPLICATION)
    yield made
    made.dispose()


def test_who_lost_the_turn_is_told_before_putting_anything_in_place(
    ours: Engine, database: str
) -> None:
    other = make_engine(database, application="test")
    try:
        with turn(ours) as held:
            held()
            held()
            with other.connect() as conn:
                assert conn.scalars(_END, {"name": beside.APPLICATION}).all() == [True]
            for _ in range(2):
                with pytest.raises(ReplayRunning):
                    held()
            # It is free for another, and what that one holds isn't ours.
            with turn(other) as taken:
                taken()
                with pytest.raises(ReplayRunning):
                    held()
    finally:
        other.dispose()
