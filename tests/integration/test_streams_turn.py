"""Work that one worker does for all: whoever freezes loses its turn, whoever works keeps it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine, select

from foodtrace_ledger.engine import make_engine
from foodtrace_streams.crash import Sort, sort_of
from foodtrace_streams.turn import Turn
from support.streams import until

KEY = 0x74727931
Made = Callable[[str], Engine]


@pytest.fixture
def engine(database: str) -> Iterator[Made]:
    """Engines of that application name."""
    with ExitStack() as stack:

        def made(application: str) -> Engine:
            engine = make_engine(database, application=application)
            stack.callback(engine.dispose)
            return engine

        yield made


def test_a_frozen_worker_loses_its_turn(engine: Made) -> None:
    frozen = Turn(engine("foodtrace-worker-0"), KEY)
    next_one = Turn(engine("foodtrace-worker-1"), KEY, silent_s=0.2)
    assert frozen.session() is not None
    until("the next one has it", next_one.session)
    # When it wakes it notices, as when the database was away, and waits for its turn again.
    with pytest.raises(Exception, match=r"terminat|closed") as lost:
        frozen.session()
    assert sort_of(lost.value) is Sort.PASSES
    frozen.forget()
    assert frozen.session() is None
    next_one.forget()
    until("it has it again", frozen.session)
    frozen.forget()


@pytest.mark.parametrize(
    ("application", "key", "silent_s"),
    [("foodtrace-worker-0", KEY, 600.0), ("psql", KEY, 0.0), ("foodtrace-worker-0", KEY + 1, 0.0)],
)
def test_nobody_else_loses_anything(
    engine: Made, application: str, key: int, silent_s: float
) -> None:
    holder = Turn(engine(application), key)
    held = holder.session()
    assert held is not None
    asking = Turn(engine("foodtrace-worker-1"), KEY, silent_s=silent_s)
    for _ in range(3):
        assert (asking.session() is None) == (key == KEY)
    assert held.execute(select(1)).scalar_one() == 1
    for turn in (holder, asking):
        turn.forget()
