"""PostgreSQL's part: written out as it was at one moment, and filled again.

`pg_dump` and `pg_restore` of the embedded server do the work: a dump may be read by every later
release of PostgreSQL, which a copy of its files may not. What a replay builds or keeps beside the
ledger isn't in it.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

from foodtrace_deploy.backup.manifest import Place
from foodtrace_deploy.stack.ports import HOST
from foodtrace_deploy.stack.postgres import programs
from foodtrace_deploy.stack.problem import StackProblem

_ASK_SECONDS = 0.2
#: Said by `pg_dump` of a lock that somebody keeps, such as a migration.
_LOCK_WAIT = "30s"
_BESIDE = ("ledger_next", "ledger_before")
_JOBS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Where a database is, and who may read and write all of it."""

    port: int
    name: str
    user: str
    password: str

    def connect(self) -> Any:
        """A new connection of psycopg2; raises StackProblem `backup-database`."""
        try:
            return psycopg2.connect(
                host=HOST,
                port=self.port,
                dbname=self.name,
                user=self.user,
                password=self.password,
                application_name="foodtrace-backup",
                connect_timeout=10,
            )
        except psycopg2.OperationalError as error:
            raise StackProblem("backup-database", why=_line(str(error))) from error

    @property
    def options(self) -> tuple[str, ...]:
        """The same for PostgreSQL's own programs, less the password, which others could see."""
        return ("--host", HOST, "--port", str(self.port), "--username", self.user, "--no-password")

    @property
    def environment(self) -> Mapping[str, str]:
        """The password for them."""
        return {**os.environ, "PGPASSWORD": self.password, "PGAPPNAME": "foodtrace-backup"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a database says of itself at one moment; `snapshot` lets `pg_dump` see the same."""

    snapshot: str
    size: int
    ledger_revision: str
    office_revision: str
    positions: tuple[Place, ...]


@contextmanager
def one_moment(database: Database) -> Iterator[Facts]:
    """The facts of one moment, which a dump inside the block sees as well."""
    with closing(database.connect()) as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot(), pg_database_size(current_database())")
            snapshot, size = cursor.fetchone()
            yield Facts(
                snapshot=snapshot,
                size=size,
                ledger_revision=_one(cursor, "SELECT version_num FROM ledger.alembic_version"),
                office_revision=_one(cursor, "SELECT version_num FROM office.alembic_version"),
                positions=_places(cursor),
            )


def dump(database: Database, facts: Facts, file: Path, grown: Callable[[int], None]) -> None:
    """Write the database as it was at the moment of the facts; `grown` is told what is written.

    Raises StackProblem `backup-database` with PostgreSQL's words.
    """
    command = (
        *(str(programs() / "bin" / "pg_dump"), *database.options, "--dbname", database.name),
        *("--format", "custom", "--compress", "gzip:1", "--file", str(file)),
        *("--no-owner", "--no-privileges", "--snapshot", facts.snapshot),
        *("--lock-wait-timeout", _LOCK_WAIT),
        *(word for schema in _BESIDE for word in ("--exclude-schema", schema)),
    )
    written = 0

    def look() -> None:
        nonlocal written
        size = file.stat().st_size if file.exists() else 0
        grown(size - written)
        written = size

    _run(command, database, look)
    look()


def load(database: Database, file: Path, look: Callable[[], None]) -> None:
    """Fill an empty database, all or nothing seen from outside; `look` is called now and then.

    Raises StackProblem `backup-database` with PostgreSQL's words.
    """
    command = (
        *(str(programs() / "bin" / "pg_restore"), *database.options, "--dbname", database.name),
        *("--no-owner", "--no-privileges", "--exit-on-error", "--jobs", str(_JOBS), str(file)),
    )
    _run(command, database, look)
    with closing(database.connect()) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            # A dump has no statistics, and plans without any are slow ones.
            cursor.execute("ANALYZE")


def size_of(database: Database) -> int:
    """Bytes of the database on the disk."""
    with closing(database.connect()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _run(command: tuple[str, ...], database: Database, look: Callable[[], None]) -> None:
    process = subprocess.Popen(
        command,
        env=database.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    try:
        # Both say little on success, less than a pipe holds.
        while process.poll() is None:
            look()
            time.sleep(_ASK_SECONDS)
        _, said = process.communicate()
    except BaseException:
        process.kill()
        process.communicate()
        raise
    if process.returncode != 0:
        raise StackProblem("backup-database", why=_line(said) or f"exit {process.returncode}")


def _one(cursor: Any, statement: str) -> str:
    cursor.execute(statement)
    row = cursor.fetchone()
    return str(row[0]) if row else ""


def _places(cursor: Any) -> tuple[Place, ...]:
    cursor.execute(
        "SELECT consumer, log, topic, partition, next_offset FROM ledger.position ORDER BY 1, 3, 4"
    )
    return tuple(
        Place(consumer=consumer, log=log, topic=topic, partition=partition, next_offset=offset)
        for consumer, log, topic, partition, offset in cursor.fetchall()
    )


def _line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0] if lines else ""
