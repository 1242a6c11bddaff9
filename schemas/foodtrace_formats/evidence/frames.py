"""How records, their hashes and their proofs follow one another in a bundle's members.

All numbers are big-endian. A record: offset (8 bytes), append time in ms since 1970 (8, signed), the
length of its key (4, signed; -1: it has none) and the key, the value alike, the number of headers
(4), and of each the length of its name (4), the name in UTF-8 and its value like the key. A hash:
offset (8) and the leaf's hash (32). A proof: offset (8), the leaf's index in the tree (8), the
leaf's hash (32), the number of hashes of its inclusion path (1) and these (32 each).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from foodtrace.evidence import HASH_BYTES
from foodtrace.evidence import leaf_hash as hash_of
from foodtrace_formats.evidence.container import Source

#: No part of a record is longer, in bytes; what claims to be isn't read.
PART_LIMIT = 64 * 1024 * 1024

_RECORD = struct.Struct(">Qq")
_LENGTH = struct.Struct(">i")
_HASH = struct.Struct(f">Q{HASH_BYTES}s")
_PROOF = struct.Struct(f">QQ{HASH_BYTES}sB")


class Record(Protocol):
    """One record as it stands in its log (`foodtrace_bus.reader.LogRecord`); `timestamp` in ms."""

    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record out of a bundle; `at` is the place of its first byte in its member."""

    at: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """That a leaf stands at `index` of a tree: its hash and its inclusion path."""

    offset: int
    index: int
    leaf_hash: bytes
    path: tuple[bytes, ...]


class Garbled(Exception):
    """From byte `at` of its member on, nothing more can be read."""

    def __init__(self, at: int) -> None:
        """Tell where."""
        super().__init__(f"byte {at}")
        self.at = at


def is_of(record: Record, event_id: UUID) -> bool:
    """Whether a record was written for that event: the door and the intake key it by the event's id.

    The key's digest is in the leaf, so it can't be told otherwise later.
    """
    return record.key == str(event_id).encode("ascii")


def leaf_hash(topic: str, partition: int, record: Record) -> bytes:
    """The hash of a record's leaf."""
    return hash_of(
        topic,
        partition,
        record.offset,
        record.timestamp,
        record.key,
        record.value,
        record.headers,
    )


def record_frame(record: Record) -> bytes:
    """The bytes of a record."""
    parts = [_RECORD.pack(record.offset, record.timestamp), _part(record.key), _part(record.value)]
    parts.append(_LENGTH.pack(len(record.headers)))
    for name, value in record.headers:
        parts += (_part(name.encode()), _part(value))
    return b"".join(parts)


def hash_frame(offset: int, hashed: bytes) -> bytes:
    """The bytes of an offset and its leaf's hash."""
    return _HASH.pack(offset, hashed)


def proof_frame(proof: Proof) -> bytes:
    """The bytes of a proof."""
    head = _PROOF.pack(proof.offset, proof.index, proof.leaf_hash, len(proof.path))
    return head + b"".join(proof.path)


def records(source: Source) -> Iterator[Kept]:
    """The records of a member; raises Garbled where their bytes make no sense."""
    whole = source.left
    while source.left:
        at = whole - source.left
        offset, timestamp = _RECORD.unpack(_taken(source, _RECORD.size, at))
        key, value = _read_part(source, at), _read_part(source, at)
        (count,) = _LENGTH.unpack(_taken(source, _LENGTH.size, at))
        if not 0 <= count <= source.left // (2 * _LENGTH.size):
            raise Garbled(at)
        headers = tuple((_name(source, at), _read_part(source, at)) for _ in range(count))
        yield Kept(at=at, offset=offset, timestamp=timestamp, key=key, value=value, headers=headers)


def hashes(source: Source) -> Iterator[tuple[int, bytes]]:
    """The offsets and hashes of a member; raises Garbled for a piece of one at the end."""
    whole = source.left
    while source.left:
        offset, hashed = _HASH.unpack(_taken(source, _HASH.size, whole - source.left))
        yield offset, hashed


def proofs(source: Source) -> Iterator[Proof]:
    """The proofs of a member; raises Garbled where their bytes make no sense."""
    whole = source.left
    while source.left:
        at = whole - source.left
        offset, index, hashed, count = _PROOF.unpack(_taken(source, _PROOF.size, at))
        path = tuple(_taken(source, HASH_BYTES, at) for _ in range(count))
        yield Proof(offset=offset, index=index, leaf_hash=hashed, path=path)


def _part(data: bytes | None) -> bytes:
    return _LENGTH.pack(-1) if data is None else _LENGTH.pack(len(data)) + data


def _read_part(source: Source, at: int) -> bytes | None:
    (length,) = _LENGTH.unpack(_taken(source, _LENGTH.size, at))
    if length == -1:
        return None
    if not 0 <= length <= PART_LIMIT:
        raise Garbled(at)
    return _taken(source, length, at)


def _name(source: Source, at: int) -> str:
    name = _read_part(source, at)
    if name is None:
        raise Garbled(at)
    # Damaged ones too: what they say then has another hash.
    return name.decode("utf-8", "replace")


def _taken(source: Source, count: int, at: int) -> bytes:
    data = source.take(count)
    if len(data) < count:
        raise Garbled(at)
    return data
