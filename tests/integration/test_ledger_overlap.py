"""Two writers whose transactions overlap, statement by statement, write one and the same ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from foodtrace.events import Event
from foodtrace_ledger import dump
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.errors import is_transient
from foodtrace_ledger.writer import write_chunk
from support.ledger import chunk, dumped, empty, goods, receipt, trade, void
from support.ledger_scripts import EVENTS, Script, scripts
from support.overlap import Overlap

SCHEDULES = st.lists(st.integers(0, 1), max_size=60)


@pytest.fixture
def engines(database: str) -> Iterator[list[Engine]]:
    """Two writers' and one to look."""
    made = [make_engine(database) for _ in range(3)]
    yield made
    for engine in made:
        engine.dispose()


def writer(events: Sequence[Event], partition: int, size: int) -> Callable[[Engine], None]:
    """A worker of one partition: chunks of that size, tried again after what passes."""

    def work(engine: Engine) -> None:
        for start in range(0, len(events), size):
            part = chunk(events[start : start + size], start=start, partition=partition)
            while not _written(engine, part):
                pass

    return work


def _written(engine: Engine, part: object) -> bool:
    try:
        write_chunk(engine, part)  # type: ignore[arg-type]
    except DBAPIError as error:
        if not is_transient(error):
            raise
        return False
    return True


def play(
    engines: list[Engine],
    before: Sequence[Event],
    log: Sequence[Sequence[Event]],
    schedule: list[int],
    size: int,
) -> None:
    """Write `before`, then the two partitions of `log` at the same time."""
    empty(engines[2])
    write_chunk(engines[2], chunk(before, partition=2))
    works = [writer(events, partition, size) for partition, events in enumerate(log)]
    Overlap(engines[:2], engines[2], schedule).run(works)
    events = [*before, *(event for partition in log for event in partition)]
    assert dumped(engines[2]) == dump.of_events(events)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    before=st.lists(EVENTS, max_size=5),
    script=scripts(),
    schedule=SCHEDULES,
    size=st.integers(2, 6),
)
def test_overlapping_writers_give_the_reference_lineage(
    engines: list[Engine], before: list[Event], script: Script, schedule: list[int], size: int
) -> None:
    play(engines, before, script.log, schedule, size)


SALE = trade(1, "A", "B", goods("X", 3))
SOLD = receipt(1, "A", goods("X", 1), goods("X", 2, line_no=2))
OTHERWISE = receipt(1, "A", goods("X", 7))
REVISED = receipt(1, "A", goods("X", 9), revision=1)
VOID = void(1, SOLD)
VOID_OF_VOID = void(2, VOID)
# What is there before, and what comes at the same moment.
MEETINGS: dict[str, tuple[list[Event], list[Event], list[Event]]] = {
    "an event and its void": ([], [SOLD], [VOID]),
    "an event and the void of a line": ([], [SOLD], [void(1, SOLD, line=2)]),
    "a void and its void": ([], [SOLD, VOID], [VOID_OF_VOID]),
    "two revisions": ([], [SOLD], [REVISED]),
    "two contents": ([], [SOLD], [OTHERWISE]),
    "a second content and the void": ([SOLD], [OTHERWISE], [VOID]),
    "a second content and the void's void": ([SOLD, VOID], [OTHERWISE], [VOID_OF_VOID]),
    "a second content and a revision": ([SOLD], [OTHERWISE], [REVISED]),
    "two voids of one event": ([SOLD], [VOID], [void(3, SOLD)]),
    "the voids of two lines": ([SOLD], [void(1, SOLD, line=1)], [void(3, SOLD, line=2)]),
    "a void and a revision": ([SOLD], [VOID], [REVISED]),
    "the void of a revision and a higher one": (
        [SOLD, REVISED],
        [void(3, REVISED)],
        [receipt(1, "A", goods("X", 5), revision=2)],
    ),
    "the same event twice": ([], [SOLD, SALE], [SALE, SOLD]),
    "receipts of one lot": (
        [],
        [receipt(n, "A") for n in range(5)],
        [receipt(n, "A") for n in range(5, 10)],
    ),
    "a void, its revision and its void": (
        [],
        [SOLD, VOID],
        [void(1, ("erp", "receipt", "8"), revision=1), void(3, VOID)],
    ),
}


@pytest.mark.parametrize("name", MEETINGS)
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(schedule=SCHEDULES)
def test_what_meets_at_the_same_moment_counts_once(
    engines: list[Engine], name: str, schedule: list[int]
) -> None:
    before, one, other = MEETINGS[name]
    play(engines, before, (one, other), schedule, size=2)
