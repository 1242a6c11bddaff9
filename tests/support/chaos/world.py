"""The parts of a run: three brokers, PostgreSQL, API and workers, and the proxy between them.

Workers, API and PostgreSQL are kept by the stack's own keepers, which start them again with growing
pauses. Every worker, and the API, has a way of its own to PostgreSQL; clients come to each broker by
one way, brokers to each other by another.
"""

from __future__ import annotations

import os
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import SecretStr

from foodtrace_bus.topics import ensure_topics
from foodtrace_deploy.stack import account, bootstrap, doors
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.kafka import Kafka
from foodtrace_deploy.stack.keeper import Keeper
from foodtrace_deploy.stack.part import Part, PartReport, Stage
from foodtrace_deploy.stack.ports import HOST, Ports, claim_any
from foodtrace_deploy.stack.postgres import Postgres
from foodtrace_deploy.stack.spawn import Watchdog
from foodtrace_ledger.engine import make_engine
from foodtrace_office.first import first_keys
from foodtrace_ops.settings import Settings
from support import cluster as kafka
from support.chaos.broken import FOLDER
from support.chaos.plan import BROKERS, MORE_WORKERS
from support.chaos.proxy import TESTS, Proxy
from support.cluster import KafkaCluster

PREFIX = "chaos."
CHUNK_RECORDS = 200
_PASSWORD = "chaos"


