"""Clocks that jump by a day under a worker: nothing is lost, and no verdict is another one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from foodtrace.events import Event
from foodtrace_bus import exits
from foodtrace_schemas.topics import ledger_topics
from support.clock import FalseClock
from support.fixtures import Broker
from support.ledger import goods, trade
from support.streams import Keeper, Stage, staged, until

EACH = 150


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build()
        # Many small transactions, so that jumps meet some.
        made.chunk_records = 20
        yield made


def at(hours: float, number: int) -> Event:
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


def test_a_workers_clock_that_jumps_a_day_changes_no_verdict(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = FalseClock(tmp_path / "clock")
    for name, value in clock.environment.items():
        monkeypatch.setenv(name, value)
    keeper = Keeper(stage)
    taken: list[Event] = []
    refused = 0
    for part, offset in enumerate(("+0", "+1d", "-1d", "+0")):
        clock.jump(offset)
        # By the broker's clock 12 hours ahead may be, 36 may not: by the worker's clock the first
        # would be refused a day back, and the second taken a day ahead.
        mine = [at(12, EACH * part + n) for n in range(EACH)]
        stage.append([*mine, *(at(36, 3 * part + n) for n in range(3))])
        taken += mine
        refused += 3

        until(
            f"all with the clock at {offset}", partial(all_in, stage, keeper, len(taken), refused)
        )
    stage.ends_well(taken, keeper)
    assert [code for _, _, _, code in stage.letters()] == ["event.from-the-future"] * refused
    stage.wait_read(ledger_topics(stage.prefix))
    # Its membership of the group outlives the jumps, or it ended to be started again.
    assert set(keeper.codes) <= exits.RESTART
    assert keeper.worker.stop() == exits.STOPPED
