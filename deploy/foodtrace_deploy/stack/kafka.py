"""Apache Kafka as one node or one of several, each broker and controller, on this machine."""

from __future__ import annotations

import base64
import os
import subprocess
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from foodtrace_bus.access import Protocol
from foodtrace_deploy.stack import probe
from foodtrace_deploy.stack.part import Part
from foodtrace_deploy.stack.ports import HOST
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.stack.why import last_lines

#: Heap of a node that is alone, and of one of several.
HEAP, HEAP_OF_SEVERAL = "512m", "400m"
#: The first compiler alone and the serial collector: ready in 2.4 s instead of 2.9, 2 cores.
JVM = ("-Xms128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
#: Largest record batch taken: a dead letter around the largest event.
MAX_BATCH_BYTES = 4 * 1024 * 1024 + 64 * 1024

# Java takes the encoding of file names from the locale, and plain C has no Chinese.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8"}

_LOGGING = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
    "-Dorg.slf4j.simpleLogger.showThreadName=false",
    "-Dorg.slf4j.simpleLogger.showShortLogName=true",
    # Hundreds of lines of settings at every start.
    "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.common.config=warn",
    "-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaConfig=warn",
    "-Dorg.slf4j.simpleLogger.log.org.apache.kafka.raft=warn",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kafka:
    """One node: where it lives, where it listens, with what it runs.

    `quorum` names all nodes of a cluster of several, this one included, each with the port of its
    controller; they share the id `cluster`, which `known_cluster` remembers and `cluster_id` makes.
    `durable=False` is for tests alone: it doesn't wait for the disk. `protocol` is what clients
    speak, `more` settings that go beyond ours, `users` what `StorageTool format --add-scram` takes,
    `ready` another question than the plain one: together they make a node with TLS and users.
    """

    folder: Path
    log: Path
    port: int
    controller_port: int
    java: Path
    jars: Sequence[Path]
    durable: bool = True
    node: int = 1
    quorum: tuple[tuple[int, int], ...] = ()
    cluster: str = ""
    protocol: Protocol = "PLAINTEXT"
    more: Mapping[str, object] = field(default_factory=dict)
    users: tuple[str, ...] = ()
    ready: Callable[[], bool] | None = None

    @property
    def name(self) -> str:
        """Its name among the parts of a stack."""
        return f"kafka-{self.node}" if self._voters[1:] else "kafka"

    @property
    def bootstrap(self) -> str:
        """Address for clients."""
        return f"{HOST}:{self.port}"

    def prepare(self) -> None:
        """Write the settings and format the storage if that wasn't done before."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._settings.write_text(
            "".join(f"{name}={value}\n" for name, value in self.settings().items())
        )
        if not (self.folder / "data" / "meta.properties").exists():
            self._format()

    def part(self) -> Part:
        """The process, for the supervisor."""
        return Part(
            name=self.name,
            argv=self._command("kafka.Kafka", self._settings.name),
            log=self.log,
            folder=self.folder,
            environment=_ENVIRONMENT,
            ready=self.ready or self._answers,
            ports=(self.port, self.controller_port),
            stop_seconds=30.0,
            ready_seconds=60.0 * len(self._voters),
        )

    def settings(self) -> dict[str, object]:
        """`server.properties`: events are kept for ever, stamped by the broker, on this machine."""
        return {
            "process.roles": "broker,controller",
            "node.id": self.node,
            "controller.quorum.voters": ",".join(f"{n}@{HOST}:{port}" for n, port in self._voters),
            "controller.listener.names": "CONTROLLER",
            "listeners": f"{self._listener},CONTROLLER://{HOST}:{self.controller_port}",
            "advertised.listeners": self._listener,
            # Relative to its working folder: this file knows neither commas nor Chinese in a path.
            "log.dirs": "data",
            # Evidence: nothing expires, the broker's clock stamps, no topic appears by itself.
            "auto.create.topics.enable": "false",
            "log.retention.ms": -1,
            "log.retention.bytes": -1,
            "log.cleanup.policy": "delete",
            "log.message.timestamp.type": "LogAppendTime",
            "unclean.leader.election.enable": "false",
            "message.max.bytes": MAX_BATCH_BYTES,
            "replica.fetch.max.bytes": MAX_BATCH_BYTES,
            **(_DURABLE if self.durable else {}),
            **_SESSION,
            **_internal_topics(len(self._voters)),
            **(_SEVERAL if self._voters[1:] else {}),
            **self.more,
        }

    @property
    def _voters(self) -> tuple[tuple[int, int], ...]:
        return self.quorum or ((self.node, self.controller_port),)

    @property
    def _listener(self) -> str:
        return f"{self.protocol}://{self.bootstrap}"

    def _answers(self) -> bool:
        return probe.kafka(HOST, self.port)

    def _format(self) -> None:
        cluster = self.cluster or cluster_id()
        users = [word for user in self.users for word in ("--add-scram", user)]
        with self.log.open("ab") as log:
            code = subprocess.run(
                self._command(
                    *("kafka.tools.StorageTool", "format", "-t", cluster),
                    *("-c", self._settings.name, *users),
                ),
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env={**os.environ, **_ENVIRONMENT},
                check=False,
            ).returncode
        if code != 0:
            raise StackProblem("kafka-format", why=" | ".join(last_lines(self.log, 3)))

    def _command(self, *main: str) -> tuple[str, ...]:
        class_path = ":".join(str(jar) for jar in self.jars)
        heap = HEAP_OF_SEVERAL if self._voters[1:] else HEAP
        return (str(self.java), f"-Xmx{heap}", *JVM, *_LOGGING, "-cp", class_path, *main)

    @property
    def _settings(self) -> Path:
        return self.folder / "server.properties"


def cluster_id() -> str:
    """A new id in Kafka's form: 16 random bytes in base64 that don't look like an option.

    One in 64 begins with "-", which Kafka's own tool takes for an option (its generator avoids it).
    """
    while True:
        text = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text


def known_cluster(folders: Iterable[Path]) -> str:
    """The id of the cluster whose nodes live in these folders; empty if none was formatted yet."""
    for folder in folders:
        formatted = folder / "data" / "meta.properties"
        if formatted.exists():
            rows = (line.partition("=") for line in formatted.read_text().splitlines())
            return next((value for name, _, value in rows if name == "cluster.id"), "")
    return ""


# All nodes share one machine: an acknowledged record is on the disk, also after a power cut.
_DURABLE: dict[str, object] = {"log.flush.interval.messages": 1}

# After this time instead of 9 s the others lead what a killed node led, and it may come back.
_SESSION: dict[str, object] = {
    "broker.session.timeout.ms": 6_000,
    "broker.heartbeat.interval.ms": 1_000,
}

_SEVERAL: dict[str, object] = {
    # All nodes end together, so the last ones would wait for a majority that is gone.
    "controlled.shutdown.enable": "false",
}


def _internal_topics(nodes: int) -> dict[str, object]:
    copies, in_sync = (3, 2) if nodes >= 3 else (1, 1)
    return {
        "offsets.topic.replication.factor": copies,
        "offsets.topic.num.partitions": 4,
        "offsets.retention.minutes": 525_600,
        "transaction.state.log.replication.factor": copies,
        "transaction.state.log.min.isr": in_sync,
        "transaction.state.log.num.partitions": 4,
        "share.coordinator.state.topic.replication.factor": copies,
        "share.coordinator.state.topic.min.isr": in_sync,
        "share.coordinator.state.topic.num.partitions": 1,
        "group.initial.rebalance.delay.ms": 0,
        "default.replication.factor": copies,
        "min.insync.replicas": in_sync,
    }
