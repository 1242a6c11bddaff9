"""Clocks of worker and broker that jump by a day: nothing is lost, and the broker's alone decides."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from foodtrace.events import Event
from foodtrace_bus import exits
from foodtrace_bus.topics import ensure_topics
from foodtrace_schemas.topics import ledger_topics
from support import cluster
from support.clock import FalseClock
from support.ledger import goods, trade
from support.streams import Keeper, Stage, staged, until

#: Events of each claimed time in each phase.
EACH = 60
#: What the worker's clock and the broker's are off by, in days.
PHASES = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1), (0, 0))


@pytest.fixture
def clocks(tmp_path: Path) -> dict[str, FalseClock]:
    """The worker's and the broker's, each to be set by itself."""
    return {name: FalseClock(tmp_path / f"clock-{name}") for name in ("worker", "broker")}


@pytest.fixture
def stage(
    clocks: dict[str, FalseClock], database: str, topic_prefix: str, tmp_path: Path
) -> Iterator[Stage]:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in clocks["broker"].environment.items():
            patched.setenv(name, value)
        node = cluster.start(tmp_path / "node", nodes=1)
    with node, staged(node.broker, database, topic_prefix, tmp_path) as made:
        ensure_topics(node.bootstrap, topic_prefix, partitions=2)
        made.build()
        # Many small transactions, so that jumps meet some.
        made.chunk_records = 20
        yield made


def at(hours: int, number: str) -> Event:
    """A sale that claims to be of so many hours from now."""
    occurred = datetime.now(UTC) + timedelta(hours=hours)
    return trade(
        f"{hours}-{number}",
        "a",
        "b",
        goods(f"L{hours}-{number}"),
        occurred_at=occurred,
        business_date=occurred.date(),
    )


def all_in(stage: Stage, keeper: Keeper, taken: int, refused: int) -> bool:
    """Whether so many events and letters are in the ledger."""
    keeper.look()
    return stage.count() >= taken and len(stage.letters()) >= refused


def test_clocks_that_jump_a_day_lose_nothing_and_the_brokers_decides(
    stage: Stage, clocks: dict[str, FalseClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in clocks["worker"].environment.items():
        monkeypatch.setenv(name, value)
    # Half of what goes aside here is more than the usual limit.
    stage.limits = {"aside_limit": 1.0}
    keeper = Keeper(stage)
    taken: list[Event] = []
    refused = 0
    for number, (worker, broker) in enumerate(PHASES):
        clocks["worker"].jump(f"{worker:+d}d")
        clocks["broker"].jump(f"{broker:+d}d")
        for hours in (12, 36):
            events = [at(hours, f"{number}-{n}") for n in range(EACH)]
            stage.append(events)
            # A day ahead of the broker's clock may be, whatever the worker's says.
            if hours <= 24 * broker + 24:
                taken += events
            else:
                refused += len(events)
        what = f"all with clocks off by {worker} and {broker} days"
        until(what, partial(all_in, stage, keeper, len(taken), refused))
    stage.ends_well(taken, keeper)
    assert {code for _, _, _, code in stage.letters()} == {"event.from-the-future"}
    assert len(stage.letters()) == refused
    stage.wait_read(ledger_topics(stage.prefix))
    # Its membership of the group outlives the jumps, or it ended to be started again.
    assert set(keeper.codes) <= exits.RESTART
    assert keeper.worker.stop() == exits.STOPPED
