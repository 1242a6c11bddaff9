"""PostgreSQL killed and started again under a worker: it waits, goes on, and nothing is missing."""

from __future__ import annotations

import os
import secrets
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from foodtrace_deploy.stack import account
from foodtrace_deploy.stack.keeper import Keeper
from foodtrace_deploy.stack.part import Stage as PartStage
from foodtrace_deploy.stack.ports import Ports
from foodtrace_deploy.stack.postgres import Postgres
from foodtrace_deploy.stack.spawn import Watchdog
from foodtrace_ledger import migrate as ledger
from foodtrace_office import migrate as office
from support.fixtures import Broker
from support.ledger import goods, trade
from support.streams import Stage, staged, until


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[Keeper, str]]:
    """A PostgreSQL of this test alone, kept running as the stack keeps it; and its URL."""
    made = Postgres(
        folder=tmp_path / "postgres",
        log=tmp_path / "postgres.log",
        port=Ports(tmp_path / "ports").take("postgres"),
        password=secrets.token_urlsafe(16),
        account=account.for_postgres(),
    )
    made.prepare()
    watchdog = Watchdog()
    keeper = Keeper(made.part(), watchdog, lambda report: None)
    keeper.start()
    try:
        assert keeper.wait_ready().stage is PartStage.READY
        ledger.upgrade(made.url("postgres"))
        office.upgrade(made.url("postgres"))
        yield keeper, made.url("postgres")
    finally:
        keeper.stop()
        watchdog.close()


@pytest.fixture
def stage(
    broker: Broker, server: tuple[Keeper, str], topic_prefix: str, tmp_path: Path
) -> Iterator[Stage]:
    with staged(broker, server[1], topic_prefix, tmp_path) as made:
        made.build()
        yield made


def test_a_killed_database_is_waited_for(stage: Stage, server: tuple[Keeper, str]) -> None:
    keeper, _ = server
    events = [trade(n, "a", f"b{n % 9}", goods(f"L{n % 80}")) for n in range(6000)]
    stage.append(events)
    worker = stage.worker()
    until("first events", lambda: stage.count() > 0)
    pid = keeper.report.pid
    assert pid is not None
    os.kill(pid, signal.SIGQUIT)
    until("it was started again", lambda: keeper.report.restarts == 1)
    until("it answers again", lambda: keeper.report.stage is PartStage.READY)
    stage.engine.dispose()
    stage.ends_well(events)
    # The worker didn't need a new start for that.
    assert worker.process.poll() is None
    assert "chunk tried again" in worker.said()
    assert worker.stop() == 0
