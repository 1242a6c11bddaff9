"""Checks chosen records of a log: each against its proof, and all against the list of what was chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from foodtrace.evidence import Checkpoint, verify_inclusion
from foodtrace_formats.evidence.container import Source
from foodtrace_formats.evidence.frames import (
    Garbled,
    Kept,
    Proof,
    is_of,
    leaf_hash,
    proofs,
    records,
)
from foodtrace_formats.evidence.manifest import Part
from foodtrace_formats.evidence.report import Fault, Faults

#: The events of which the records of one log were chosen, by offset.
Wanted = Mapping[int, Collection[UUID]]


def check_chosen(
    part: Part,
    sources: tuple[Source, Source],
    checkpoint: Checkpoint,
    wanted: Wanted,
) -> Faults:
    """The faults of the records and proofs (`sources`) of one log; `wanted` says of which events."""
    faults, count = _walked(part, sources, checkpoint, wanted)
    if not faults and count != part.records:
        # A part shows how many it holds; where each of them is sound, that number is what is wrong.
        code = "bundle.record-missing" if count < part.records else "bundle.record-added"
        detail = f"{count} of {part.records} records"
        faults.add(Fault(code=code, place=part.place, detail=detail))
    return faults


def _walked(
    part: Part,
    sources: tuple[Source, Source],
    checkpoint: Checkpoint,
    wanted: Wanted,
) -> tuple[Faults, int]:
    """What is wrong with the records, one by one, and how many there are."""
    faults = Faults()

    def fault(code: str, offset: int | None, detail: str = "") -> None:
        faults.add(Fault(code=code, place=part.place, offset=offset, detail=detail))

    kept, proven = sources
    proof_of: dict[int, Proof] = {}
    try:
        for proof in proofs(proven):
            proof_of[proof.offset] = proof
    except Garbled as error:
        fault("bundle.garbled", None, f"{part.member('proofs')} byte {error.at}")
    seen: set[int] = set()
    last = -1
    try:
        for record in records(kept):
            code = _wrong(part, record, proof_of.get(record.offset), checkpoint)
            if record.offset in seen or record.offset not in wanted:
                code = "bundle.record-added"
            elif code is None and record.offset < last:
                code = "bundle.record-moved"
            # A changed record is told as that; a sound one has to be of what it is listed for.
            told = [(code, "")] if code is not None else _others(record, wanted[record.offset])
            for each, detail in told:
                fault(each, record.offset, detail)
            seen.add(record.offset)
            last = record.offset
    except Garbled as error:
        fault("bundle.garbled", last if seen else None, f"{part.member('records')} byte {error.at}")
        return faults, len(seen)
    for offset in sorted(set(wanted) - seen):
        fault("bundle.record-missing", offset)
    return faults, len(seen)


def _wrong(part: Part, record: Kept, proof: Proof | None, checkpoint: Checkpoint) -> str | None:
    """What is wrong with a record and its proof: nothing, the record, or the proof."""
    if proof is None:
        return "bundle.proof-wrong"
    hashed = leaf_hash(part.topic, part.partition, record)
    if not _holds(proof, proof.leaf_hash, checkpoint):
        return "bundle.proof-wrong"
    return None if hashed == proof.leaf_hash else "bundle.record-changed"


def _others(record: Kept, listed: Collection[UUID]) -> list[tuple[str, str]]:
    """The events that a record is listed for and isn't of."""
    others = (event_id for event_id in listed if not is_of(record, event_id))
    return [("bundle.other-event", f"event {event_id}") for event_id in others]


def _holds(proof: Proof, hashed: bytes, checkpoint: Checkpoint) -> bool:
    return verify_inclusion(hashed, proof.index, checkpoint.size, proof.path, checkpoint.root)
