"""Proofs as JSON documents: what the door answers is what can be kept and checked later."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from foodtrace.evidence import leaf_of
from foodtrace.problems import InvalidValue, TheirFault
from foodtrace_formats.evidence.frames import Kept, Proof, Record
from foodtrace_formats.evidence.manifest import Earlier, Part

PROOF: Literal["foodtrace-proof/1"] = "foodtrace-proof/1"
CONSISTENCY: Literal["foodtrace-consistency/1"] = "foodtrace-consistency/1"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderShown:
    """A header of a record; its value in base64, null where it has none."""

    name: str
    value: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProof:
    """One record of the log with its bytes (base64), its leaf, and the path to a signed root.

    `received_at` is the broker's append time, `timestamp_ms` the same in ms since 1970; `leaf` the
    text whose SHA-256 behind a zero byte is `leaf_hash`; `leaf_index` its place among the
    `tree_size` leaves; `path` the inclusion path of RFC 9162, `checkpoint` the signed note.
    Hashes are in base64.
    """

    topic: str
    partition: int
    log: str
    offset: int
    received_at: datetime
    timestamp_ms: int
    key: str | None
    value: str | None
    headers: list[HeaderShown]
    leaf: str
    leaf_hash: str
    leaf_index: int
    tree_size: int
    path: list[str]
    checkpoint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventProof:
    """That what was said under an event's id stands in the log, once for each content.

    `public_key` (PEM) vouches only for itself: compare it with one that you have from elsewhere.
    `other_keys` are there where checkpoints were signed by keys that followed one another.
    """

    format: Literal["foodtrace-proof/1"]
    installation: str
    event_id: UUID
    public_key: str
    proofs: list[RecordProof]
    other_keys: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsistencyProof:
    """That the log of `new` begins with all that the log of `old` had, in the same order.

    `path` is the consistency path of RFC 9162 between the two signed checkpoints, in base64.
    """

    format: Literal["foodtrace-consistency/1"]
    installation: str
    topic: str
    partition: int
    log: str
    old_size: int
    new_size: int
    path: list[str]
    old: str
    new: str
    public_key: str
    other_keys: list[str] = field(default_factory=list)


def record_proof(
    topic: str, partition: int, log: str, record: Record, proof: Proof, size: int, note: str
) -> RecordProof:
    """The document of a record and its proof in the tree of `size` leaves that `note` signs."""
    leaf = leaf_of(
        topic,
        partition,
        record.offset,
        record.timestamp,
        record.key,
        record.value,
        record.headers,
    )
    return RecordProof(
        topic=topic,
        partition=partition,
        log=log,
        offset=record.offset,
        received_at=_EPOCH + timedelta(milliseconds=record.timestamp),
        timestamp_ms=record.timestamp,
        key=_coded(record.key),
        value=_coded(record.value),
        headers=[HeaderShown(name=name, value=_coded(value)) for name, value in record.headers],
        leaf=leaf.encoded().decode(),
        leaf_hash=_base64(proof.leaf_hash),
        leaf_index=proof.index,
        tree_size=size,
        path=base64_of(proof.path),
        checkpoint=note,
    )


def base64_of(hashes: Sequence[bytes]) -> list[str]:
    """Hashes as documents show them."""
    return [_base64(each) for each in hashes]


def read_document(data: bytes) -> EventProof | ConsistencyProof:
    """The document of its JSON; raises TheirFault `bundle.unknown-file`."""
    try:
        form = msgspec.json.decode(data, type=dict[str, msgspec.Raw]).get("format", b"null")
        if bytes(form) == _quoted(PROOF):
            return msgspec.json.decode(data, type=EventProof)
        return msgspec.json.decode(data, type=ConsistencyProof)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TheirFault("bundle.unknown-file", str(error)) from error


def kept_of(shown: RecordProof) -> Kept:
    """The record of a document; raises InvalidValue `evidence.malformed` for what isn't base64."""
    return Kept(
        at=0,
        offset=shown.offset,
        timestamp=shown.timestamp_ms,
        key=_decoded(shown.key),
        value=_decoded(shown.value),
        headers=tuple((each.name, _decoded(each.value)) for each in shown.headers),
    )


def proof_of(shown: RecordProof) -> Proof:
    """The proof of a document; raises InvalidValue `evidence.malformed`."""
    return Proof(
        offset=shown.offset,
        index=shown.leaf_index,
        leaf_hash=_bytes(shown.leaf_hash),
        path=tuple(map(_bytes, shown.path)),
    )


def part_of(shown: RecordProof | ConsistencyProof) -> Part:
    """The partition that a document speaks of; raises InvalidValue `evidence.malformed`."""
    single = isinstance(shown, RecordProof)
    earlier: tuple[Earlier, ...] = ()
    if isinstance(shown, ConsistencyProof):
        earlier = (Earlier(size=shown.old_size, path=tuple(map(_bytes, shown.path))),)
    return Part(
        kind="events",
        topic=shown.topic,
        partition=shown.partition,
        log=shown.log,
        begin=shown.offset if isinstance(shown, RecordProof) else 0,
        end=shown.offset + 1 if isinstance(shown, RecordProof) else 0,
        records=int(single),
        size=shown.tree_size if isinstance(shown, RecordProof) else shown.new_size,
        earlier=earlier,
    )


def _quoted(text: str) -> bytes:
    return msgspec.json.encode(text)


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _coded(data: bytes | None) -> str | None:
    return None if data is None else _base64(data)


def _decoded(text: str | None) -> bytes | None:
    return None if text is None else _bytes(text)


def _bytes(text: str) -> bytes:
    try:
        data = b64decode(text, validate=True)
    except ValueError as error:
        raise InvalidValue("evidence.malformed", ascii(text[:80]), "base64") from error
    if _base64(data) != text:
        raise InvalidValue("evidence.malformed", ascii(text[:80]), "base64")
    return data
