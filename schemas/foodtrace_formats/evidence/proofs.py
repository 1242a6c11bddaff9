"""Checks what isn't a bundle: proofs of an event, proofs of consistency, single checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from foodtrace.evidence import (
    Checkpoint,
    read_checkpoint,
    verify_consistency,
    verify_inclusion,
)
from foodtrace.problems import FoodtraceError, InvalidValue
from foodtrace_formats.evidence.documents import (
    ConsistencyProof,
    EventProof,
    RecordProof,
    kept_of,
    part_of,
    proof_of,
    record_proof,
)
from foodtrace_formats.evidence.frames import is_of, leaf_hash
from foodtrace_formats.evidence.manifest import Part
from foodtrace_formats.evidence.report import Fault, Faults, Form, Report, Shown
from foodtrace_formats.evidence.signers import keys_told
from foodtrace_formats.evidence.since import Known, compare
from foodtrace_formats.evidence.trust import Trust, trust_of


def check_proof(
    proof: EventProof, trusted: Sequence[bytes], since: Sequence[Checkpoint] = ()
) -> Report:
    """Every record of an event's proof: its bytes, its path, the signature over the root."""
    trust = trust_of(_keys_of(proof), trusted)
    shown, known = [], []
    for each in proof.proofs:
        told, grown = _record(each, proof, trust)
        shown.append(told)
        known.append(grown)
    faults = Faults(trust.faults)
    if not proof.proofs:
        faults.add(Fault(code="bundle.unchecked", detail="no record"))
    return _report("proof", proof.installation, trust, faults, tuple(shown), known, since)


def check_consistency(
    proof: ConsistencyProof, trusted: Sequence[bytes], since: Sequence[Checkpoint] = ()
) -> Report:
    """Two signed checkpoints of one log, and whether the newer one continues the older."""
    trust = trust_of(_keys_of(proof), trusted)
    faults = Faults(trust.faults)
    old = new = None
    try:
        part = part_of(proof)
        old = signed(proof.old, part, proof.old_size, proof.installation, trust, faults)
        new = signed(proof.new, part, proof.new_size, proof.installation, trust, faults)
    except InvalidValue as error:
        faults.add(Fault(code=error.code, detail=error.detail))
        return _report("consistency", proof.installation, trust, faults)
    if old is not None and new is not None:
        path = part.earlier[0].path
        if not verify_consistency(old.size, new.size, old.root, new.root, path):
            detail = f"{old.size} and {new.size} leaves"
            faults.add(Fault(code="bundle.forked", place=part.place, detail=detail))
    told = _shown(part, new, Faults())
    known = [Known(part=part, checkpoint=new)]
    return _report("consistency", proof.installation, trust, faults, (told,), known, since)


def check_checkpoint(
    note: str, trusted: Sequence[bytes], since: Sequence[Checkpoint] = ()
) -> Report:
    """A signed checkpoint by itself; only a key from elsewhere can vouch for it."""
    trust = trust_of((), trusted)
    faults = Faults(trust.faults)
    try:
        found = read_checkpoint(trust.check(note, note.split("\n", 1)[0]))
    except FoodtraceError as error:
        faults.add(Fault(code=error.code, detail=error.detail))
        return _report("checkpoint", None, trust, faults)
    part = part_from(found)
    installation = found.origin.split("/")[1]
    known = [Known(part=part, checkpoint=found)]
    told = _shown(part, found, Faults())
    return _report("checkpoint", installation, trust, faults, (told,), known, since)


def signed(
    note: str, part: Part, size: int, installation: str, trust: Trust, faults: Faults
) -> Checkpoint | None:
    """The checkpoint of a note, if it is signed and of that log and size; else a fault."""
    try:
        found = read_checkpoint(trust.check(note, note.split("\n", 1)[0]))
    except FoodtraceError as error:
        faults.add(Fault(code=error.code, place=part.place, detail=error.detail))
        return None
    if not part.is_of(installation, found) or found.size != size:
        detail = f"{found.origin} {found.size}"
        faults.add(Fault(code="bundle.other-log", place=part.place, detail=detail))
        return None
    return found


def _keys_of(proof: EventProof | ConsistencyProof) -> list[bytes | None]:
    return [pem.encode() for pem in (proof.public_key, *proof.other_keys)]


def part_from(checkpoint: Checkpoint) -> Part:
    """A part that says no more than a checkpoint does."""
    _, _, topic, partition, log = checkpoint.origin.split("/")
    return Part(
        kind="events",
        topic=topic,
        partition=int(partition),
        log=log,
        begin=0,
        end=checkpoint.next_offset,
        records=0,
        size=checkpoint.size,
    )


def _record(shown: RecordProof, proof: EventProof, trust: Trust) -> tuple[Shown, Known]:
    part = part_of(shown)
    faults = Faults()
    found = signed(shown.checkpoint, part, shown.tree_size, proof.installation, trust, faults)
    if found is not None:
        for code in _wrong(shown, part, found) or _of_another(shown, proof.event_id):
            faults.add(Fault(code=code, place=part.place, offset=shown.offset))
    return _shown(part, found, faults), Known(part=part, checkpoint=found)


def _wrong(shown: RecordProof, part: Part, checkpoint: Checkpoint) -> list[str]:
    try:
        record, proof = kept_of(shown), proof_of(shown)
        hashed = leaf_hash(part.topic, part.partition, record)
        again = record_proof(
            part.topic, part.partition, part.log, record, proof, part.size, shown.checkpoint
        )
    except InvalidValue as error:
        return [error.code]
    if hashed != proof.leaf_hash or again != shown:
        return ["bundle.record-changed"]
    holds = verify_inclusion(hashed, proof.index, checkpoint.size, proof.path, checkpoint.root)
    return [] if holds else ["bundle.proof-wrong"]


def _of_another(shown: RecordProof, event_id: UUID) -> list[str]:
    """The key says of which event a record is."""
    return [] if is_of(kept_of(shown), event_id) else ["bundle.other-event"]


def _shown(part: Part, checkpoint: Checkpoint | None, faults: Faults) -> Shown:
    return Shown(
        kind="events",
        topic=part.topic,
        partition=part.partition,
        log=part.log,
        begin=part.begin,
        end=part.end,
        records=part.records,
        size=part.size,
        root=None if checkpoint is None else checkpoint.root.hex(),
        as_of=None if checkpoint is None else checkpoint.as_of,
        link=False,
        faults=tuple(faults),
        total=faults.total,
    )


def _report(
    form: Form,
    installation: str | None,
    trust: Trust,
    faults: Faults,
    shown: tuple[Shown, ...] = (),
    known: Sequence[Known] = (),
    since: Sequence[Checkpoint] = (),
) -> Report:
    return Report(
        form=form,
        installation=installation,
        key=trust.fingerprint,
        trusted=trust.given,
        keys=keys_told(trust),
        parts=shown,
        compared=compare(known, installation or "", since),
        faults=tuple(faults),
    )
