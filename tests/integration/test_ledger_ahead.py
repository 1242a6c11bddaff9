"""What is read ahead or remembered within a snapshot changes no answer, whatever is in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from foodtrace.events import Event
from foodtrace.lots import LotKey, LotKind
from foodtrace_ledger import amounts, roots
from foodtrace_ledger.affected import affected
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.neighbours import Way
from foodtrace_ledger.walk import Walk
from foodtrace_ledger.walker import walk
from support.ledger import empty, goods, push, trade
from support.ledger_scripts import EVENTS
from support.pool_worlds import pool_worlds

WORLDS = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
# Of the lots of a world as many as make another walk; their order is that of a hash.
LOTS = text("SELECT lot_id FROM ledger.lot ORDER BY lot_id LIMIT 3")
NUMBERS = text("SELECT id FROM ledger.lot ORDER BY id")
FOUND = (
    *("lots", "depth", "came_from", "event", "line", "how", "confirmed", "kind", "pools"),
    *("makings", "unlinked", "edges", "late", "again", "filled", "possible_links", "backward"),
)


@pytest.fixture(scope="module")
def engine(module_database: str) -> Iterator[Engine]:
    """One database for all worlds of the module."""
    made = make_engine(module_database)
    yield made
    made.dispose()


def told(found: Walk) -> list[Any]:
    """All that a walk found, without its own numbers of holders."""
    return [*(getattr(found, name) for name in FOUND), [found.holder(lot) for lot in found.lots]]


@WORLDS
@given(events=st.one_of(st.lists(EVENTS, max_size=16), pool_worlds()))
def test_reading_ahead_changes_no_answer(engine: Engine, events: list[Event]) -> None:
    empty(engine)
    push(engine, *events)
    with snapshot(engine) as conn, engine.connect() as forgetful:
        for lot in conn.scalars(LOTS).all():
            begin = roots.of_lots(conn, [lot])
            for way in Way:
                step_by_step = told(walk(conn, begin, way, ahead=0))
                for most in (2, 4, 100):
                    assert told(walk(conn, begin, way, ahead=most)) == step_by_step, (lot, way)
            assert affected(conn, begin) == affected(forgetful, begin)


@WORLDS
@given(events=st.lists(EVENTS, max_size=16), data=st.data())
def test_sums_read_once_are_those_of_every_group(
    engine: Engine, events: list[Event], data: st.DataObject
) -> None:
    empty(engine)
    push(engine, *events)
    with snapshot(engine) as conn, engine.connect() as forgetful:
        lots = list(conn.scalars(NUMBERS))
        if not lots:
            return
        amounts.read_ahead(conn, lots)
        some = data.draw(st.lists(st.sampled_from(lots), max_size=12))
        groups = data.draw(st.lists(st.integers(0, 3), min_size=len(some), max_size=len(some)))
        assert amounts.by_group(conn, some, groups) == amounts.by_group(forgetful, some, groups)
        assert amounts.overdrawn(conn, some) == amounts.overdrawn(forgetful, some)


def test_a_snapshot_remembers_nothing_of_the_one_before(engine: Engine) -> None:
    """The connection is the same one; what a document adds in between is in the next answer."""
    empty(engine)
    push(engine, trade(1, "A", "B", goods("X")))
    with snapshot(engine) as conn:
        before, sessions = holders(conn), {session(conn)}
    push(engine, trade(2, "B", "C", goods("X")))
    with snapshot(engine) as conn:
        after = holders(conn)
        sessions.add(session(conn))
    assert len(sessions) == 1
    assert (before, after - before) == ({"A", "B"}, {"C"})


def holders(conn: Connection) -> set[str]:
    begin = roots.of_lots(conn, [LotKey("A", "", LotKind.TRACE, "", "X").lot_id])
    answer = affected(conn, begin)
    return {each.party for each in answer.sellers} | {each.party for each in answer.source}


def session(conn: Connection) -> int:
    return int(conn.execute(text("SELECT pg_backend_pid()")).scalar_one())
