"""Proofs and checkpoints, read from ledger, office and log; nothing is answered that doesn't hold."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from threading import BoundedSemaphore
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from foodtrace.access import STAFF, Caller
from foodtrace.problems import OurFault, TheirFault
from foodtrace_api.events.service import event as seen_event
from foodtrace_api.evidence.shapes import (
    CheckpointPage,
    Checkpoints,
    CheckpointShown,
    PublicKey,
    PublicKeys,
)
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_api.web.door import Door
from foodtrace_bus.reader import Reader
from foodtrace_formats.evidence.documents import (
    CONSISTENCY,
    PROOF,
    ConsistencyProof,
    EventProof,
    RecordProof,
    base64_of,
    record_proof,
)
from foodtrace_formats.evidence.export import record_of
from foodtrace_formats.evidence.frames import leaf_hash
from foodtrace_formats.evidence.signers import signers_of
from foodtrace_formats.evidence.store import (
    Planned,
    consistency,
    plan_events,
    read,
    signed_at,
    spot_of,
    spot_of_part,
    tree_of,
)
from foodtrace_ledger import events
from foodtrace_ledger.engine import snapshot
from foodtrace_ledger.evidence import heads
from foodtrace_office import evidence as office
from foodtrace_office.evidence_keys import keys_on_record
from foodtrace_office.signing import public_pem
from foodtrace_office.thinning import hand_out

#: Proofs whose records are read at the same time; each takes a connection to the brokers.
_READING = BoundedSemaphore(4)


class Place(NamedTuple):
    """Where a page of checkpoints ended."""

    size: int


def proof(door: Door, caller: Caller, event_id: UUID) -> EventProof:
    """The proof of everything that was said under an event's id.

    Raises NotFound `event.unknown` also for one that the caller may not see, OurFault
    `evidence.not-yet` until a signed checkpoint covers all of it, `evidence.log-differs` when the
    log holds something else than what was received.
    """
    with snapshot(door.engine) as connection:
        seen_event(connection, door.contracts, caller, event_id)
        planned, _ = plan_events(connection, [events.by_id(connection, event_id)])
        keys = office.public_keys(connection)
        installation = office.installation_id(connection)
    with door.engine.begin() as connection:
        for one in planned:
            hand_out(connection, spot_of_part(one.part), one.notes)
    with _READING, Reader(door.settings.access()) as log:
        proofs = [shown for one in planned for shown in _shown(log, one)]
    first, *others = map(public_pem, signers_of([each.checkpoint for each in proofs], keys))
    return EventProof(
        format=PROOF,
        installation=installation,
        event_id=event_id,
        public_key=first,
        proofs=proofs,
        other_keys=others,
    )


def checkpoints(connection: Connection) -> Checkpoints:
    """The newest checkpoint of each partition that the ledger reads."""
    found = office.latest(connection, [spot_of(tree) for tree in heads(connection)])
    return Checkpoints(checkpoints=[_checkpoint(found[spot]) for spot in sorted(found)])


def history(
    connection: Connection, topic: str, partition: int, limit: int, cursor: str | None
) -> CheckpointPage:
    """A page of one partition's checkpoints; raises NotFound `evidence.no-checkpoint`."""
    tree = tree_of(connection, topic, partition)
    question = ["checkpoints", topic, partition]
    behind = read_cursor(question, cursor, Place)
    size = tree.size if behind is None else min(behind.size - 1, tree.size)
    found = office.newest(connection, spot_of(tree), size=size, limit=limit + 1)
    more = None
    if len(found) > limit:
        more = cursor_of(question, Place(found[limit - 1].size))
    return CheckpointPage(checkpoints=[_checkpoint(one) for one in found[:limit]], next=more)


def continued(
    connection: Connection, topic: str, partition: int, old: int, new: int | None
) -> ConsistencyProof:
    """That the checkpoint of `new` leaves (None: the newest) continues that of `old`.

    Raises NotFound `evidence.no-checkpoint` where one of them wasn't signed.
    """
    tree = tree_of(connection, topic, partition)
    older, newer = signed_at(connection, tree, old), signed_at(connection, tree, new)
    size = newer.checkpoint.size
    if size < old:
        raise TheirFault("request.invalid", f"old {old}, new {size}", "old")
    keys = office.public_keys(connection)
    first, *others = map(public_pem, signers_of([older.note, newer.note], keys))
    return ConsistencyProof(
        format=CONSISTENCY,
        installation=office.installation_id(connection),
        topic=tree.topic,
        partition=tree.partition,
        log=tree.log,
        old_size=old,
        new_size=size,
        path=base64_of(consistency(connection, tree, old, size)),
        old=older.note,
        new=newer.note,
        public_key=first,
        other_keys=others,
    )


def keep(door: Door, proof: ConsistencyProof) -> None:
    """Note that somebody holds the checkpoints of a proof: they are kept for ever."""
    spot = (proof.log, proof.topic, proof.partition)
    with door.engine.begin() as connection:
        hand_out(connection, spot, (proof.old_size, proof.new_size))


def keys_of(connection: Connection, caller: Caller) -> PublicKeys:
    """The public keys, the present one first."""
    return PublicKeys(
        installation=office.installation_id(connection),
        keys=[
            PublicKey(
                algorithm="Ed25519",
                public_key=public_pem(key.public_key),
                fingerprint=sha256(key.public_key).hexdigest(),
                present=key.retired_at is None,
                created_at=key.created_at,
                retired_at=key.retired_at,
                reason=key.reason,
                retired_by=key.retired_by if caller.role in STAFF else None,
            )
            for key in keys_on_record(connection)
        ],
    )


def _shown(log: Reader, one: Planned) -> list[RecordProof]:
    part = one.part
    shown = []
    for each in one.proofs:
        record = record_of(log, part.topic, part.partition, each)
        if leaf_hash(part.topic, part.partition, record) != each.leaf_hash:
            raise OurFault("evidence.log-differs", f"{part.place}/{record.offset}")
        note = one.notes[part.size]
        shown.append(
            record_proof(part.topic, part.partition, part.log, record, each, part.size, note)
        )
    return shown


def _checkpoint(row: office.Signed) -> CheckpointShown:
    found = read(row).checkpoint
    return CheckpointShown(
        topic=row.topic,
        partition=row.partition,
        log=row.log,
        size=found.size,
        root=b64encode(found.root).decode(),
        link=b64encode(found.link).decode(),
        next_offset=found.next_offset,
        as_of=found.as_of,
        signed_at=row.signed_at,
        note=row.note,
    )
