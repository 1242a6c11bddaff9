"""A ledger as a set of plain tuples by public keys: what two ledgers, or a ledger and the reference
lineage, must have in common when they read the same events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection

from foodtrace.effects import Basis
from foodtrace.events import Event
from foodtrace.identity import content_digest
from foodtrace.lineage import Fact, Lineage
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.retail import Line, counts, totals
from foodtrace_ledger.writing.said import content_number

Plain = tuple[Any, ...]

_PARTS = (
    *("claims", "links", "movements", "retail", "papers", "aliases", "masters", "citations"),
    *("voids", "retail_sums", "retail_receipts", "verdicts", "contradicted"),
)


def of_ledger(conn: Connection) -> frozenset[Plain]:
    """What holds in a ledger: facts, retail sums, verdicts, contradicted events."""
    rows: set[Plain] = set()
    for part in _PARTS:
        for row in conn.execute(sql(f"dump_{part}")):
            plain = (part, *map(_plain, row))
            # Nothing may stand there twice, which a set alone would hide.
            rows.add(("twice", *plain) if plain in rows else plain)
    return frozenset(rows)


def origins(conn: Connection) -> frozenset[Plain]:
    """Where each content was first appended; equal in two ledgers that read the same logs."""
    return frozenset(tuple(map(_plain, row)) for row in conn.execute(sql("dump_origins")))


def of_events(events: Iterable[Event]) -> frozenset[Plain]:
    """The same of the reference lineage in memory."""
    said = {(e.envelope.event_id, content_digest(e)): e for e in events}
    lineage = Lineage(said.values())
    rows = {
        (fact.name, *_REFERENCE[fact.name](fact, said[fact.event_id, fact.digest]))
        for fact in lineage.facts
    }
    known = {event_id for event_id, _ in said}
    rows.update(_verdicts(lineage, known))
    rows.update(("contradicted", event_id) for event_id in lineage.contradicted)
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


def _where(fact: Fact) -> Plain:
    return (fact.event_id, content_number(fact.digest), fact.value.line)


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


def _claims(fact: Fact, _event: Event) -> Plain:
    v = fact.value
    batch = None if v.batch is None else v.batch.batch_id
    printed = (v.product_name, v.production_date, v.expiry_date, v.basis, v.state)
    return (*_where(fact), v.lot.lot_id, v.role, batch, *printed)


def _links(fact: Fact, _event: Event) -> Plain:
    v = fact.value
    return (fact.event_id, v.line, v.parent.lot_id, v.child.lot_id, v.basis)


def _movements(fact: Fact, _event: Event) -> Plain:
    v = fact.value
    return (*_where(fact), v.lot.lot_id, v.direction, v.dimension, v.amount)


def _retail(fact: Fact, event: Event) -> Plain:
    v = fact.value
    return (
        *(*_where(fact), v.lot.lot_id, event.envelope.business_date),
        *(v.dimension, v.amount, v.basis),
    )


def _papers(fact: Fact, _event: Event) -> Plain:
    v = fact.value
    paper = (v.kind, v.number, v.issuer, v.valid_until, v.verification)
    return (*_where(fact), v.lot.lot_id, *paper)


def _aliases(fact: Fact, _event: Event) -> Plain:
    v = fact.value
    named = (v.subject_kind, v.subject, v.scheme, v.code, v.valid_from, v.valid_to)
    return (*_where(fact), *named)


def _masters(fact: Fact, _event: Event) -> Plain:
    v = fact.value
    return (*_where(fact), v.subject_kind, v.subject, v.name, tuple(sorted(v.attributes)))


def _citations(fact: Fact, _event: Event) -> Plain:
    return (*_where(fact), fact.value.number)


def _voids(fact: Fact, _event: Event) -> Plain:
    return (*_where(fact), fact.value.target, fact.value.target_line)


_REFERENCE = {
    "claims": _claims,
    "links": _links,
    "movements": _movements,
    "retail": _retail,
    "papers": _papers,
    "aliases": _aliases,
    "masters": _masters,
    "citations": _citations,
    "voids": _voids,
}
