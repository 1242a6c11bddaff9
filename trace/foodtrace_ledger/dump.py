"""A ledger as a set of plain tuples by public keys: what two ledgers, or a ledger and the reference
lineage, must have in common when they read the same events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace.effects import Basis
from foodtrace.events import Event
from foodtrace.identity import content_digest
from foodtrace.lineage import Lineage
from foodtrace.meeting import meeting_of, sides
from foodtrace_ledger.dump_reference import Plain, is_pool, plain, stock_of
from foodtrace_ledger.hashing import number
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.retail import Line, counts, totals
from foodtrace_ledger.writing.said import content_number
from foodtrace_ledger.writing.spoken import Spoken

_PARTS = (
    *("claims", "links", "movements", "retail", "papers", "aliases", "masters", "citations"),
    *("voids", "counts", "findings", "occupancies", "merges", "retail_sums", "retail_receipts"),
    *("resolutions", "verdicts", "contradicted", "pools", "meetings"),
)


def of_ledger(conn: Connection) -> frozenset[Plain]:
    """What holds in a ledger: facts, retail sums, verdicts, contradicted events."""
    rows: set[Plain] = set()
    for found in rows_of_ledger(conn):
        # Nothing may stand there twice, which a set alone would hide.
        rows.add(("twice", *found) if found in rows else found)
    return frozenset(rows)


def rows_of_ledger(conn: Connection) -> Iterator[Plain]:
    """The same one by one, as often as it stands there: for a ledger that fits no memory twice."""
    for part in _PARTS:
        for row in conn.execute(sql(f"dump_{part}")):
            yield (part, *map(_plain, row))


def origins(conn: Connection) -> frozenset[Plain]:
    """Where each content was first appended; equal in two ledgers that read the same logs."""
    return frozenset(tuple(map(_plain, row)) for row in conn.execute(sql("dump_origins")))


def evidence(conn: Connection) -> frozenset[Plain]:
    """The trees over the partitions' records; equal in two ledgers that read the same logs."""
    return frozenset(
        (part, *map(_plain, row))
        for part in ("evidence", "evidence_tiles", "evidence_nodes")
        for row in conn.execute(sql(f"dump_{part}"))
    )


def of_events(events: Iterable[Event]) -> frozenset[Plain]:
    """The same of the reference lineage in memory."""
    said = {(e.envelope.event_id, content_digest(e)): e for e in events}
    lineage = Lineage(said.values())
    rows = {plain(fact, lineage.event_of(fact)) for fact in lineage.facts}
    known = {event_id for event_id, _ in said}
    rows.update(_verdicts(lineage, known))
    rows.update(("contradicted", event_id) for event_id in lineage.contradicted)
    rows.update(_pools(said.values()))
    rows.update(_meetings(said))
    retail = [_line(row) for row in rows if row[0] == "retail"]
    rows.update(("retail_sums", *key, amount) for key, amount in totals(retail).items())
    rows.update(("retail_receipts", *key, number) for key, number in counts(retail).items())
    return frozenset(rows)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, dict):
        return tuple(sorted(value.items()))
    return bytes(value) if isinstance(value, memoryview) else value


def _pools(events: Iterable[Event]) -> Iterator[Plain]:
    """Every lot that was ever spoken of; a ledger keeps those of events that don't hold."""
    for event in events:
        for lot in Spoken(event, (0, 0), event.effects()).lots():
            yield ("pools", lot.lot_id, stock_of(lot, lot.product) if is_pool(lot) else None)


def _meetings(said: Mapping[tuple[Any, bytes], Event]) -> Iterator[Plain]:
    for (event_id, digest), event in said.items():
        meeting, order = meeting_of(event), event.envelope.order_reference
        name = None if meeting is None else number(meeting.giver, meeting.trade_no)
        who = (None if side is None else side.holder for side in sides(event))
        where = (event_id, content_number(digest), event.envelope.business_date)
        yield ("meetings", *where, name, None if order is None else canonical(order), *who)


def _verdicts(lineage: Lineage, known: set[Any]) -> Iterator[Plain]:
    dead, dead_lines = lineage.verdicts.dead, lineage.verdicts.dead_lines
    for event_id in known:
        lines = tuple(sorted(line for target, line in dead_lines if target == event_id))
        if event_id in dead or lines:
            yield ("verdicts", event_id, event_id in dead, lines)


def _line(row: Plain) -> Any:
    _, event_id, _content, _line_no, lot, day, dimension, amount, basis = row
    possible = basis == Basis.POSSIBLE
    return Line(event_id, lot, day, dimension, amount, possible, before=False, after=True)
