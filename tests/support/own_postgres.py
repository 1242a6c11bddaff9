"""A PostgreSQL of a test's own, which the test may kill, or whose disk it may fill.

On the server of the run it would do that to the tests beside it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from foodtrace_deploy.stack import account
from foodtrace_deploy.stack.keeper import Keeper
from foodtrace_deploy.stack.part import Part, Stage
from foodtrace_deploy.stack.ports import claim_any
from foodtrace_deploy.stack.postgres import Postgres
from foodtrace_deploy.stack.spawn import Watchdog


@contextmanager
def own_postgres(
    folder: Path, adapt: Callable[[Part], Part] = lambda part: part
) -> Iterator[tuple[Keeper, Postgres]]:
    """Start it below the folder, kept running as a stack keeps it; it doesn't wait for the disk.

    `adapt` may change how its process is started.
    """
    server = Postgres(
        folder=folder / "postgres",
        log=folder / "postgres.log",
        port=claim_any(),
        password=secrets.token_urlsafe(16),
        account=account.for_postgres(),
        durable=False,
    )
    server.prepare()
    watchdog = Watchdog()
    keeper = Keeper(adapt(server.part()), watchdog, lambda report: None)
    keeper.start()
    try:
        assert keeper.wait_ready().stage is Stage.READY, server.log.read_text()
        yield keeper, server
    finally:
        keeper.stop()
        watchdog.close()
