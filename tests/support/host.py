"""Runs one server of the tests until the run ends: `python -m support.host NAME FOLDER`."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from foodtrace_deploy.stack import account, jars, java
from foodtrace_deploy.stack.kafka import Kafka
from foodtrace_deploy.stack.keeper import Keeper
from foodtrace_deploy.stack.memory import Memory
from foodtrace_deploy.stack.part import Part, PartReport, Stage
from foodtrace_deploy.stack.ports import Ports
from foodtrace_deploy.stack.postgres import Postgres
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.stack.spawn import Watchdog
from foodtrace_ops.settings import Settings
from support.run import Run

#: What a host tells the tests about its server.
Facts = dict[str, Any]


def broker(folder: Path) -> tuple[Part, Facts]:
    """Apache Kafka; the in-memory broker where Maven can't be reached or the tests ask for it."""
    wish = os.environ.get("FOODTRACE_TEST_BROKER", "auto")
    if wish != "memory":
        try:
            return _kafka(folder)
        except StackProblem as problem:
            if wish == "kafka" or problem.key != "maven-unreachable":
                raise
    return memory(folder)


def memory(folder: Path) -> tuple[Part, Facts]:
    """The in-memory broker."""
    port = Ports(folder / "memory-ports").take("broker")
    server = Memory(folder=folder, log=folder / "memory-server.log", port=port)
    log = f"memory-{secrets.token_hex(8)}"
    return server.part(), {"bootstrap": server.bootstrap, "kind": "memory", "log": log}


def postgres(folder: Path) -> tuple[Part, Facts]:
    """PostgreSQL that doesn't wait for the disk."""
    server = Postgres(
        folder=folder / "postgres",
        log=folder / "postgres-server.log",
        port=Ports(folder / "postgres-ports").take("postgres"),
        password=secrets.token_urlsafe(16),
        account=account.for_postgres(),
        durable=False,
    )
    server.prepare()
    return server.part(), {"url": server.url("postgres"), "port": server.port}


def _kafka(folder: Path) -> tuple[Part, Facts]:
    settings = Settings()
    ports = Ports(folder / "kafka-ports")
    server = Kafka(
        folder=folder / "kafka",
        log=folder / "kafka-server.log",
        port=ports.take("kafka"),
        controller_port=ports.take("controller"),
        java=java.find(),
        jars=jars.fetch(settings.cache_folder, jars.repository(settings)),
        durable=False,
    )
    server.prepare()
    return server.part(), {"bootstrap": server.bootstrap, "kind": "kafka", "log": ""}


HOSTS: dict[str, Callable[[Path], tuple[Part, Facts]]] = {
    "broker": broker,
    "memory": memory,
    "postgres": postgres,
}


def main(name: str, run: Run) -> None:
    """Start the server, say so, wait for the end of the run, stop it."""
    with run.pipe.open("rb") as alive, run.alone(f"{name}-host"):
        part, facts = HOSTS[name](run.folder)
        watchdog = Watchdog()
        keeper = Keeper(part, watchdog, _log)
        keeper.start()
        try:
            report = keeper.wait_ready()
            if report.stage is not Stage.READY:
                sys.exit(report.why)
            (run.folder / f"{name}.json").write_text(json.dumps(facts | {"pid": report.pid}))
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            alive.read()
        finally:
            keeper.stop()
            watchdog.close()


def _log(report: PartReport) -> None:
    sys.stderr.write(f"{report}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main(sys.argv[1], Run(folder=Path(sys.argv[2])))
