"""The ledger's walks say what the reference says: through pools, over merges, units and returns."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine

from foodtrace.events import Event
from foodtrace.lineage import Lineage
from foodtrace.lots import LotKey, LotKind
from foodtrace.walks import Reach
from foodtrace_ledger import describe, roots
from foodtrace_ledger.answers import LotView
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.walk import Walk
from foodtrace_ledger.walker import downstream, upstream
from support.ledger import empty, push
from support.ledger_scripts import EVENTS
from support.pool_worlds import pool_worlds


@pytest.fixture(scope="module")
def engine(module_database: str) -> Iterator[Engine]:
    """One database for all worlds of the module: emptying is cheaper than cloning."""
    made = make_engine(module_database)
    yield made
    made.dispose()


def key(view: LotView) -> LotKey:
    """A lot of an answer by the domain's key."""
    return LotKey(view.holder, view.location, LotKind(view.kind), view.product, view.code)


def reached(conn: Connection, walk: Walk) -> dict[LotKey, bool]:
    """The lots of a walk and whether each is confirmed."""
    views = describe.lots(conn, walk.lots)
    return {key(views[lot]): bool(walk.confirmed[walk.place[lot]]) for lot in walk.lots}


def certain(found: dict[LotKey, Reach]) -> dict[LotKey, bool]:
    """The same of the reference."""
    return {lot: reach.confirmed for lot, reach in found.items()}


def agree(engine: Engine, events: list[Event]) -> None:
    """From every lot, both ways; and the paths shown lead to where they say."""
    empty(engine)
    push(engine, *events)
    lineage = Lineage(events)
    every = {lot for lot, _ in (*lineage.graph.down, *lineage.graph.up)}
    with snapshot(engine) as conn:
        for lot in every:
            begin = roots.of_lots(conn, [lot.lot_id])
            for ours, reference in (
                (downstream(conn, begin), lineage.downstream([lot])),
                (upstream(conn, begin), lineage.upstream([lot])),
            ):
                assert reached(conn, ours) == certain(reference), lot
                follow(ours)


def follow(walk: Walk) -> None:
    """Every path begins where the walk began, takes noted steps, and is certain where its end is."""
    for lot, place in walk.place.items():
        hops = walk.path(lot)
        assert walk.came_from[hops[0].place] == -1
        assert hops[-1].place == place
        assert len(hops) <= 2 * len(walk)


WORLDS = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@WORLDS
@given(events=st.lists(EVENTS, max_size=20))
def test_walks_agree_with_the_reference_over_all_kinds(engine: Engine, events: list[Event]) -> None:
    agree(engine, events)


@WORLDS
@given(events=pool_worlds())
def test_walks_agree_with_the_reference_in_pools(engine: Engine, events: list[Event]) -> None:
    agree(engine, events)
