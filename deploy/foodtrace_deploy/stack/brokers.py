"""Which broker a stack gets: Apache Kafka, the in-memory one, or a cluster of the user's own."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

from foodtrace_deploy.stack import jars, java, probe
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.kafka import Kafka
from foodtrace_deploy.stack.memory import Memory
from foodtrace_deploy.stack.notice import Fetched, Said, Tell
from foodtrace_deploy.stack.options import AUTO, MEMORY, Options, addresses
from foodtrace_deploy.stack.part import Part
from foodtrace_deploy.stack.ports import Ports
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_ops.settings import BrokerKind

#: Without these Kafka can't be had, and `auto` takes the in-memory broker.
_WITHOUT_KAFKA = frozenset({"maven-unreachable", "maven-checksum", "cache-denied", "java-missing"})

#: A ledger belongs to one set of logs, so each kind of broker has a database of its own.
DATABASES: dict[BrokerKind, str] = {
    "kafka": "foodtrace",
    "memory": "foodtrace_memory",
    "external": "foodtrace_external",
}

KAFKA_PORT, CONTROLLER_PORT = 19092, 19093


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A broker: its part (none for a cluster of the user's own) and what others have to know.

    `log` names the in-memory broker's log, which is another one at every start.
    """

    kind: BrokerKind
    bootstrap: str
    part: Part | None
    log: str = ""


def choose(
    options: Options, folder: DataFolder, ports: Ports, tell: Tell, cancelled: threading.Event
) -> Chosen:
    """Make the wished broker ready to start; downloads if need be.

    Raises StackProblem: of `jars`, `java` and `kafka`, or `broker-away`.
    """
    if options.is_external:
        return _external(options.broker)
    if options.broker == MEMORY:
        tell(Said(key="memory-chosen"))
        return _memory(folder, ports)
    try:
        return _kafka(options, folder, ports, tell, cancelled)
    except StackProblem as problem:
        if options.broker != AUTO or problem.key not in _WITHOUT_KAFKA:
            raise
        tell(Said(key="memory-instead", fields={"why": str(problem)}))
        return _memory(folder, ports)


def _external(brokers: str) -> Chosen:
    if not any(probe.kafka(host, port, timeout=5.0) for host, port in addresses(brokers)):
        raise StackProblem("broker-away", broker=brokers)
    return Chosen(kind="external", bootstrap=brokers, part=None)


def _memory(folder: DataFolder, ports: Ports) -> Chosen:
    server = Memory(
        folder=folder.path,
        log=folder.log("broker"),
        port=ports.take("broker", preferred=KAFKA_PORT),
    )
    return Chosen(
        kind="memory",
        bootstrap=server.bootstrap,
        part=server.part(),
        log=f"memory-{secrets.token_hex(8)}",
    )


def _kafka(
    options: Options, folder: DataFolder, ports: Ports, tell: Tell, cancelled: threading.Event
) -> Chosen:
    found = java.find()
    class_path = _class_path(options, tell, cancelled)
    server = Kafka(
        folder=folder.path / "kafka",
        log=folder.log("kafka"),
        port=ports.take("kafka", preferred=KAFKA_PORT),
        controller_port=ports.take("controller", preferred=CONTROLLER_PORT),
        java=found,
        jars=class_path,
    )
    server.prepare()
    return Chosen(kind="kafka", bootstrap=server.bootstrap, part=server.part())


def _class_path(options: Options, tell: Tell, cancelled: threading.Event) -> list[Path]:
    cache = options.settings.cache_folder
    cached = jars.cached(cache)
    if cached is not None:
        return cached
    tell(
        Said(
            key="fetching-kafka", fields={"url": jars.repository(options.settings), "cache": cache}
        )
    )
    fetched = jars.fetch(cache, jars.repository(options.settings), _Progress(tell, cancelled).add)
    tell(Fetched(done=jars.TOTAL_BYTES, total=jars.TOTAL_BYTES))
    return fetched


class _Progress:
    """Adds up the pieces of all downloads; ends them when the start is broken off."""

    def __init__(self, tell: Tell, cancelled: threading.Event) -> None:
        self._tell = tell
        self._cancelled = cancelled
        self._lock = threading.Lock()
        self._done = 0

    def add(self, size: int) -> None:
        if self._cancelled.is_set():
            raise StackProblem("stopped-early")
        with self._lock:
            self._done += size
            done = self._done
        self._tell(Fetched(done=done, total=max(done + 1, jars.TOTAL_BYTES)))
