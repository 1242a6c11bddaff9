"""A database on a small disk of its own: a tablespace on a tmpfs that can be made larger.

Mounting needs root. Where a plain user runs the tests they skip with that reason, except with
`CI=true`, where it is a failure.
"""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from foodtrace_deploy.stack import account
from foodtrace_ledger.migrate import upgrade as upgrade_ledger
from foodtrace_office.migrate import upgrade as upgrade_office
from support.own_postgres import own_postgres

#: Room beside what a fresh database takes, in MiB, and the size of the disk once it is made larger.
_SPARE, _LARGE = 6, "400m"
_LETTERS = "".join(map(chr, range(0x4E00, 0x9FA0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallDatabase:
    """A ledger and office whose tables have little room."""

    url: str
    folder: Path

    def grow(self) -> None:
        """Give the disk room."""
        _mount("-o", f"remount,size={_LARGE}", str(self.folder))

    def bulk(self, number: int) -> dict[str, str]:
        """Some 60 KB of an event's own data, the same for one number, that doesn't compress."""
        draw = random.Random(number)
        return {f"note{n}": "".join(draw.choices(_LETTERS, k=2000)) for n in range(10)}


@contextmanager
def small_disk(mebibytes: int) -> Iterator[Path]:
    """A folder on a disk of its own, of that size, that PostgreSQL may write."""
    if os.geteuid() != 0 and os.environ.get("CI") != "true":
        pytest.skip("a small disk of its own can be mounted by root only")
    folder = Path(tempfile.mkdtemp(prefix="foodtrace-full-"))
    folder.chmod(0o755)
    runs_as = account.for_postgres()
    uid, gid = (runs_as.uid, runs_as.gid) if runs_as else (os.getuid(), os.getgid())
    size = f"size={mebibytes}m,uid={uid},gid={gid},mode=700"
    _mount("-t", "tmpfs", "-o", size, "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def small_database(folder: Path) -> Iterator[SmallDatabase]:
    """A ledger and office on a small disk, on a PostgreSQL of their own below the folder.

    While one disk is full no database of the server can be dropped: it can't write its checkpoint.
    """
    with own_postgres(folder) as (_, server):
        for upgrade in (upgrade_ledger, upgrade_office):
            upgrade(server.url("postgres"))
        with closing(psycopg2.connect(server.url("template1"))) as admin, admin.cursor() as cursor:
            admin.autocommit = True
            cursor.execute("SELECT pg_database_size('postgres') >> 20")
            with small_disk(cursor.fetchall()[0][0] + _SPARE) as disk:
                cursor.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
                cursor.execute("CREATE DATABASE small TEMPLATE postgres TABLESPACE small")
                yield SmallDatabase(url=server.url("small"), folder=disk)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)
