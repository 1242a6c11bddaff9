"""Fixtures over the real servers of one run; each starts when a test first asks for it.

- `broker`: Apache Kafka (`.bootstrap`, `.kind` "kafka" or "memory", `.log`)
- `memory_broker`: the in-memory broker, always
- `postgres`: URL of the superuser on the server's own database
- `database`: URL of a fresh, migrated database, dropped after the test
- `module_database`: one for all tests of a module
- `small_database`: one on a small disk and a server of its own
- `empty_database`: the same without any table
- `topic_prefix`: put before the names of this test's topics
"""

from __future__ import annotations

import importlib
import importlib.util
import secrets
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from psycopg2 import sql

from support import full_disk
from support.full_disk import SmallDatabase
from support.run import Controller, Run

_TEMPLATE = "foodtrace_template"
#: The packages that own tables; each has a `migrate.upgrade(url)`.
_OWNERS = ("foodtrace_ledger", "foodtrace_office")
_OWNER_ROLE = "foodtrace"
_OWNER_PASSWORD = "test"

_CONTROLLER = pytest.StashKey[Controller]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """A broker of the tests; `log` names the in-memory broker's log and is empty for Kafka."""

    bootstrap: str
    kind: str
    log: str


def pytest_configure(config: pytest.Config) -> None:
    """The controller (or the only process) makes the run's folder."""
    if not hasattr(config, "workerinput"):
        config.stash[_CONTROLLER] = Controller()


def pytest_unconfigure(config: pytest.Config) -> None:
    """The run is over: its servers end."""
    controller = config.stash.get(_CONTROLLER, None)
    if controller is not None:
        controller.close()


class _XdistHooks:
    """Hooks of pytest-xdist, registered only where that is installed."""

    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker where the run's folder is."""
        node.workerinput["foodtrace_run"] = str(node.config.stash[_CONTROLLER].run.folder)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Hand the run's folder to xdist workers."""
    if pluginmanager.hasplugin("xdist"):
        pluginmanager.register(_XdistHooks())


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest) -> Run:
    """The run that this process belongs to."""
    controller = request.config.stash.get(_CONTROLLER, None)
    if controller is not None:
        return controller.run
    return Run(folder=Path(request.config.workerinput["foodtrace_run"]))  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def broker(run: Run) -> Broker:
    """The broker of the run: Apache Kafka where it can be had."""
    return _broker(run.served("broker"))


@pytest.fixture(scope="session")
def memory_broker(run: Run) -> Broker:
    """The in-memory broker of the run."""
    return _broker(run.served("memory"))


@pytest.fixture(scope="session")
def postgres(run: Run) -> str:
    """URL of the PostgreSQL of the run, as its superuser; the role `foodtrace` exists."""
    url: str = run.served("postgres")["url"]
    with run.alone("role"), closing(psycopg2.connect(url)) as admin:
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", (_OWNER_ROLE,))
            if cursor.fetchone() is None:
                cursor.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD %s").format(sql.Identifier(_OWNER_ROLE)),
                    (_OWNER_PASSWORD,),
                )
    return url


@pytest.fixture(scope="session")
def _template(run: Run, postgres: str) -> str:
    with run.alone("template"):
        if not _exists(postgres, _TEMPLATE):
            making = f"{_TEMPLATE}_making"
            _drop(postgres, making)
            _create(postgres, making, "template1")
            for owner in _OWNERS:
                if importlib.util.find_spec(f"{owner}.migrate") is not None:
                    migrate = importlib.import_module(f"{owner}.migrate")
                    migrate.upgrade(_url(postgres, making))
            _rename(postgres, making, _TEMPLATE)
    return _TEMPLATE


@pytest.fixture
def database(postgres: str, _template: str) -> Iterator[str]:
    """A fresh database with the tables of ledger and office, owned by the role in its URL."""
    yield from _fresh(postgres, _template)


@pytest.fixture(scope="module")
def module_database(postgres: str, _template: str) -> Iterator[str]:
    """The same for all tests of a module, which mustn't disturb each other."""
    yield from _fresh(postgres, _template)


@pytest.fixture
def small_database(tmp_path: Path) -> Iterator[SmallDatabase]:
    """The same on a small disk of its own, which a test may fill; as its server's superuser."""
    with full_disk.small_database(tmp_path) as made:
        yield made


@pytest.fixture
def empty_database(postgres: str) -> Iterator[str]:
    """A fresh database without tables."""
    yield from _fresh(postgres, "template1")


@pytest.fixture
def topic_prefix() -> str:
    """A prefix no other test uses."""
    return f"t{secrets.token_hex(6)}."


def _broker(facts: dict[str, Any]) -> Broker:
    return Broker(bootstrap=facts["bootstrap"], kind=facts["kind"], log=facts["log"])


def _fresh(postgres: str, template: str) -> Iterator[str]:
    name = f"test_{secrets.token_hex(6)}"
    _create(postgres, name, template)
    try:
        yield _url(postgres, name)
    finally:
        _drop(postgres, name)


def _url(postgres: str, name: str) -> str:
    server = postgres.rsplit("@", 1)[1].rsplit("/", 1)[0]
    return f"postgresql://{_OWNER_ROLE}:{_OWNER_PASSWORD}@{server}/{name}"


def _exists(postgres: str, name: str) -> bool:
    with closing(psycopg2.connect(postgres)) as admin, admin.cursor() as cursor:
        cursor.execute("SELECT FROM pg_database WHERE datname = %s", (name,))
        return cursor.fetchone() is not None


def _create(postgres: str, name: str, template: str) -> None:
    _execute(
        postgres,
        sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {}").format(
            sql.Identifier(name), sql.Identifier(template), sql.Identifier(_OWNER_ROLE)
        ),
    )


def _rename(postgres: str, name: str, new: str) -> None:
    _execute(
        postgres,
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new)),
    )


def _drop(postgres: str, name: str) -> None:
    _execute(
        postgres,
        sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)),
    )


def _execute(postgres: str, statement: sql.Composed) -> None:
    with closing(psycopg2.connect(postgres)) as admin:
        admin.autocommit = True
        with admin.cursor() as cursor:
            cursor.execute(statement)
