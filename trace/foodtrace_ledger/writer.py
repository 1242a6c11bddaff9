"""Write a chunk: facts, dead letters, evidence and the read position, in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Connection, Engine

from foodtrace_ledger.chunk import Chunk
from foodtrace_ledger.engine import IDLE_IN_TRANSACTION_MS
from foodtrace_ledger.errors import ChunkLost, LogReplaced, TooManyAsides
from foodtrace_ledger.migrate import check_revision
from foodtrace_ledger.positions import raise_attempts
from foodtrace_ledger.share import Share, note_halt, passed_at
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing import evidence
from foodtrace_ledger.writing.apply import Written, apply
from foodtrace_ledger.writing.bisect import bisected
from foodtrace_ledger.writing.known import Learnt, known_of

__all__ = ["Written", "raise_attempts", "write_chunk"]

#: How long a chunk waits for each row that another writer made and hasn't committed, in ms. To give up
#: sooner only repeats the work: who works commits soon, and a frozen one is ended by then, by its time-out
#: or by its successor, who finds it at its position. That one is waited for as short as ever.
_WRITERS_MS = IDLE_IN_TRANSACTION_MS


@dataclass(frozen=True, slots=True)
class _Place:
    next_offset: int
    ledger_id: UUID


class _Over(Exception):
    """The limit is passed at an offset of the chunk; rolls its transaction back."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        super().__init__(offset)


def write_chunk(
    engine: Engine,
    chunk: Chunk,
    *,
    isolate: bool = True,
    forgive: bool = False,
    share: Share | None = None,
    more: bool = False,
) -> Written:
    """Write a chunk once and for all; a chunk or part of it that comes again changes nothing.

    `isolate`: what the database refuses as data (SQLSTATE 22, 23, 54, ValueError, UnicodeError) is
    found by bisecting under savepoints and goes aside as `ledger.refused`. `forgive`: so does what
    fails with any other error that a retry can't mend, as `ledger.crashed`; for the third attempt
    at one position. With `share`, a record that goes aside beyond that limit isn't taken: what
    comes before it is written, then TooManyAsides is raised, and again whenever it is tried again.
    `more`: it is a piece of a chunk and others are to come, so the attempts at it stay counted.

    Raises ChunkLost when the chunk starts beyond the position, LogReplaced when the position is of
    another log, LedgerOlder or LedgerNewer when a ledger of another revision came in under a running
    writer, and errors of the database as they are (see `errors.is_transient`).
    """
    try:
        return _write(engine, chunk, isolate=isolate, forgive=forgive, share=share, more=more)
    except _Over as over:
        offset = over.offset
    assert share is not None
    before = [entry for entry in chunk.entries if entry.origin.offset < offset]
    _write(
        engine, replace(chunk, end=offset, entries=tuple(before)), isolate=isolate, forgive=forgive
    )
    where = f"{chunk.topic}/{chunk.partition}/{offset}"
    detail = f"{where}: more than {share.most} of the latest {share.window} records went aside"
    with engine.begin() as conn:
        note_halt(conn, chunk, offset, detail)
    raise TooManyAsides(detail)


def _write(
    engine: Engine,
    chunk: Chunk,
    *,
    isolate: bool,
    forgive: bool,
    share: Share | None = None,
    more: bool = False,
) -> Written:
    with engine.begin() as conn:
        place = _take(conn, chunk)
        entries = [entry for entry in chunk.entries if entry.origin.offset >= place.next_offset]
        written = Written(skipped=len(chunk.entries) - len(entries))
        if chunk.end <= place.next_offset:
            return written
        conn.execute(sql("wait_for_writers"), {"most_ms": _WRITERS_MS})
        learnt = Learnt(known_of(engine, place.ledger_id))
        if isolate or forgive:
            written += bisected(conn, chunk.consumer, entries, learnt, forgive=forgive)
        else:
            written += apply(conn, chunk.consumer, entries, learnt)
        if share is not None and written.asides:
            offset = passed_at(conn, chunk, place.next_offset, share)
            if offset is not None:
                raise _Over(offset)
        if chunk.evident:
            evidence.write(conn, chunk, entries, place.next_offset)
        conn.execute(sql("advance_position"), _where(chunk) | {"end": chunk.end, "more": more})
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
    check_revision(row.revision)
    name = f"{chunk.consumer} {chunk.topic}/{chunk.partition}"
    if row.log != chunk.log:
        raise LogReplaced(f"{name}: the ledger read log {row.log}, the chunk is of {chunk.log}")
    if chunk.start > row.next_offset:
        detail = f"{name}: the ledger is at {row.next_offset}, the chunk starts at {chunk.start}"
        raise ChunkLost(detail)
    return _Place(row.next_offset, row.ledger_id)
