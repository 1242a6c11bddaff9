"""The command `foodtrace` against a real door: what somebody at a keyboard would do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foodtrace.access import Role
from foodtrace_bus.topics import ensure_topics
from foodtrace_client import Client
from foodtrace_ledger.engine import make_engine
from foodtrace_office.keys import KeyRequest, issue_key
from foodtrace_ops.settings import Settings
from support.door import serving, settings_for
from support.fixtures import Broker

COMMAND = Path(sys.executable).with_name("foodtrace")


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as one JSON value."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Shop:
    """A door with its address, its keys by role, and its settings."""

    url: str
    keys: dict[str, str]
    settings: Settings

    def run(self, *arguments: str, role: str = "ops", **more: Any) -> Ran:
        """Run a command with address and key of that role in the environment."""
        environment = {"FOODTRACE_URL": self.url, "FOODTRACE_KEY": self.keys[role]}
        return run(*arguments, env=environment, **more)


def run(*arguments: str, env: dict[str, str] | None = None, stdin: bytes = b"") -> Ran:
    """Run the installed command; the language is English unless it is asked for another."""
    told = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "FOOD"))
    }
    done = subprocess.run(
        [str(COMMAND), *arguments],
        env={**told, "LANG": "C.UTF-8", "COLUMNS": "200", **(env or {})},
        input=stdin,
        capture_output=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@contextmanager
def opened(database: str, broker: Broker, prefix: str, folder: Path) -> Iterator[Shop]:
    """A door with topics of its own and a key for each staff role and inspectors."""
    settings = settings_for(database, broker, prefix, folder)
    ensure_topics(settings.brokers, settings.topic_prefix, None, None)
    engine = make_engine(database)
    with engine.begin() as connection:
        keys = {
            str(role): issue_key(connection, KeyRequest(role=role))[1]
            for role in (Role.ADMIN, Role.OPS, Role.INSPECTOR)
        }
    engine.dispose()
    with serving(settings) as url:
        with Client(url) as client:
            client.get("/readyz")  # asks again while the door gets ready
        yield Shop(url, keys, settings)
