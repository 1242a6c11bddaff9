"""The whole stack as one context manager: broker, PostgreSQL, workers, API.

with Stack(Options(settings=Settings(), data=folder)) as running:
    httpx.get(running.api_url + "/readyz")
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from pydantic import SecretStr

from foodtrace_deploy.stack import account, doors, reached, state
from foodtrace_deploy.stack.brokers import DATABASES, Chosen, choose
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.notice import Changed, Said, Tell, quiet
from foodtrace_deploy.stack.options import Options
from foodtrace_deploy.stack.part import PartReport, Stage
from foodtrace_deploy.stack.ports import Ports
from foodtrace_deploy.stack.postgres import Postgres
from foodtrace_deploy.stack.supervisor import Supervisor
from foodtrace_ops.settings import BrokerKind, Settings

POSTGRES_PORT = 15432
#: The order in which parts end: who takes events first, who keeps them last.
_STOP_ORDER = (("api",), ("worker",), ("kafka", "broker", "postgres"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """Addresses and keys of a running stack; `keys` by role, empty if they aren't known here.

    `settings` is what its parts were started with, less the number and port of a worker.
    """

    api_url: str
    brokers: str
    broker_kind: BrokerKind
    database_url: SecretStr
    keys: dict[str, str] = field(repr=False)
    data: Path
    settings: Settings


class Stack:
    """One stack on one data folder; used once."""

    def __init__(self, options: Options, tell: Tell = quiet) -> None:
        """Nothing happens before `start`."""
        self._options = options
        self._tell = tell
        self._folder = DataFolder(options.data)
        self._supervisor = Supervisor(self._changed)
        self._cancelled = threading.Event()
        self._lost = threading.Event()
        self._writing = threading.Lock()
        self._settings = options.settings
        self._ports: Ports | None = None
        self.running: Running | None = None

    def __enter__(self) -> Running:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> Running:
        """Start everything and wait until it is ready; what was started ends if one part fails.

        Raises StackProblem.
        """
        self._folder.open()
        try:
            self._meet_leftovers()
            self.running = self._start()
            self._write_state()
        except BaseException:
            self.stop()
            raise
        return self.running

    def wait(self) -> None:
        """Wait until something is lost that a restart of its part can't bring back."""
        self._lost.wait()

    def stop(self) -> None:
        """End all parts in order and let the folder go; may be called again."""
        self._cancelled.set()
        self._supervisor.stop(*_STOP_ORDER)
        if self._ports is not None:
            self._ports.release()
        self._folder.close()

    def kill(self) -> None:
        """End all parts at once, for those who can't wait; `stop` is still needed."""
        self._cancelled.set()
        self._supervisor.kill()

    def _meet_leftovers(self) -> None:
        before = state.read(self._folder.state_file)
        if before is not None:
            left = state.end_leftovers(before)
            if left:
                self._tell(Said(key="leftovers", fields={"parts": ", ".join(left)}))

    def _start(self) -> Running:
        ports = self._ports = self._folder.ports
        # First, because wishes that can't be met are the user's to resolve.
        api_port = self._api_port(ports)
        if self._options.is_external:
            reached.check(self._options.access)
        # Choosing a broker may mean a download, which goes on while PostgreSQL starts.
        pool = ThreadPoolExecutor(3, thread_name_prefix="start")
        try:
            choice = pool.submit(self._choose, ports)
            broker = pool.submit(self._start_broker, choice)
            database = pool.submit(self._start_database, self._postgres(ports), choice)
            _until_one_fails(choice, broker, database)
        except BaseException:
            # The others have to be let go before they can be waited for.
            self._cancelled.set()
            self._supervisor.stop(*_STOP_ORDER)
            raise
        finally:
            pool.shutdown(wait=True)
        self._settings = self._settings_of(choice.result(), database.result(), api_port)
        return self._finish(ports)

    def _choose(self, ports: Ports) -> Chosen:
        return choose(self._options, self._folder, ports, self._tell, self._cancelled)

    def _start_broker(self, choice: Future[Chosen]) -> None:
        self._supervisor.run(*choice.result().parts)

    def _start_database(self, server: Postgres, choice: Future[Chosen]) -> str:
        opened = server.prepare()
        if opened:
            folders = ", ".join(str(folder) for folder in opened)
            self._tell(Said(key="folders-opened", fields={"folders": folders}))
        self._supervisor.run(server.part())
        # While it is loaded the broker starts.
        from foodtrace_deploy.stack import bootstrap

        return bootstrap.database(server, choice.result().kind, self._folder.secret("database"))

    def _finish(self, ports: Ports) -> Running:
        from foodtrace_deploy.stack import bootstrap

        settings = self._settings
        bootstrap.topics(settings)
        keys = bootstrap.keys(settings, self._folder, again=self._options.new_keys)
        if self._options.doors:
            workers = (
                doors.worker(number, settings, self._folder, ports)
                for number in range(self._options.workers)
            )
            self._supervisor.run(doors.api(settings, self._folder), *workers)
        return Running(
            api_url=_url(settings),
            brokers=settings.brokers,
            broker_kind=settings.broker_kind,
            database_url=settings.database_url,
            keys=keys,
            data=self._folder.path,
            settings=settings,
        )

    def _api_port(self, ports: Ports) -> int:
        given = self._options.settings
        # A port that somebody wrote down is meant; only the default one may be another.
        written = given.api_port if "api_port" in given.model_fields_set else None
        wish = self._options.api_port or written
        return ports.take("api", wish, preferred=given.api_port, host=given.api_host)

    def _settings_of(self, chosen: Chosen, database_url: str, api_port: int) -> Settings:
        from foodtrace_deploy.stack import bootstrap

        given = self._options.settings
        # What the environment says of TLS and users is meant for a cluster of the user's own.
        security = given.broker_security if chosen.kind == "external" else "PLAINTEXT"
        return given.model_copy(
            update={
                "broker_security": security,
                "database_url": SecretStr(database_url),
                "brokers": chosen.bootstrap,
                "broker_kind": chosen.kind,
                "broker_log": chosen.log,
                "api_port": api_port,
                "data_folder": self._folder.path,
                "evidence_key": bootstrap.evidence_key(given, self._folder, database_url),
            }
        )

    def _postgres(self, ports: Ports) -> Postgres:
        return Postgres(
            folder=self._folder.path / "postgres",
            log=self._folder.log("postgres"),
            port=ports.take("postgres", preferred=POSTGRES_PORT),
            password=self._folder.secret("postgres"),
            account=account.for_postgres(),
        )

    def _changed(self, report: PartReport) -> None:
        self._write_state()
        self._tell(Changed(report=report))
        if report.stage is Stage.FAILED and self._supervisor.part(report.name).vital:
            self._lost.set()

    def _write_state(self) -> None:
        settings = self._settings
        with self._writing:
            state.write(
                self._folder.state_file,
                state.StackState(
                    supervisor=os.getpid(),
                    api=_url(settings) if self.running else "",
                    brokers=settings.brokers,
                    broker_kind=settings.broker_kind,
                    broker_log=settings.broker_log,
                    database=DATABASES[settings.broker_kind],
                    topic_prefix=settings.topic_prefix,
                    parts=state.of_reports(self._supervisor.reports),
                    evidence_key=settings.evidence_key,
                ),
            )


def _url(settings: Settings) -> str:
    host = settings.api_host
    # A server that listens everywhere is asked on this machine.
    return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{settings.api_port}"


def _until_one_fails(*futures: Future[Any]) -> None:
    """Wait for all; raises what the first that fails raises."""
    done, _ = wait(futures, return_when=FIRST_EXCEPTION)
    for future in done:
        future.result()
