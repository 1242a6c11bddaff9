"""Logs in memory, their signed checkpoints, and bundles over them."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import IO
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from foodtrace.evidence import (
    Checkpoint,
    Frontier,
    chained,
    consistency_path,
    inclusion_path,
    origin_of,
    root,
)
from foodtrace_bus.reader import LogRecord
from foodtrace_formats.evidence.edges import edge_of
from foodtrace_formats.evidence.frames import Proof, leaf_hash
from foodtrace_formats.evidence.manifest import Chosen, Earlier, Edge, Part
from foodtrace_formats.evidence.writer import BundleWriter
from foodtrace_office.signing import SigningKey, public_pem

INSTALLATION = "i-1"
KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER_KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def some_records(count: int, *, first: int = 0, hole: int = 7) -> list[LogRecord]:
    """Records of different shapes; every `hole`th offset is a hole of the log."""
    made: list[LogRecord] = []
    offset = first
    while len(made) < count:
        if offset % hole != hole - 1:
            number = len(made)
            made.append(
                LogRecord(
                    offset=offset,
                    timestamp=1_790_000_000_000 + 3 * offset,
                    key=None if number % 11 == 3 else b"key-%d" % number,
                    value=None if number % 13 == 5 else b"value " * (number % 9),
                    headers=() if number % 4 else (("source", b"erp"), ("note", b"")),
                )
            )
        offset += 1
    return made


def id_of(number: int) -> UUID:
    """The event of the record of that index."""
    return UUID(int=number)


def keyed(records: Iterable[LogRecord]) -> list[LogRecord]:
    """The records as the door writes them: each under the id of its event."""
    return [replace(one, key=str(id_of(number)).encode()) for number, one in enumerate(records)]


@dataclass(kw_only=True)
class MemoryLog:
    """A partition whose records are at hand."""

    records: Sequence[LogRecord]
    topic: str = "foodtrace.trade"
    partition: int = 0
    log: str = "log-1"
    key: SigningKey = KEY
    #: Keys of checkpoints of other sizes than those that `key` signs.
    signers: Mapping[int, SigningKey] = field(default_factory=dict)
    hashes: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        """Compute every leaf."""
        self.hashes = [leaf_hash(self.topic, self.partition, each) for each in self.records]

    def hash_at(self, height: int, index: int) -> bytes:
        """The root of a perfect subtree."""
        return root(self.hashes[index << height : (index + 1) << height])

    def checkpoint(self, size: int) -> Checkpoint:
        """The head of the tree of the first `size` records."""
        last = self.records[size - 1]
        return Checkpoint(
            origin=origin_of(INSTALLATION, self.topic, self.partition, self.log),
            size=size,
            root=root(self.hashes[:size]),
            link=chained(self.hashes[:size]),
            next_offset=last.offset + 1,
            as_of=_EPOCH + timedelta(milliseconds=last.timestamp),
        )

    def note(self, size: int) -> str:
        """The same, signed."""
        return self.signers.get(size, self.key).sign_checkpoint(self.checkpoint(size))

    def frontier(self, size: int) -> tuple[bytes, ...]:
        """The roots of the perfect subtrees over the first `size` records."""
        grown = Frontier()
        for hashed in self.hashes[:size]:
            grown.append(hashed)
        return grown.peaks

    def range(self, start: int, end: int, size: int, *earlier: int) -> Part:
        """The part of a bundle that holds the records of index `[start, end)`."""
        last = self.records[end - 1].offset if end > start else self.begin(start) - 1
        return Part(
            kind="range",
            topic=self.topic,
            partition=self.partition,
            log=self.log,
            begin=self.begin(start),
            end=last + 1,
            records=end - start,
            size=size,
            start=start,
            frontier=self.frontier(start),
            path=tuple(consistency_path(end, size, self.hash_at)),
            before=self.edge(start - 1, size),
            after=self.edge(end, size),
            earlier=tuple(
                Earlier(size=old, path=tuple(consistency_path(old, size, self.hash_at)))
                for old in earlier
            ),
        )

    def edge(self, index: int, size: int) -> Edge | None:
        """The leaf beside a stretch; none where the log begins or the checkpoint ends."""
        if not 0 <= index < size:
            return None
        proof = self.proof(index, size)
        return edge_of(self.topic, self.partition, self.records[index], proof)

    def begin(self, index: int) -> int:
        """The offset behind the record before that index."""
        return self.records[index - 1].offset + 1 if index else 0

    def add_range(self, writer: BundleWriter, start: int, end: int, size: int, *old: int) -> None:
        """Write it."""
        self.add_part(writer, self.range(start, end, size, *old))

    def add_part(self, writer: BundleWriter, part: Part) -> None:
        """Write the stretch of a part, whatever else the part says."""
        start, size = part.start, part.size
        end = start + part.records
        notes = {each: self.note(each) for each in (*(one.size for one in part.earlier), size)}
        pairs = zip(self.records[start:end], self.hashes[start:end], strict=True)
        writer.add_range(part, notes, self.checkpoint(size).root, pairs)

    def add_chosen(self, writer: BundleWriter, indexes: Sequence[int], size: int) -> None:
        """Write single records with their proofs."""
        part = Part(
            kind="events",
            topic=self.topic,
            partition=self.partition,
            log=self.log,
            begin=self.records[indexes[0]].offset,
            end=self.records[indexes[-1]].offset + 1,
            records=len(indexes),
            size=size,
        )
        pairs = [(self.records[index], self.proof(index, size)) for index in indexes]
        writer.add_chosen(part, {size: self.note(size)}, pairs)

    def proof(self, index: int, size: int) -> Proof:
        """That a record stands in the tree of the first `size`."""
        return Proof(
            offset=self.records[index].offset,
            index=index,
            leaf_hash=self.hashes[index],
            path=tuple(inclusion_path(index, size, self.hash_at)),
        )

    def chosen(self, index: int, event_id: UUID) -> Chosen:
        """How the manifest names a record that was chosen."""
        return Chosen(
            event_id=event_id,
            topic=self.topic,
            partition=self.partition,
            offset=self.records[index].offset,
        )


def writer_to(file: IO[bytes], key: SigningKey = KEY) -> BundleWriter:
    """A writer into memory."""
    return BundleWriter(
        file,
        installation=INSTALLATION,
        key=public_pem(key.public),
        sign=lambda text, name: key.sign(name, text),
    )


def bundle_of(log: MemoryLog, start: int, end: int, size: int, *earlier: int) -> bytes:
    """A bundle with one stretch of one log."""
    file = io.BytesIO()
    writer = writer_to(file, log.key)
    log.add_range(writer, start, end, size, *earlier)
    writer.finish()
    return file.getvalue()
