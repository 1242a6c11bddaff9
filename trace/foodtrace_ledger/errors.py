"""The ledger's own named errors, and what an error of the database asks for.

The named ones are all ours and mean: stop rather than go on.
"""

from __future__ import annotations

import re

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from foodtrace.problems import OurFault


class ChunkLost(OurFault):
    """A chunk starts beyond the ledger's position: records between them never came here."""

    def __init__(self, detail: str) -> None:
        """Tell which partition and which offsets."""
        super().__init__("ledger.chunk-lost", detail)


class LogReplaced(OurFault):
    """The topic is another log than the one the position belongs to."""

    def __init__(self, detail: str) -> None:
        """Tell which topic and both log ids."""
        super().__init__("bus.log-replaced", detail)


class TooManyAsides(OurFault):
    """More of a partition's latest records went aside than the limit allows."""

    def __init__(self, detail: str) -> None:
        """Tell the place at which it was passed, and how many there were."""
        super().__init__("ledger.too-many-asides", detail)


class LedgerRefused(OurFault):
    """The database server doesn't let us in."""

    def __init__(self, detail: str) -> None:
        """Tell what it says; never holds a password."""
        super().__init__("ledger.access-refused", detail)


class NoDatabase(OurFault):
    """The server has no database of that name."""

    def __init__(self, detail: str) -> None:
        """Tell what it says."""
        super().__init__("ledger.no-database", detail)


class LedgerNewer(OurFault):
    """The ledger's schema was made by a newer version of the code."""

    def __init__(self, detail: str) -> None:
        """Tell the revision found."""
        super().__init__("ledger.newer", detail)


class LedgerOlder(OurFault):
    """The ledger's schema is older than the code, or isn't there yet."""

    def __init__(self, detail: str) -> None:
        """Tell the revision found and the one needed."""
        super().__init__("ledger.older", detail)


# 22 data exception, 23 integrity constraint violation, 54 program limit exceeded (an index entry).
_DATA = ("22", "23", "54")
# 08 connection, 40 rollback (serialization, deadlock), 53 resources, 55P03 lock not available,
# 57 operator intervention (shutdown, terminated, cancelled).
_TRANSIENT = ("08", "40", "53", "55P03", "57")


def sqlstate(error: BaseException) -> str | None:
    """The SQLSTATE of a database error, "" where the driver knows none, None for other errors."""
    if not isinstance(error, DBAPIError):
        return None
    return getattr(error.orig, "pgcode", None) or ""


def is_disk_full(error: BaseException) -> bool:
    """Whether the database has no room on its disk to write this; it may pass once it has."""
    state = sqlstate(error)
    # A connection that is refused for it comes without a code.
    return state == "53100" or (state == "" and "No space left on device" in str(error))


def is_data_error(error: BaseException) -> bool:
    """Whether the data can't be written, now or later: bisect, don't retry."""
    state = sqlstate(error)
    if state is None:
        return isinstance(error, ValueError)
    return state.startswith(_DATA)


def is_transient(error: BaseException) -> bool:
    """Whether the same chunk may pass when tried again: database away, lock time-out, deadlock."""
    state = sqlstate(error)
    if state is None:
        return isinstance(error, PoolTimeout)
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost or state.startswith(_TRANSIENT) or (state == "" and _is_operational(error))


# libpq gives no SQLSTATE for a connection that wasn't made, only the server's words, which follow its
# locale: those of 28P01, 28000 and 3D000 in the languages of the people we know of.
_REFUSED = re.compile(
    "authentication failed for user|no pg_hba.conf entry|no password supplied"
    '|role "[^"]*" (does not exist|is not permitted to log in)'
    "|用户.*认证失败|pg_hba.conf 记录|角色.*(不存在|不允许登录)"
)
_NO_DATABASE = re.compile(r'database "[^"]*" does not exist|数据库.*不存在')


def refusal(error: BaseException) -> OurFault | None:
    """The named error of a connection that the server refused for good; None for all else."""
    if sqlstate(error) != "" or not isinstance(error, OperationalError):
        return None
    said = str(error.orig).strip().splitlines()[-1] if str(error.orig).strip() else ""
    if _NO_DATABASE.search(said):
        return NoDatabase(said)
    return LedgerRefused(said) if _REFUSED.search(said) else None


def _is_operational(error: BaseException) -> bool:
    # The driver gives no SQLSTATE when the connection can't be made or broke.
    return isinstance(error, OperationalError | InterfaceError)
