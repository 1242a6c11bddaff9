"""Whatever happens to a log on its way, the ledger says what the reference says of its events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine
from sqlalchemy import event as hooks

from foodtrace.events import Event
from foodtrace_ledger import dump
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.positions import read_positions
from foodtrace_ledger.writer import write_chunk
from support.ledger import chunk, dumped, empty, goods, receipt, trade, void
from support.ledger_scripts import Script, Step, scripts

# One database serves all examples: each begins by emptying it.
EXAMPLES = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


class Crash(Exception):
    """The process dies before its transaction is in."""


@contextmanager
def crashing(engine: Engine, wanted: bool) -> Iterator[None]:
    """Let the next commit of the engine fail, if wanted."""
    if not wanted:
        yield
        return

    def crash(*_args: object) -> None:
        raise Crash

    hooks.listen(engine, "commit", crash)
    try:
        yield
    except Crash:
        return
    finally:
        hooks.remove(engine, "commit", crash)


def positions(engine: Engine) -> dict[int, int]:
    return {position.partition: position.next_offset for position in read_positions(engine)}


def deliver(engine: Engine, script: Script) -> None:
    """Play a script, then bring what is left, as a worker that starts again would."""
    rest = [Step(0, len(script.log[0])), Step(1, len(script.log[1]))]
    for step in (*script.steps, *rest):
        records = script.log[step.partition]
        position = positions(engine).get(step.partition, 0)
        start = max(0, position - step.back)
        end = min(len(records), position + step.take)
        with crashing(engine, step.crash):
            part = chunk(records[start:end], start=start, end=end, partition=step.partition)
            write_chunk(engine, part)


@EXAMPLES
@given(script=scripts())
def test_any_delivery_gives_the_reference_lineage(engine: Engine, script: Script) -> None:
    empty(engine)
    deliver(engine, script)
    assert dumped(engine) == dump.of_events(script.events)
    with snapshot(engine) as conn:
        origins = dump.origins(conn)
    empty(engine)
    deliver(engine, Script(script.log, ()))
    assert dumped(engine) == dump.of_events(script.events)
    with snapshot(engine) as conn:
        assert dump.origins(conn) == origins


ORDERS: list[Callable[[list[Event]], list[Event]]] = [list, lambda events: events[::-1]]


@pytest.mark.parametrize("order", ORDERS, ids=["in order", "reversed"])
@pytest.mark.parametrize("together", [True, False], ids=["one chunk", "a chunk each"])
@pytest.mark.parametrize(
    "events",
    [
        pytest.param([trade(1, "A", "B"), void(1, trade(1, "A", "B"))], id="void"),
        pytest.param(
            [receipt(1, "A"), void(1, receipt(1, "A")), void(2, ("erp", "void", "1"))],
            id="void of a void",
        ),
        pytest.param(
            [
                receipt(1, "A"),
                void(1, receipt(1, "A")),
                void(2, ("erp", "void", "1")),
                void(3, ("erp", "void", "2")),
            ],
            id="void of a void of a void",
        ),
        pytest.param(
            [void(1, ("erp", "void", "2")), void(2, ("erp", "void", "1")), receipt(1, "A")],
            id="voids in a circle",
        ),
        pytest.param(
            [
                receipt(1, "A", goods("X"), goods("X", 2, line_no=2)),
                void(1, receipt(1, "A"), line=2),
            ],
            id="void of a line",
        ),
        pytest.param(
            [receipt(1, "A", goods("X", n + 1), revision=n) for n in range(4)], id="revisions"
        ),
        pytest.param(
            [
                receipt(1, "A"),
                void(1, receipt(1, "A")),
                void(1, ("erp", "receipt", "9"), revision=1),
            ],
            id="a void revised to name another event",
        ),
        pytest.param(
            [receipt(1, "A", goods("X", 1)), receipt(1, "A", goods("X", 2))], id="two contents"
        ),
        pytest.param(
            [
                receipt(1, "A", goods("X", 1)),
                receipt(1, "A", goods("X", 2)),
                void(1, receipt(1, "A")),
                receipt(1, "A", goods("X", 3)),
            ],
            id="a third content after the void",
        ),
        pytest.param(
            [receipt(1, "A"), void(1, receipt(1, "A"), source="other")], id="void of a stranger"
        ),
        pytest.param([receipt(1, "A"), void(1, receipt(1, "A"), source="ops")], id="void of ops"),
    ],
)
def test_order_and_chunks_change_nothing(
    engine: Engine,
    events: list[Event],
    order: Callable[[list[Event]], list[Event]],
    together: bool,
) -> None:
    events = order(events)
    if together:
        write_chunk(engine, chunk(events))
    else:
        for offset, event in enumerate(events):
            write_chunk(engine, chunk([event], start=offset))
    assert dumped(engine) == dump.of_events(events)
