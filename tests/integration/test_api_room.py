"""The door refuses before the brokers' disks are full, and says so at every place that writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from foodtrace_api.push.examples import TRADE
from foodtrace_bus.cluster import UNKNOWN, Cluster
from foodtrace_bus.errors import BusFull
from foodtrace_bus.room import Room, disks
from foodtrace_bus.topics import ensure_topics
from foodtrace_ops.settings import Settings
from foodtrace_schemas.contracts import schema_text
from support.cheese import bags, receipt
from support.door import asking, push, ready, serving, settings_for
from support.fixtures import Broker
from support.letters import put_aside
from support.streams import until

#: More than any disk here has.
HUGE = 1 << 60
SHOP = "shop-1"


def sold(number: str) -> Any:
    """A receipt of one bag."""
    return receipt(number, SHOP, bags(1))


@pytest.fixture
def limits() -> dict[str, Any]:
    return {"after_wait_seconds": 0}


@pytest.mark.parametrize("reserve", [0, 1 << 20])
def test_a_disk_with_room_is_told_and_nobody_is_warned(
    database: str, broker: Broker, topic_prefix: str, tmp_path: Path, reserve: int
) -> None:
    ensure_topics(broker.bootstrap, topic_prefix, partitions=1)
    settings = settings_for(database, broker, topic_prefix, tmp_path, broker_reserve_bytes=reserve)
    with serving(settings) as address, asking(address) as client:
        ready(address)
        told = client.get("/readyz").json()
        codes = {each["code"] for each in told["warnings"]}
        assert codes <= {"worker.no-owner"}
        metric = "foodtrace_broker_disk_free_bytes{"
        if broker.kind == "memory":
            assert told["disks"] == []
            return
        (disk,) = told["disks"]
        assert 0 < disk["usable"] < disk["total"]
        assert metric in client.get("/metrics").text


def test_below_the_reserve_nothing_is_taken_and_everything_is_still_answered(
    ops: httpx.Client, settings: Settings, keys: dict[str, str], broker: Broker
) -> None:
    if broker.kind == "memory":
        with Cluster(broker.bootstrap) as cluster:
            assert disks(cluster) == UNKNOWN
            Room(cluster, HUGE).check()
        return
    (letter,) = put_aside(settings, b"no event")
    push(ops, settings, sold("r-1"))
    full = settings.model_copy(update={"broker_reserve_bytes": HUGE})
    with serving(full) as address, asking(address, keys["ops"]) as client:
        ready(address)
        told = client.post("/v1/events", json=[sold("r-1"), sold("r-2"), {"kind": "nothing"}])
        problem = told.json()
        assert (told.status_code, problem["code"]) == (503, "push.bus-full")
        assert int(told.headers["retry-after"]) > 0
        assert "MiB left" in problem["detail"]
        # What is in is still known to be in, and what is wrong is still wrong.
        statuses = [each["status"] for each in problem["answers"]]
        assert statuses == ["duplicate", "failed", "refused"]
        for action in ("requeue", "dismiss", "fix"):
            corrected = {"event": TRADE} if action == "fix" else {}
            body = {"reason": "x", **corrected}
            asked = client.post(f"/v1/dead-letters/{letter}/{action}", json=body)
            assert (asked.status_code, asked.json()["code"]) == (503, "push.bus-full"), action
            assert int(asked.headers["retry-after"]) > 0
        wanted = {"schema": schema_text("trade")}
        asked = client.post("/registry/subjects/my.Own/versions", json=wanted)
        assert (asked.status_code, asked.json()["error_code"]) == (503, 50303)
        assert int(asked.headers["retry-after"]) > 0
        state = client.get("/readyz")
        assert state.status_code == httpx.codes.OK
        assert "push.bus-full" in {each["code"] for each in state.json()["warnings"]}
        assert client.get("/v1/lots", params={"party": SHOP}).json()["lots"]


def test_a_disk_that_comes_near_the_reserve_is_warned_of_and_pushes_go_in(
    settings: Settings, keys: dict[str, str], broker: Broker
) -> None:
    if broker.kind == "memory":
        return
    with Cluster(broker.bootstrap) as cluster:
        told = disks(cluster)
    assert not isinstance(told, str)
    near = settings.model_copy(update={"broker_reserve_bytes": told[0].usable * 3 // 4})
    with serving(near) as address, asking(address, keys["ops"]) as client:
        ready(address)
        assert client.post("/v1/events", json=[sold("r-1")]).json()["accepted"] == 1
        warned = client.get("/readyz").json()["warnings"]
        assert "bus.disk-low" in {each["code"] for each in warned}


def test_a_look_is_kept_for_a_while_and_no_longer(broker: Broker) -> None:
    if broker.kind == "memory":
        return
    now = [0.0]
    with Cluster(broker.bootstrap) as cluster:
        room = Room(cluster, HUGE, lambda: now[0])
        with pytest.raises(BusFull, match="reserve"):
            room.check()
        cluster._access = cluster._access.at("127.0.0.1:1")
        cluster.close()
        # From memory still, although no broker would answer.
        with pytest.raises(BusFull):
            room.check()
        now[0] = 60.0
        # Nobody knows: whoever stores something is told by the brokers themselves.
        room.check()
        assert room.disks() == UNKNOWN


def metrics(client: httpx.Client) -> str:
    return client.get("/metrics").text


def test_pushes_that_are_too_much_at_once_are_told_to_come_again(
    settings: Settings, keys: dict[str, str]
) -> None:
    small = settings.model_copy(update={"push_bytes": 100_000})
    with (
        serving(small) as address,
        asking(address, keys["ops"]) as client,
        asking(address, keys["ops"]) as other,
    ):
        ready(address)
        told: list[httpx.Response] = []

        def slow() -> Any:
            """The first half of a large push, and while the door holds it, another one."""
            yield b'{"kind": "nothing", "extra": "' + b"x" * 90_000
            until("the door holds it", lambda: "foodtrace_push_bytes 9" in metrics(other))
            told.append(other.post("/v1/events", content=b" " * 20_000))
            yield b'"}'

        held = client.post("/v1/events", content=slow())
        assert (held.status_code, held.json()["code"]) == (400, "event.unknown-kind")
        (busy,) = told
        assert (busy.status_code, busy.json()["code"]) == (503, "push.busy")
        assert int(busy.headers["retry-after"]) > 0
        # One alone is taken whatever its size, and what was held is given back.
        alone = client.post("/v1/events", content=b'{"kind": "' + b"x" * 150_000 + b'"}')
        assert alone.status_code == httpx.codes.BAD_REQUEST
        assert "foodtrace_push_bytes 0.0" in client.get("/metrics").text
