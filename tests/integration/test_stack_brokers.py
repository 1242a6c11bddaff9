"""`foodtrace up --brokers 3 --workers 3`: a broker dies under a push, and everything goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from confluent_kafka.admin import AdminClient, ConfigResource

from foodtrace_bus.exits import SOURCES_CHANGED
from foodtrace_client import Client, RetryPolicy
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.stack import health, state
from foodtrace_schemas import json_form
from foodtrace_schemas.topics import ledger_topics, outside_topic
from support.fixtures import Broker
from support.ledger import goods, trade
from support.streams import until

pytestmark = pytest.mark.timeout(600)
#: Seconds for a start, or for the way back of a killed broker, on a busy machine.
PATIENCE_S = 180.0
NAMES = ("kafka-1", "kafka-2", "kafka-3")


class Up:
    """The command in a process of its own."""

    def __init__(self, data: Path, *options: str) -> None:
        self.data = data
        self.out = data.with_suffix(".out")
        with self.out.open("wb") as out:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "foodtrace_deploy",
                    "up",
                    "--data",
                    str(data),
                    "--json",
                    *options,
                ],
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def told(self, key: str) -> dict[str, Any] | None:
        """The first line with that key, once it is there; fails when the command ended before."""
        ended = self.process.poll() is not None
        lines = [json.loads(line) for line in self.out.read_text().splitlines() if line[0] == "{"]
        found = next((line for line in lines if key in line), None)
        assert found or not ended, self.out.read_text()
        return found

    def part(self, name: str) -> health.PartHealth | None:
        """How a part is now."""
        told = state.read(self.data / "stack.json")
        parts = health.parts(told) if told else []
        return next((part for part in parts if part.name == name), None)

    def is_whole(self) -> bool:
        """Whether all brokers answer."""
        parts = [self.part(name) for name in NAMES]
        return all(part is not None and part.stage == "ready" for part in parts)

    def end(self) -> int:
        """Ask it to end; the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE_S)


@pytest.fixture
def stack(tmp_path: Path, broker: Broker) -> Iterator[Up]:
    if broker.kind == "memory":
        pytest.skip("needs Apache Kafka")
    data = tmp_path / "data"
    made = Up(data, "--brokers", "3", "--workers", "3")
    try:
        yield made
    finally:
        made.end()


def _documents(first: int, count: int) -> list[bytes]:
    numbers = range(first, first + count)
    return [
        json_form.write_bytes(trade(f"t-{n}", f"s{n}", f"b{n}", goods(f"LOT-{n}", 5)))
        for n in numbers
    ]


def test_a_broker_dies_under_a_push_and_everything_goes_on(stack: Up) -> None:
    ready = until("it is ready", lambda: stack.told("ready"), PATIENCE_S)
    assert len(ready["brokers"].split(",")) == 3
    patient = RetryPolicy(attempts=60, longest_pause_s=2.0)
    with Client(ready["api"], ready["keys"]["ops"], retry=patient) as client:
        client.wait(_pushed(client, _documents(0, 50)))
        victim = stack.part("kafka-2")
        assert victim is not None
        assert victim.pid is not None
        os.kill(victim.pid, signal.SIGKILL)
        after = _pushed(client, _documents(50, 200))
        _topics_keep_three_copies(stack, ready["brokers"], ready["topic_prefix"])
        client.wait(after)

        def is_back() -> bool:
            part = stack.part("kafka-2")
            return part is not None and part.restarts >= 1 and stack.is_whole()

        until("the broker is back", is_back, PATIENCE_S)
        client.wait(_pushed(client, _documents(250, 50)))
    for number in range(3):
        worker = stack.part(f"worker-{number}")
        assert worker is not None
        # Nothing but the new source's topic made it start again.
        assert worker.restarts == 0 or worker.why.startswith(f"exit {SOURCES_CHANGED}:"), worker.why
    assert stack.end() == Exit.DONE
    refused = Up(stack.data, "--brokers", "1")
    assert refused.process.wait(PATIENCE_S) == Exit.NOT_STARTED
    problem = refused.told("problem")
    assert problem is not None
    assert problem["problem"] == "brokers-differ"


def _pushed(client: Client, documents: list[bytes]) -> str:
    """Push until all are in, as the kit would; the token of the last answer."""

    def all_in() -> str | None:
        told = client.push(documents)
        assert told.refused == 0
        return told.after if told.accepted + told.duplicates == len(documents) else None

    token: str = until("all are in", all_in, PATIENCE_S)
    return token


def _topics_keep_three_copies(stack: Up, brokers: str, prefix: str) -> None:
    """Also of one that is made while a broker is away."""
    command = [sys.executable, "-m", "foodtrace_deploy", "open-topic", "late", "--json"]
    subprocess.run([*command, "--data", str(stack.data)], check=True, stdout=subprocess.DEVNULL)
    # Confluent's client, because kafka-python leaves sockets to dead brokers to the garbage.
    admin = AdminClient({"bootstrap.servers": brokers})
    topics = [*ledger_topics(prefix), outside_topic("late", prefix)]
    told = admin.list_topics(timeout=30).topics
    parts = [part for topic in topics for part in told[topic].partitions.values()]
    assert {len(part.replicas) for part in parts} == {3}
    asked = [ConfigResource(ConfigResource.Type.TOPIC, topic) for topic in topics]
    for answer in admin.describe_configs(asked).values():
        assert answer.result(30)["min.insync.replicas"].value == "2"
