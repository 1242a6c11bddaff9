"""The crash rule: what may pass is tried again, all else that isn't a record's fault ends the process.

| what was raised | what follows |
|---|---|
| database or brokers away, a lock, a deadlock, a lost race | the whole chunk again, after a pause |
| data that can't be decoded, or that the database refuses | the culprit goes aside at once |
| a named error of ledger or bus | the process ends with that error's exit code |
| anything else | counted at its place in the ledger, then the process ends; the third time the culprit \
goes aside as ours |
| nothing, since the process was killed | counted at the next start, like the one before |
"""

from __future__ import annotations

from enum import StrEnum

from foodtrace.problems import FoodtraceError, OurFault
from foodtrace_bus.errors import BusAway
from foodtrace_bus.exits import AWAY, BY_PROBLEM, CRASHED
from foodtrace_ledger.errors import is_transient, sqlstate
from foodtrace_streams.failures import ChildWaits

LOCK_NOT_AVAILABLE = "55P03"
#: From this attempt on at one offset, whatever is raised is blamed on a record.
LAST_ATTEMPT = 3


class Sort(StrEnum):
    """What to do about an error that reached a lane."""

    PASSES = "passes"
    NAMED = "named"
    CRASH = "crash"


def sort_of(error: BaseException) -> Sort:
    """Sort an error by the table above; faults of records never come here."""
    if isinstance(error, BusAway | ChildWaits) or is_transient(error):
        return Sort.PASSES
    return Sort.NAMED if isinstance(error, OurFault) else Sort.CRASH


def waits_for_lock(error: BaseException) -> bool:
    """Whether another session, perhaps a frozen worker's, holds what this one needs."""
    return sqlstate(error) == LOCK_NOT_AVAILABLE


def exit_code(error: BaseException) -> int:
    """The exit code by which the process ends for an error that it can't go on from."""
    if isinstance(error, FoodtraceError):
        return BY_PROBLEM.get(error.code, CRASHED)
    return AWAY if sort_of(error) is Sort.PASSES else CRASHED
