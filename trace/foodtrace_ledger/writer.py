"""Write a chunk: its facts, its dead letters and the read position, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Engine

from foodtrace_ledger.chunk import Chunk
from foodtrace_ledger.errors import ChunkLost, LogReplaced
from foodtrace_ledger.positions import raise_attempts
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.apply import Written, apply
from foodtrace_ledger.writing.bisect import bisected
from foodtrace_ledger.writing.known import Learnt, known_of

__all__ = ["Written", "raise_attempts", "write_chunk"]


@dataclass(frozen=True, slots=True)
class _Place:
    next_offset: int
    ledger_id: UUID


def write_chunk(
    engine: Engine, chunk: Chunk, *, isolate: bool = True, forgive: bool = False
) -> Written:
    """Write a chunk once and for all; a chunk or part of it that comes again changes nothing.

    `isolate`: what the database refuses as data (SQLSTATE 22, 23, 54, ValueError, UnicodeError) is
    found by bisecting under savepoints and goes aside as `ledger.refused`. `forgive`: so does what
    fails with any other error that a retry can't mend, as `ledger.crashed`; for the third attempt
    at one position.

    Raises ChunkLost when the chunk starts beyond the position, LogReplaced when the position is of
    another log, and errors of the database as they are (see `errors.is_transient`).
    """
    with engine.begin() as conn:
        place = _take(conn, chunk)
        entries = [entry for entry in chunk.entries if entry.origin.offset >= place.next_offset]
        written = Written(skipped=len(chunk.entries) - len(entries))
        if chunk.end <= place.next_offset:
            return written
        learnt = Learnt(known_of(engine, place.ledger_id))
        if isolate or forgive:
            written += bisected(conn, chunk.consumer, entries, learnt, forgive=forgive)
        else:
            written += apply(conn, chunk.consumer, entries, learnt)
        conn.execute(sql("advance_position"), _where(chunk) | {"end": chunk.end})
    learnt.commit()
    return written


def _where(chunk: Chunk) -> dict[str, str | int]:
    return {"consumer": chunk.consumer, "topic": chunk.topic, "partition": chunk.partition}


def _take(conn: Connection, chunk: Chunk) -> _Place:
    """Lock the partition's row, so that one writer at a time goes on from it."""
    where = _where(chunk)
    row = conn.execute(sql("lock_position"), where).one_or_none()
    if row is None:
        conn.execute(sql("begin_position"), where | {"log": chunk.log, "offset": 0})
        row = conn.execute(sql("lock_position"), where).one()
    name = f"{chunk.consumer} {chunk.topic}/{chunk.partition}"
    if row.log != chunk.log:
        raise LogReplaced(f"{name}: the ledger read log {row.log}, the chunk is of {chunk.log}")
    if chunk.start > row.next_offset:
        detail = f"{name}: the ledger is at {row.next_offset}, the chunk starts at {chunk.start}"
        raise ChunkLost(detail)
    return _Place(row.next_offset, row.ledger_id)