class World:
    """Everything that may be killed, on a folder of its own. Use it in a `with` block."""

    def __init__(self, folder: Path, *, sources: tuple[str, ...]) -> None:
        """Nothing starts before the block; `sources` have a topic of their own from the start."""
        self.folder = folder
        self.faults = folder / "faults"
        self.data = DataFolder(folder / "data")
        self.keepers: dict[str, Keeper] = {}
        self.changes: list[PartReport] = []
        self._sources = sources
        self._watchdog = Watchdog()
        self._changing = threading.Lock()
        for made in (self.faults, self.data.path, self.data.logs):
            made.mkdir(parents=True)
        self._ports = Ports(folder / "ports.json")
        self._given: dict[str, int] = {}
        self.postgres = Postgres(
            folder=folder / "postgres",
            log=folder / "postgres.log",
            port=self._port("postgres"),
            password=secrets.token_urlsafe(16),
            account=account.for_postgres(),
        )
        self.brokers: KafkaCluster | None = None
        self.proxy: Proxy
        self.settings: Settings
        self.keys: dict[str, str]

    def __enter__(self) -> Self:
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all parts; none of them is needed any more, so none is given time."""
        for keeper in self.keepers.values():
            keeper.kill()
        for keeper in self.keepers.values():
            keeper.stop()
        if self.brokers is not None:
            self.brokers.close()
        self._watchdog.close()

    def _port(self, name: str) -> int:
        """The port of that name, the same each time."""
        if name not in self._given:
            self._given[name] = claim_any()
        return self._given[name]

    # -- start

    def _start(self) -> None:
        with ThreadPoolExecutor(2) as pool:
            brokers, database = pool.submit(self._start_brokers), pool.submit(self._database)
            brokers.result()
            url = database.result()
        self._way_to_all(url)
        ensure_topics(self.settings.brokers, PREFIX, outside_sources=self._sources)
        engine = make_engine(self.direct_url)
        try:
            self.keys = first_keys(engine)
        finally:
            engine.dispose()
        self.keep(self._api())
        self.add_worker(0)
        for name in ("api", "worker-0"):
            self.keepers[name].wait_ready()

    def _start_brokers(self) -> None:
        # Kept at once: whoever is interrupted here ends them.
        self.brokers = kafka.start(self.folder / "kafka", nodes=len(BROKERS), adapt=self._by_proxy)

    def _by_proxy(self, server: Kafka) -> Kafka:
        """The node, telling clients to come by the proxy; the nodes meet on a listener of their own."""
        inside = self._port(f"inside-{server.node}")
        outside = self._port(f"broker-{server.node}-clients")
        listeners = f"PLAINTEXT://{server.bootstrap},INSIDE://{HOST}:{inside}"
        more = {
            "listeners": f"{listeners},CONTROLLER://{HOST}:{server.controller_port}",
            "advertised.listeners": f"PLAINTEXT://{HOST}:{outside},INSIDE://{HOST}:{inside}",
            "inter.broker.listener.name": "INSIDE",
            # A transaction whose producer is gone ends when its time is up, not ten seconds later.
            "transaction.abort.timed.out.transaction.cleanup.interval.ms": "1000",
            "listener.security.protocol.map": ",".join(
                f"{name}:PLAINTEXT" for name in ("PLAINTEXT", "INSIDE", "CONTROLLER")
            ),
        }
        return replace(server, more={**server.more, **more})

    def _database(self) -> str:
        self.postgres.prepare()
        report = self.keep(self.postgres.part()).wait_ready()
        if report.stage is not Stage.READY:
            raise RuntimeError(f"PostgreSQL: {report.why}")
        return bootstrap.database(self.postgres, "external", _PASSWORD)

    def _way_to_all(self, url: str) -> None:
        assert self.brokers is not None
        ways = {
            f"broker-{node.server.node}-clients": (
                self._port(f"broker-{node.server.node}-clients"),
                node.server.port,
            )
            for node in self.brokers.nodes
        }
        bootstrap_servers = ",".join(f"{HOST}:{listen}" for listen, _ in ways.values())
        for user in ("api", *(f"worker-{number}" for number in range(MORE_WORKERS))):
            name = f"{user}-postgres"
            ways[name] = self._port(name), self.postgres.port
        self.proxy = Proxy(folder=self.folder, control=self._port("proxy"), ways=ways)
        report = self.keep(self.proxy.part()).wait_ready()
        if report.stage is not Stage.READY:
            raise RuntimeError(f"proxy: {report.why}")
        self.direct_url = url
        self.settings = Settings(
            database_url=SecretStr(url),
            brokers=bootstrap_servers,
            broker_kind="external",
            topic_prefix=PREFIX,
            data_folder=self.data.path,
            api_port=self._port("api"),
            chunk_records=CHUNK_RECORDS,
            evidence_key=bootstrap.evidence_key(Settings(), self.data, url),
            # Poison may well be most of a young partition.
            aside_limit=1.0,
        )

    def _seen_by(self, user: str) -> Settings:
        listen, target = self.proxy.ways[f"{user}-postgres"]
        url = self.direct_url.replace(f"{HOST}:{target}/", f"{HOST}:{listen}/")
        return self.settings.model_copy(update={"database_url": SecretStr(url)})

    def _api(self) -> Part:
        return doors.api(self._seen_by("api"), self.data)

    def add_worker(self, number: int) -> None:
        """Start the worker of that number; returns at once."""
        part = doors.worker(number, self._seen_by(f"worker-{number}"), self.data, self._ports)
        own = {FOLDER: str(self.faults), "PYTHONPATH": _with_tests()}
        argv = (part.argv[0], "-m", "support.chaos.broken")
        self.keep(replace(part, argv=argv, environment={**part.environment, **own}))

    def keep(self, part: Part) -> Keeper:
        """Keep a part running from now on."""
        keeper = Keeper(part, self._watchdog, self._changed)
        self.keepers[part.name] = keeper
        keeper.start()
        return keeper

    def _changed(self, report: PartReport) -> None:
        with self._changing:
            self.changes.append(report)

    @property
    def api_url(self) -> str:
        """Address of the HTTP door."""
        return f"http://{HOST}:{self.settings.api_port}"

    def failed(self) -> list[PartReport]:
        """Parts that their keepers have given up."""
        reports = [keeper.report for keeper in self.keepers.values()]
        return [report for report in reports if report.stage is Stage.FAILED]


def _with_tests() -> str:
    return os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH"))))
