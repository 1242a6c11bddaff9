"""Fills a new PostgreSQL of a data folder from a dump, while nobody else uses it."""

from __future__ import annotations

from pathlib import Path

from foodtrace_deploy.backup.database import Database, load, size_of
from foodtrace_deploy.backup.manifest import Manifest
from foodtrace_deploy.backup.notice import Progress, Tell
from foodtrace_deploy.stack import account
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.part import PartReport
from foodtrace_deploy.stack.postgres import ROLE, Postgres
from foodtrace_deploy.stack.supervisor import Supervisor


def load_database(
    told: Manifest, dump: Path, folder: DataFolder, owner: DataFolder, tell: Tell
) -> None:
    """Make the server below `folder`, start it, fill its database, end it.

    Its passwords are those of the data folder it is meant for, `owner`. Raises StackProblem.
    """
    # It loads the database's libraries, which other commands shouldn't wait for at their start.
    from foodtrace_deploy.stack import bootstrap

    ports = folder.ports
    server = Postgres(
        folder=folder.path / "postgres",
        log=folder.log("postgres"),
        port=ports.take("postgres"),
        password=owner.secret("postgres"),
        account=account.for_postgres(),
    )
    server.prepare()
    supervisor = Supervisor(_ignore)
    try:
        supervisor.run(server.part())
        password = owner.secret("database")
        bootstrap.empty_database(server, told.database, password)
        database = Database(port=server.port, name=told.database, user=ROLE, password=password)

        def look() -> None:
            tell(Progress(step="load", done=size_of(database), total=max(1, told.database_bytes)))

        load(database, dump, look)
        look()
    finally:
        supervisor.stop(("postgres",))
        ports.release()


def _ignore(report: PartReport) -> None:
    """Whoever restores waits for the end, not for news of a part."""
    del report
