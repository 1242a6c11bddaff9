"""What was read in a snapshot and may be asked for once more in it.

It begins and ends with the snapshot, in which every reading is of one moment: what is remembered is
what the ledger would answer again. A connection that isn't a snapshot's remembers nothing.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

#: The option of a connection under which a snapshot keeps it.
OPTION = "foodtrace_read"


def remembers(conn: Connection) -> bool:
    """Whether what is read on this connection is remembered."""
    return OPTION in conn.get_execution_options()


def remembered(conn: Connection, what: str) -> dict[Any, Any]:
    """By key what was read of one sort; outside a snapshot an empty one that nobody keeps."""
    memory: dict[str, dict[Any, Any]] | None = conn.get_execution_options().get(OPTION)
    return {} if memory is None else memory.setdefault(what, {})
