"""PostgreSQL's clock jumps by days, forth and back, also over its own death: the ledger is the same."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import psycopg2
import pytest

from foodtrace.events import Event
from foodtrace_bus import exits
from foodtrace_bus.topics import ensure_topics
from foodtrace_deploy.stack import keeper as stack
from foodtrace_deploy.stack.part import Stage as PartStage
from foodtrace_ledger import migrate as ledger
from foodtrace_office import migrate as office
from foodtrace_schemas.topics import ledger_topics
from support.clock import FalseClock
from support.fixtures import Broker
from support.ledger import goods, trade
from support.own_postgres import own_postgres
from support.streams import Keeper, Stage, staged, until

#: Events of each phase, and what PostgreSQL's clock is off by in it, in days.
EACH = 100
PHASES = (0, 30, -1, -400, 1)
#: It is killed in the phase of this number, while its clock is behind what it wrote before.
KILLED_IN = 2


@pytest.fixture
def clock(tmp_path: Path) -> FalseClock:
    """PostgreSQL's."""
    return FalseClock(tmp_path / "clock")


@pytest.fixture
def server(clock: FalseClock, tmp_path: Path) -> Iterator[tuple[stack.Keeper, str]]:
    """A PostgreSQL that lives by that clock, kept running as the stack keeps it; and its URL."""
    # Only once it runs as its own account: what the library shares belongs to who loads it first.
    told = (f"{name}={value}" for name, value in clock.environment.items())
    program = shutil.which("env")
    assert program is not None
    before = (program, *told)
    with own_postgres(tmp_path, lambda part: replace(part, argv=(*before, *part.argv))) as (
        keeper,
        made,
    ):
        ledger.upgrade(made.url("postgres"))
        office.upgrade(made.url("postgres"))
        yield keeper, made.url("postgres")


@pytest.fixture
def stage(
    broker: Broker, server: tuple[stack.Keeper, str], topic_prefix: str, tmp_path: Path
) -> Iterator[Stage]:
    with staged(broker, server[1], topic_prefix, tmp_path) as made:
        ensure_topics(broker.bootstrap, topic_prefix, partitions=2)
        made.build()
        # Many small transactions, so that jumps meet some.
        made.chunk_records = 20
        yield made


def off_by(url: str) -> timedelta:
    """How far PostgreSQL's clock is from ours."""
    with psycopg2.connect(url) as conn, conn.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        [(told,)] = cursor.fetchall()
    conn.close()
    found: datetime = told
    return found - datetime.now(UTC)


def all_in(stage: Stage, keeper: Keeper, taken: int) -> bool:
    """Whether so many events are in the ledger."""
    keeper.look()
    return stage.count() >= taken


def test_a_database_whose_clock_jumps_has_the_same_ledger_and_every_position(
    stage: Stage, clock: FalseClock, server: tuple[stack.Keeper, str]
) -> None:
    database, url = server
    keeper = Keeper(stage)
    taken: list[Event] = []
    for number, days in enumerate(PHASES):
        events = [trade(f"{number}-{n}", "a", f"b{n % 9}", goods(f"L{n}")) for n in range(EACH)]
        stage.append(events[: EACH // 2])
        clock.jump(f"{days:+d}d")
        stage.append(events[EACH // 2 :])
        taken += events
        assert abs(off_by(url) - timedelta(days=days)) < timedelta(hours=1)
        if number == KILLED_IN:
            pid = database.report.pid
            assert pid is not None
            os.kill(pid, signal.SIGQUIT)
            until("it was started again", lambda: database.report.restarts == 1)
            until("it answers again", lambda: database.report.stage is PartStage.READY)
            stage.engine.dispose()
        until(f"all, its clock off by {days} days", partial(all_in, stage, keeper, len(taken)))
    stage.ends_well(taken, keeper)
    assert stage.letters() == []
    stage.wait_read(ledger_topics(stage.prefix))
    assert set(keeper.codes) <= exits.RESTART
    assert keeper.worker.stop() == exits.STOPPED
