"""Workers that die or freeze in mid-stream: nothing lost, nothing twice, no partition stuck."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foodtrace.events import Event
from foodtrace_bus import exits
from support.fixtures import Broker
from support.ledger import goods, receipt, trade
from support.streams import Keeper, Stage, staged, until


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.build()
        # Many small transactions, so that a kill meets them in every state.
        made.chunk_records = 100
        yield made


def two_topics(number: int) -> list[Event]:
    """As many trades and receipts, in whose lots workers meet."""
    events: list[Event] = []
    for n in range(number):
        shop = f"b{n % 7}"
        lines = goods(f"L{n % 50}"), goods(f"M{n}", line_no=2)
        events += [trade(n, "a", shop, *lines), receipt(n, shop, goods(f"L{n % 50}"))]
    return events


def test_kills_and_unforeseen_errors_lose_nothing_and_double_nothing(stage: Stage) -> None:
    events = two_topics(3000)
    stage.append(events)
    # One is killed from outside; the other fails right before a commit, then right after one.
    killed = Keeper(stage, 0)
    failing = Keeper(stage, 1, faults=["crash-before=2", "crash-after=2"])
    for threshold in (500, 3000):

        def reached(threshold: int = threshold) -> bool:
            failing.look()
            return stage.count() >= threshold

        until(f"{threshold} events", reached)
        killed.worker.kill()
        killed.look()
    stage.ends_well(events, killed, failing)
    assert killed.codes == [-9, -9]
    assert set(failing.codes) <= {exits.CRASHED}
    assert failing.codes
    assert stage.letters() == []


def test_a_frozen_worker_is_replaced_and_does_no_harm_when_it_wakes(stage: Stage) -> None:
    events = two_topics(3000)
    stage.append(events)
    frozen = stage.worker(0)
    until("first events", lambda: stage.count() > 0)
    frozen.freeze()
    # It stays a member of the group until its session ends; then the other has all partitions.
    other = stage.worker(1)
    stage.ends_well(events)
    frozen.thaw()
    more = [receipt(f"later-{n}", "b1", goods("L1")) for n in range(50)]
    stage.append(more)
    stage.ends_well([*events, *more])
    # Either it is one of the group again, or it ended to be started again.
    if frozen.process.poll() is None:
        assert frozen.stop() == 0
    else:
        assert frozen.process.returncode in exits.RESTART
    assert other.stop() == 0
    assert stage.letters() == []
