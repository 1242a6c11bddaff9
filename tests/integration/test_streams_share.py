"""The worker stops where too many of the latest records went aside, and goes on past a few."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from foodtrace_bus import exits
from foodtrace_bus.records import Record
from foodtrace_schemas.topics import topic_of
from support.fixtures import Broker
from support.ledger import goods, trade
from support.streams import Stage, publish, staged, until


@pytest.fixture
def stage(broker: Broker, database: str, topic_prefix: str, tmp_path: Path) -> Iterator[Stage]:
    with staged(broker, database, topic_prefix, tmp_path) as made:
        made.limits = {"aside_window": 50, "aside_limit": 0.2}
        made.build()
        yield made


def poison(stage: Stage, number: int) -> list[Record]:
    """Records of one partition that can't be read."""
    topic = topic_of("trade", stage.prefix)
    return [Record(topic=topic, key=b"same", value=b"poison %d" % n) for n in range(number)]


def test_a_flood_of_poison_stops_the_worker_and_a_few_among_many_do_not(stage: Stage) -> None:
    (first, *_, last) = publish(stage.broker, poison(stage, 40))
    events = [trade(number, "a", "b", goods("L")) for number in range(20)]
    stage.append(events)
    worker = stage.worker()
    assert worker.wait_ended() == exits.TOO_MANY_ASIDES
    said = worker.last_words()
    assert (said["problem"], said["restart"]) == ("ledger.too-many-asides", False)
    assert f"{first.topic}/{first.partition}/10" in said["detail"]
    # Ten of fifty are within the limit; the eleventh isn't taken, and no later one.
    assert [offset for *_, offset, _ in stage.letters()] == list(range(10))
    assert stage.positions()[first.topic, first.partition] == 10
    # Somebody has looked at all of them.
    stage.limits["asides_seen"] = f"{last.topic}/{last.partition}/{last.offset}"
    worker = stage.worker()
    stage.ends_well(events)
    assert len(stage.letters()) == 40
    more = [trade(f"more-{number}", "a", "b", goods("L")) for number in range(90)]
    publish(stage.broker, mixed([stage.record(one) for one in more], poison(stage, 15)))
    stage.ends_well([*events, *more])
    until("all letters are written", lambda: len(stage.letters()) == 55)
    assert worker.stop() == exits.STOPPED


def mixed(good: list[Record], bad: list[Record]) -> list[Record]:
    """Seven of a kind: one that can't be read behind every six that can, in one partition."""
    same = [Record(topic=one.topic, key=b"same", value=one.value) for one in good]
    return [each for n, one in enumerate(bad) for each in (*same[6 * n : 6 * n + 6], one)]
