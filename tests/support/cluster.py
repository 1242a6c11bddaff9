"""A Kafka cluster of several nodes on this machine, each of which a test may kill, freeze, restart.

    with start(folder, nodes=3) as cluster:
        cluster.nodes[1].kill()
        cluster.nodes[1].start_again()

It ends with the process that started it, however that ends. `secure=True` makes its clients speak
TLS and prove a user with SCRAM-SHA-512, and switches on ACLs: see `support.secure`.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from foodtrace_bus.access import Access
from foodtrace_deploy.stack import jars, java
from foodtrace_deploy.stack.kafka import Kafka, cluster_id
from foodtrace_deploy.stack.ports import HOST, claim_any
from foodtrace_deploy.stack.spawn import Watchdog
from foodtrace_ops.settings import Settings
from support import secure as tls
from support.fixtures import Broker
from support.streams import until

#: Seconds until all nodes answer, on a busy machine.
_READY_S = 120.0


@dataclass(slots=True, kw_only=True)
class Node:
    """One broker and controller; `process` is its latest process."""

    server: Kafka
    process: subprocess.Popen[bytes]
    watchdog: Watchdog

    @property
    def bootstrap(self) -> str:
        """Its own address."""
        return self.server.bootstrap

    @property
    def is_running(self) -> bool:
        """Whether its process lives, frozen or not."""
        return self.process.poll() is None

    def kill(self) -> None:
        """End it at once, also when it is frozen."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end and wait for it."""
        self.thaw()
        self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """Stop it in the middle of whatever it does."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.process.send_signal(signal.SIGCONT)

    def start_again(self, *, wait: bool = True) -> None:
        """Start an ended node on its old log; with `wait` until it answers."""
        assert not self.is_running, "it still runs"
        self.process = _spawn(self.server, self.watchdog)
        if wait:
            self.wait_ready()

    def is_ready(self) -> bool:
        """Whether it answers requests; fails by its log when it has ended."""
        assert self.is_running, self.said()
        return self.server.part().ready()

    def wait_ready(self) -> None:
        """Wait until it answers requests."""
        until(f"{self.server.name} answers", self.is_ready, _READY_S)

    def said(self) -> str:
        """The end of its log."""
        return self.server.log.read_text()[-4000:]

    def _end(self, number: signal.Signals) -> None:
        if self.is_running:
            self.process.send_signal(number)
        self.process.wait()
        self.watchdog.drop(self.process.pid)


@dataclass(slots=True, kw_only=True)
class KafkaCluster:
    """The nodes, and how clients reach them; `access` is that of a user who may do everything."""

    nodes: list[Node]
    access: Access
    safe: tls.Safe | None = None
    watchdog: Watchdog = field(repr=False)

    @property
    def bootstrap(self) -> str:
        """Addresses of all nodes."""
        return self.access.bootstrap

    @property
    def broker(self) -> Broker:
        """The same for `support.streams`."""
        return Broker(bootstrap=self.bootstrap, kind="kafka", log="")

    def wait_ready(self) -> None:
        """Wait until every node answers."""
        for node in self.nodes:
            node.wait_ready()

    def close(self) -> None:
        """End all nodes at once: what they hold is thrown away with their folder."""
        for node in self.nodes:
            node.kill()
        self.watchdog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def start(
    folder: Path,
    nodes: int = 3,
    secure: bool = False,
    adapt: Callable[[Kafka], Kafka] = lambda server: server,
) -> KafkaCluster:
    """Start the nodes together and wait until all answer; they don't wait for the disk.

    `adapt` may change each of them before, for instance to be reached through a proxy.
    """
    folder.mkdir(parents=True, exist_ok=True)
    servers = [adapt(server) for server in _servers(folder, nodes)]
    safe = tls.make(folder / "tls") if secure else None
    if safe is not None:
        doors = [claim_any() for _ in range(nodes)]
        servers = [
            replace(server, **safe.of_node(server, door))
            for server, door in zip(servers, doors, strict=True)
        ]
        safe = replace(safe, by_certificate=",".join(f"{HOST}:{door}" for door in doors))
    with ThreadPoolExecutor(nodes) as pool:
        list(pool.map(Kafka.prepare, servers))
    watchdog = Watchdog()
    bootstrap = ",".join(server.bootstrap for server in servers)
    cluster = KafkaCluster(
        nodes=[
            Node(server=server, process=_spawn(server, watchdog), watchdog=watchdog)
            for server in servers
        ],
        access=Access(bootstrap=bootstrap) if safe is None else safe.keeper(bootstrap),
        safe=safe,
        watchdog=watchdog,
    )
    try:
        cluster.wait_ready()
    except BaseException:
        cluster.close()
        raise
    return cluster


def _servers(folder: Path, nodes: int) -> list[Kafka]:
    settings = Settings()
    class_path = jars.fetch(settings.cache_folder, jars.repository(settings))
    ports = [claim_any() for _ in range(2 * nodes)]
    quorum = tuple((number, ports[nodes + number - 1]) for number in range(1, nodes + 1))
    shared = cluster_id()
    return [
        Kafka(
            folder=folder / f"kafka-{number}",
            log=folder / f"kafka-{number}.log",
            port=ports[number - 1],
            controller_port=controller,
            java=java.find(),
            jars=class_path,
            durable=False,
            node=number,
            quorum=quorum,
            cluster=shared,
        )
        for number, controller in quorum
    ]


def _spawn(server: Kafka, watchdog: Watchdog) -> subprocess.Popen[bytes]:
    part = server.part()
    with part.log.open("ab") as log:
        process = subprocess.Popen(
            part.argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=part.folder,
            env={**os.environ, **part.environment},
            start_new_session=True,
        )
    watchdog.add(part, process)
    return process
