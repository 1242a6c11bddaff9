"""A replay whose loaders are killed, one and all, and that goes on with any number of them."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from foodtrace_bus.records import Record
from foodtrace_ledger.dump import of_events
from foodtrace_schemas.topics import topic_of
from support.fixtures import Broker
from support.ledger import dumped, goods, trade
from support.replaying import PHASES, Ended, bring_in, replay, running
from support.streams import Stage, publish, staged, until

EVENTS = [trade(n, "a", f"b{n % 7}", goods(f"L{n % 5}", 2)) for n in range(60)]


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    """Trades and a record that goes aside in the ledger, and no worker that runs."""
    if broker.kind != "kafka":
        pytest.skip("the memory broker lives and dies with its ledger")
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build("till")
        made.append(EVENTS)
        own = [trade(f"own-{n}", "c", "d", goods("T"), source="till") for n in range(3)]
        made.append(own, source="till")
        made.append(own)
        topic = topic_of("trade", made.prefix)
        publish(broker, [Record(topic=topic, key=b"k", value=b"\0junk")])
        bring_in(made)
        assert dumped(made.engine) == of_events([*EVENTS, *own])
        yield made


def _loaders(stage: Stage) -> list[int]:
    """Those of this stage's replays that run."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
            if (
                b"replay.loading" in command
                and stage.database.encode() in (folder / "environ").read_bytes()
            ):
                found.append(int(folder.name))
        except OSError:
            # It has ended since it was listed.
            continue
    return found


def _kill(stage: Stage) -> bool:
    killed = _loaders(stage)
    for loader in killed:
        os.kill(loader, signal.SIGKILL)
    return bool(killed)


@contextmanager
def _none_lives(stage: Stage) -> Iterator[None]:
    """Every loader is killed as soon as it is seen."""
    over = threading.Event()

    def kill() -> None:
        while not over.wait(0.01):
            _kill(stage)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()


def test_loaders_are_killed_and_the_rebuilt_ledger_is_equal(stage: Stage) -> None:
    # Killed again and again before they come to anything: a named error, and nothing is lost.
    with _none_lives(stage):
        ended = replay(stage, processes=2)
    assert ended.last.get("problem") == "replay.loader-died", ended.last
    assert "signal 9" in ended.last["detail"]
    assert ended.code != 0
    assert not _loaders(stage)
    # The one that leads is killed: they go with it.
    with running(stage, processes=3) as (process, _):
        until("loaders", lambda: _loaders(stage))
        process.kill()
        process.wait()
        until("no loader is left", lambda: not _loaders(stage))
    # One is killed and started again; what three have loaded is gone on with by two.
    with running(stage, processes=2) as (process, lines):
        until("a killed loader", lambda: _kill(stage))
        ended = Ended(code=0, lines=list(lines))
    assert ended.last.get("state") == "switched", ended.last
    assert ended.last["compared"] is True
    assert ended.phases == list(PHASES[1:])
    assert "started again" in (stage.folder / "replay.log").read_text()
    assert len(stage.letters()) == 1
