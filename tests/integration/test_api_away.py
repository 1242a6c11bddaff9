"""The bus goes away under the door: what is in is told event by event, questions are answered."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest

from foodtrace_api.push.examples import RECEIPT, TRADE
from foodtrace_bus.producer import Bus
from foodtrace_bus.topics import ensure_topics
from foodtrace_ops.settings import Settings
from support.door import asking, catch_up, keys_of, ready, serving, settings_for
from support.fixtures import Broker
from support.own_broker import own_broker

# aiokafka drops the socket of a connection that it was still trying when it is stopped.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(autouse=True)
def _dropped_here() -> Iterator[None]:
    """What was dropped is found now, not in somebody else's test."""
    yield
    gc.collect()


def hasty(settings: Settings) -> Bus:
    """A bus that gives up soon."""
    return Bus(settings.brokers, idempotent=False, answer_within_s=1.0)


def receipt(number: str) -> dict[str, Any]:
    made = deepcopy(RECEIPT)
    made["envelope"]["source_event_id"] = number
    return made


def test_a_push_without_a_bus_says_event_by_event_what_is_in(
    database: str, topic_prefix: str, tmp_path: Path
) -> None:
    with own_broker() as (broker, process):
        ensure_topics(broker.bootstrap, topic_prefix, partitions=1)
        settings = settings_for(database, broker, topic_prefix, tmp_path)
        with (
            serving(settings, bus_of=hasty) as address,
            asking(address, keys_of(database)["ops"]) as ops,
        ):
            ready(address)
            first = ops.post("/v1/events", json=[TRADE, receipt("r-1")]).json()
            assert first["accepted"] == 2
            catch_up(settings, first["after"])
            process.kill()
            process.wait()
            documents = [TRADE, receipt("r-2"), {"kind": "nothing"}, receipt("r-2")]
            away = ops.post("/v1/events", json=documents)
            problem = away.json()
            assert (away.status_code, problem["code"]) == (503, "push.bus-away")
            assert int(away.headers["retry-after"]) > 0
            told = [each["status"] for each in problem["answers"]]
            assert told == ["duplicate", "failed", "refused", "failed"]
            assert (problem["duplicate"], problem["failed"], problem["refused"]) == (1, 2, 1)
            state = ops.get("/readyz")
            assert (state.status_code, state.json()["broker"]["ok"]) == (503, False)
            assert state.json()["database"]["ok"] is True
            known = ops.get("/v1/lots", params={"party": TRADE["seller"]["party"]})
            assert known.json()["completeness"]["in_flight"] == "unknown"
            assert known.json()["lots"]


def test_a_door_that_starts_without_a_bus_answers_questions_and_takes_pushes_later(
    database: str, topic_prefix: str, tmp_path: Path
) -> None:
    nowhere = Broker(bootstrap="127.0.0.1:1", kind="memory", log="log-1")
    settings = settings_for(database, nowhere, topic_prefix, tmp_path)
    with serving(settings) as address, asking(address, keys_of(database)["ops"]) as ops:
        assert ops.get("/healthz").status_code == httpx.codes.OK
        push = ops.post("/v1/events", json=TRADE)
        assert (push.status_code, push.json()["code"]) == (503, "registry.not-ready")
        assert int(push.headers["retry-after"]) > 0
        unknown = ops.get("/v1/lots", params={"code": "X"})
        assert (unknown.status_code, unknown.json()["code"]) == (404, "code.unknown")
        assert unknown.json()["completeness"]["in_flight"] == "unknown"
