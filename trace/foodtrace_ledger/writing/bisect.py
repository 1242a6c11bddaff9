"""Find the records that can't be written, under savepoints, and put them aside."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from foodtrace_ledger.chunk import Aside, Taken
from foodtrace_ledger.errors import is_data_error, is_transient
from foodtrace_ledger.writing.apply import Written, apply
from foodtrace_ledger.writing.known import Learnt

REFUSED = "ledger.refused"
CRASHED = "ledger.crashed"


def bisected(
    conn: Connection,
    consumer: str,
    entries: Sequence[Taken | Aside],
    learnt: Learnt,
    *,
    forgive: bool,
) -> Written:
    """Write all entries but those that fail alone, which go aside with the error as detail."""
    branch = learnt.branch()
    try:
        with conn.begin_nested():
            written = apply(conn, consumer, entries, branch)
    except Exception as error:
        code = _blame(error, forgive=forgive)
        if code is None or all(isinstance(entry, Aside) for entry in entries):
            raise
        if len(entries) == 1:
            aside = [_aside(entry, code, error) for entry in entries]
            return apply(conn, consumer, aside, learnt)
        half = len(entries) // 2
        return bisected(conn, consumer, entries[:half], learnt, forgive=forgive) + bisected(
            conn, consumer, entries[half:], learnt, forgive=forgive
        )
    learnt.merge(branch)
    return written


def _blame(error: Exception, *, forgive: bool) -> str | None:
    if is_data_error(error):
        return REFUSED
    return CRASHED if forgive and not is_transient(error) else None


def _aside(entry: Taken | Aside, code: str, error: Exception) -> Aside:
    if isinstance(entry, Aside):
        return entry
    return Aside(
        origin=entry.origin,
        code=code,
        detail=f"{type(error).__name__}: {_first_line(error)}",
        schema_id=entry.schema_id,
        value=entry.payload,
        source=entry.event.envelope.source,
    )


def _first_line(error: Exception) -> str:
    # The driver's own words; SQLAlchemy's text would repeat the whole statement.
    text = str(getattr(error, "orig", None) or error)
    return text.splitlines()[0] if text else ""
