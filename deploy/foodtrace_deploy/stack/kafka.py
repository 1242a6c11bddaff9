"""Apache Kafka as one node, broker and controller, keeping its log in the data folder."""

from __future__ import annotations

import base64
import os
import subprocess
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from foodtrace_deploy.stack import probe
from foodtrace_deploy.stack.part import Part
from foodtrace_deploy.stack.ports import HOST
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.stack.why import last_lines

HEAP = "512m"
#: The first compiler alone and the serial collector: ready in 2.4 s instead of 2.9, 2 cores.
JVM = (f"-Xmx{HEAP}", "-Xms128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
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

    `durable=False` is for tests alone: it doesn't wait for the disk.
    """

    folder: Path
    log: Path
    port: int
    controller_port: int
    java: Path
    jars: Sequence[Path]
    durable: bool = True

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
            name="kafka",
            argv=self._command("kafka.Kafka", self._settings.name),
            log=self.log,
            folder=self.folder,
            environment=_ENVIRONMENT,
            ready=lambda: probe.kafka(HOST, self.port),
            ports=(self.port, self.controller_port),
            stop_seconds=30.0,
        )

    def settings(self) -> dict[str, object]:
        """`server.properties`: events are kept for ever, stamped by the broker, on this machine."""
        return {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@{HOST}:{self.controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://{HOST}:{self.port},CONTROLLER://{HOST}:{self.controller_port}",
            "advertised.listeners": f"PLAINTEXT://{self.bootstrap}",
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
            **_SINGLE_NODE,
        }

    def _format(self) -> None:
        cluster = cluster_id()
        with self.log.open("ab") as log:
            code = subprocess.run(
                self._command(
                    "kafka.tools.StorageTool", "format", "-t", cluster, "-c", self._settings.name
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
        return (str(self.java), *JVM, *_LOGGING, "-cp", class_path, *main)

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


# One node: an acknowledged record is on the disk, also after a power cut.
_DURABLE: dict[str, object] = {"log.flush.interval.messages": 1}

_SINGLE_NODE: dict[str, object] = {
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4,
    "offsets.retention.minutes": 525_600,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 4,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "share.coordinator.state.topic.num.partitions": 1,
    "group.initial.rebalance.delay.ms": 0,
    "default.replication.factor": 1,
    "min.insync.replicas": 1,
}
