"""Which broker a stack gets: Apache Kafka, the in-memory one, or a cluster of the user's own."""

from __future__ import annotations

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from foodtrace_bus.access import Access
from foodtrace_deploy.stack import jars, java, nodes, reached
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.kafka import Kafka, cluster_id, known_cluster
from foodtrace_deploy.stack.memory import Memory
from foodtrace_deploy.stack.notice import Fetched, Said, Tell
from foodtrace_deploy.stack.options import AUTO, MEMORY, Options
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
    """Brokers: their parts (none for a cluster of the user's own) and what others have to know.

    `log` names the in-memory broker's log, which is another one at every start.
    """

    kind: BrokerKind
    bootstrap: str
    parts: tuple[Part, ...]
    log: str = ""


def choose(
    options: Options, folder: DataFolder, ports: Ports, tell: Tell, cancelled: threading.Event
) -> Chosen:
    """Make the wished broker ready to start; downloads if need be.

    Raises StackProblem: of `jars`, `java`, `kafka` and `nodes`, or `broker-away`; the named errors
    of the bus where a cluster of the user's own doesn't let us in.
    """
    if options.is_external:
        return _external(options.access)
    if options.broker == MEMORY:
        tell(Said(key="memory-chosen"))
        return _memory(folder, ports)
    wish = nodes.number(folder.path, options.brokers)
    try:
        return _kafka(wish, options, folder, ports, tell, cancelled)
    except StackProblem as problem:
        # Whoever wants copies of the evidence isn't given a broker that forgets it.
        if options.broker != AUTO or wish > 1 or problem.key not in _WITHOUT_KAFKA:
            raise
        tell(Said(key="memory-instead", fields={"why": str(problem)}))
        return _memory(folder, ports)


def _external(access: Access) -> Chosen:
    reached.check(access)
    return Chosen(kind="external", bootstrap=access.bootstrap, parts=())


def _memory(folder: DataFolder, ports: Ports) -> Chosen:
    server = Memory(
        folder=folder.path,
        log=folder.log("broker"),
        port=ports.take("broker", preferred=KAFKA_PORT),
    )
    return Chosen(
        kind="memory",
        bootstrap=server.bootstrap,
        parts=(server.part(),),
        log=f"memory-{secrets.token_hex(8)}",
    )


def _kafka(
    number: int,
    options: Options,
    folder: DataFolder,
    ports: Ports,
    tell: Tell,
    cancelled: threading.Event,
) -> Chosen:
    found = java.find()
    class_path = _class_path(options, tell, cancelled)
    homes = nodes.folders(folder.path, number)
    controllers = [_port(ports, "controller", each, homes) for each in homes]
    shared = known_cluster(homes) or cluster_id()
    servers = [
        Kafka(
            folder=home,
            log=folder.log(home.name),
            port=_port(ports, "kafka", home, homes),
            controller_port=controllers[index],
            java=found,
            jars=class_path,
            node=index + 1,
            quorum=tuple(enumerate(controllers, 1)),
            cluster=shared,
        )
        for index, home in enumerate(homes)
    ]
    with ThreadPoolExecutor(len(servers)) as pool:
        for done in [pool.submit(server.prepare) for server in servers]:
            done.result()
    nodes.remember(folder.path, number)
    return Chosen(
        kind="kafka",
        bootstrap=",".join(server.bootstrap for server in servers),
        parts=tuple(server.part() for server in servers),
    )


def _port(ports: Ports, what: str, home: Path, homes: list[Path]) -> int:
    first = {"kafka": KAFKA_PORT, "controller": CONTROLLER_PORT}[what]
    index = homes.index(home)
    name = what if len(homes) == 1 else f"{what}-{index + 1}"
    # Pairs: broker and controller of the first, of the second, and so on.
    return ports.take(name, preferred=first + 2 * index)


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
