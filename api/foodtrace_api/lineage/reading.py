"""One snapshot of the ledger for one answer; what isn't known comes with how far one knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from foodtrace.access import Caller
from foodtrace.problems import NotFound
from foodtrace_api.lineage.told import complete
from foodtrace_api.web.answer import plain
from foodtrace_api.web.door import Door
from foodtrace_api.web.problem import ProblemWith
from foodtrace_ledger.completeness import completeness
from foodtrace_ledger.engine import snapshot


@contextmanager
def reading(door: Door, caller: Caller) -> Iterator[Connection]:
    """A snapshot; a NotFound raised in it becomes a problem that also says what may be missing.

    "Unknown" means little while events are in flight or a source is silent.
    """
    with snapshot(door.engine) as connection:
        try:
            yield connection
        except NotFound as error:
            told = complete(door, caller, completeness(connection))
            raise ProblemWith(error, {"completeness": plain(told)}) from error
