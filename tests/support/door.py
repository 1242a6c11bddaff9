"""The HTTP door in this process, on a real broker and database, and a hand to fill the ledger."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx
import uvicorn
from kafka import KafkaConsumer, TopicPartition
from pydantic import SecretStr

from foodtrace_api.app import create_app
from foodtrace_api.contracts import Contracts
from foodtrace_api.web.after import read_token
from foodtrace_bus.cluster import Cluster
from foodtrace_ledger.chunk import Chunk, Origin, Taken
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.positions import read_positions
from foodtrace_ledger.writer import write_chunk
from foodtrace_office.first import first_keys
from foodtrace_office.registry import RegistryRows
from foodtrace_ops.settings import Settings
from foodtrace_schemas.wire import unframe
from support.fixtures import Broker

#: A door connects to broker and database within seconds.
READY_WITHIN_S = 30.0


def settings_for(database: str, broker: Broker, prefix: str, folder: Path, **more: Any) -> Settings:
    """Settings of a door on these servers, with topics of its own."""
    return Settings(
        database_url=SecretStr(database),
        brokers=broker.bootstrap,
        broker_kind="kafka" if broker.kind == "kafka" else "memory",
        broker_log=broker.log,
        topic_prefix=prefix,
        data_folder=folder,
        **more,
    )


@contextmanager
def serving(settings: Settings, **more: Any) -> Iterator[str]:
    """A door on a free port of this machine; gives its address, ends it afterwards.

    `more` goes to `create_app`: a clock, another bus.
    """
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(settings, **more), log_config=None, access_log=False, lifespan="on"
            )
        )
        thread = threading.Thread(target=server.run, args=([listener],), name="door")
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join()


def asking(address: str, key: str | None = None, **headers: str) -> httpx.Client:
    """A client of the door with a key; close it after use."""
    with_key = {"Authorization": f"Bearer {key}"} if key else {}
    return httpx.Client(base_url=address, headers=with_key | headers, timeout=60, trust_env=False)


def catch_up(settings: Settings, after: str) -> None:
    """What the workers do, here and now: take everything up to the push of `after` in.

    The door's tests need a ledger that knows a push, not the processes that fill it.
    """
    engine = make_engine(settings.database_url.get_secret_value())
    contracts = Contracts(RegistryRows(engine))
    reached = {(row.topic, row.partition): row.next_offset for row in read_positions(engine)}
    with Cluster(settings.brokers) as cluster:
        for (short, partition), end in read_token(after).items():
            topic = settings.topic_prefix + short
            start = reached.get((topic, partition), 0)
            log = settings.broker_log or cluster.logs([topic])[topic].log
            entries = tuple(
                taken(contracts, log, topic, partition, record)
                for record in records(settings.brokers, topic, partition, start, end)
            )
            write_chunk(
                engine,
                Chunk(
                    consumer=settings.consumer,
                    log=log,
                    topic=topic,
                    partition=partition,
                    start=start,
                    end=max(start, end),
                    entries=entries,
                ),
            )
    engine.dispose()


def records(brokers: str, topic: str, partition: int, start: int, end: int) -> list[Any]:
    """Records of a partition between two offsets, as a reader of committed ones sees them."""
    consumer = KafkaConsumer(
        bootstrap_servers=brokers,
        group_id=None,
        enable_auto_commit=False,
        isolation_level="read_committed",
    )
    spot = TopicPartition(topic, partition)
    consumer.assign([spot])
    consumer.seek(spot, start)
    found: list[Any] = []
    while consumer.position(spot) < end:
        found += consumer.poll(timeout_ms=1000).get(spot, [])
    consumer.close()
    return [record for record in found if record.offset < end]


def taken(contracts: Contracts, log: str, topic: str, partition: int, record: Any) -> Taken:
    """A record of the log as a worker takes it in."""
    return Taken(
        origin=Origin(
            log=log,
            topic=topic,
            partition=partition,
            offset=record.offset,
            received_at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
        ),
        event=contracts.decode(record.value),
        payload=record.value,
        schema_id=unframe(record.value).schema_id,
    )


def keys_of(database: str) -> dict[str, str]:
    """The first keys of a fresh office, by role."""
    engine = make_engine(database)
    made = first_keys(engine)
    engine.dispose()
    return made


def ready(address: str) -> None:
    """Wait until the door is ready; raises TimeoutError with what it said instead."""
    deadline = monotonic() + READY_WITHIN_S
    with asking(address) as client:
        while (answer := client.get("/readyz")).status_code != httpx.codes.OK:
            if monotonic() > deadline:
                raise TimeoutError(answer.text)
            sleep(0.05)


def push(client: httpx.Client, settings: Settings, *documents: Any) -> str:
    """Push documents that are all taken, and let the ledger take them in; gives the token."""
    answer = client.post("/v1/events", json=list(documents)).json()
    assert answer["accepted"] == len(documents), answer
    catch_up(settings, answer["after"])
    return str(answer["after"])


def issued(staff: httpx.Client, **wanted: Any) -> dict[str, str]:
    """The header of a new key."""
    made = staff.post("/v1/keys", json=wanted)
    assert made.status_code == httpx.codes.CREATED, made.text
    return {"Authorization": f"Bearer {made.json()['key']}"}
