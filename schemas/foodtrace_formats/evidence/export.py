"""Writes a bundle from the log itself, held record by record to what the ledger kept of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Protocol
from uuid import UUID

from sqlalchemy import Engine

from foodtrace.problems import OurFault, TheirFault
from foodtrace_bus.reader import Batch, LogRecord
from foodtrace_formats.evidence.edges import edge_of
from foodtrace_formats.evidence.frames import Proof, is_of
from foodtrace_formats.evidence.manifest import Chosen, Edge, Manifest, Part, Uncovered
from foodtrace_formats.evidence.signers import signed_by
from foodtrace_formats.evidence.store import Planned
from foodtrace_formats.evidence.writer import BundleWriter
from foodtrace_ledger.evidence_leaves import leaves
from foodtrace_office.evidence_keys import KeyOnRecord
from foodtrace_office.signing import SigningKey, public_pem

#: Told how many records of how many are written.
Progress = Callable[[int, int], None]
#: Records between two tellings.
EVERY = 1000


class Log(Protocol):
    """The side of `foodtrace_bus.reader.Reader` that is needed here."""

    def batches(self, topic: str, partition: int, start: int, end: int) -> Iterator[Batch]:
        """The records of a range; raises the named errors of the bus."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a bundle is to hold, see `store`; `keys` are all that ever signed."""

    installation: str
    planned: Sequence[Planned]
    keys: Sequence[KeyOnRecord]
    chosen: Sequence[Chosen] = ()
    uncovered: Sequence[Uncovered] = ()

    @property
    def records(self) -> int:
        """How many there are."""
        return sum(one.part.records for one in self.planned)


def export(
    file: IO[bytes], engine: Engine, log: Log, key: SigningKey, plan: Plan, progress: Progress
) -> Manifest:
    """Write the bundle into an empty file that can be rewound.

    Raises OurFault `evidence.log-differs` or `evidence.forked`, with the place, when the log no
    longer holds what was signed: then there is nothing to be vouched for. Raises TheirFault
    `bundle.other-event` for a chosen record that wasn't written under its event's id: only a range
    can show that one.
    """
    writer = BundleWriter(
        file,
        installation=plan.installation,
        key=public_pem(key.public),
        sign=lambda text, name: key.sign(name, text),
    )
    notes = [
        (one.part.note(size), note)
        for one in plan.planned
        for size, note in sorted(one.notes.items())
    ]
    keys = signed_by(notes, plan.keys, key.public)
    done = 0

    def counted(records: Iterator[LogRecord]) -> Iterator[LogRecord]:
        nonlocal done
        for record in records:
            yield record
            done += 1
            if done % EVERY == 0:
                progress(done, plan.records)

    for one in plan.planned:
        if one.part.kind == "range":
            stretch = _paired(engine, one, counted(_range(log, one)))
            writer.add_range(_witnessed(log, one), one.notes, one.root, stretch)
        else:
            singles = zip(counted(_singles(log, one, plan.chosen)), one.proofs, strict=True)
            writer.add_chosen(one.part, one.notes, singles)
    progress(done, plan.records)
    return writer.finish(plan.chosen, plan.uncovered, keys)


def record_of(log: Log, topic: str, partition: int, proof: Proof) -> LogRecord:
    """The record that a proof is of; raises OurFault `evidence.log-differs` when it is gone."""
    for batch in log.batches(topic, partition, proof.offset, proof.offset + 1):
        for record in batch.records:
            return record
    raise OurFault("evidence.log-differs", f"{topic}/{partition}/{proof.offset}")


def _range(log: Log, one: Planned) -> Iterator[LogRecord]:
    part = one.part
    for batch in log.batches(part.topic, part.partition, *one.offsets):
        yield from batch.records


def _witnessed(log: Log, one: Planned) -> Part:
    """The part with the leaves on both sides of it, made of the records that stand there."""

    def edge(proof: Proof | None) -> Edge | None:
        if proof is None:
            return None
        where = (one.part.topic, one.part.partition)
        return edge_of(*where, record_of(log, *where, proof), proof)

    before, after = map(edge, one.beside)
    return replace(one.part, before=before, after=after)


def _singles(log: Log, one: Planned, chosen: Sequence[Chosen]) -> Iterator[LogRecord]:
    where = (one.part.topic, one.part.partition)
    listed: dict[int, list[UUID]] = {}
    for each in chosen:
        if (each.topic, each.partition) == where:
            listed.setdefault(each.offset, []).append(each.event_id)
    for proof in one.proofs:
        record = record_of(log, *where, proof)
        for event_id in listed.get(record.offset, ()):
            if not is_of(record, event_id):
                place = f"{one.part.place}/{record.offset}"
                raise TheirFault("bundle.other-event", f"{place}, event {event_id}")
        yield record


def _paired(
    engine: Engine, one: Planned, records: Iterator[LogRecord]
) -> Iterator[tuple[LogRecord, bytes]]:
    """Each record with the hash that the ledger kept: one for each, in the same order."""
    part = one.part
    end = part.start + part.records
    kept = leaves(engine, part.topic, part.partition, part.start, end)
    for record in records:
        offset, hashed = next(kept, (-1, b""))
        if offset != record.offset:
            raise OurFault("evidence.log-differs", f"{part.place}/{record.offset}")
        yield record, hashed
    left = next(kept, None)
    if left is not None:
        raise OurFault("evidence.log-differs", f"{part.place}/{left[0]}")
