"""Writes a bundle record by record: what is in it decides every byte, and nothing is kept in memory."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from tempfile import TemporaryFile
from typing import IO

from foodtrace.evidence import Frontier, verify_consistency
from foodtrace.problems import OurFault
from foodtrace_formats.evidence.container import Container
from foodtrace_formats.evidence.frames import (
    Proof,
    Record,
    hash_frame,
    leaf_hash,
    proof_frame,
    record_frame,
)
from foodtrace_formats.evidence.manifest import (
    FORMAT,
    KEY,
    MANIFEST,
    NOTE,
    README,
    Chosen,
    Manifest,
    Part,
    SignedBy,
    Uncovered,
    manifest_bytes,
    signed_text,
    signer_of,
)
from foodtrace_formats.evidence.readme import TEXT

#: Signs a text under a name of the installation's key; gives the signed note.
Sign = Callable[[str, str], str]
#: The signed checkpoints of a part, by size.
Notes = dict[int, str]


class BundleWriter:
    """Writes one part after another, each with its checkpoints, and in the end the manifest."""

    def __init__(self, file: IO[bytes], *, installation: str, key: str, sign: Sign) -> None:
        """`file` is empty and can be rewound; `key` is the public key as PEM."""
        self._container = Container(file)
        self._installation = installation
        self._key = key
        self._sign = sign
        self._parts: list[Part] = []
        self._chosen: list[Chosen] = []

    def add_range(
        self, part: Part, notes: Notes, root: bytes, records: Iterable[tuple[Record, bytes]]
    ) -> Part:
        """Write a stretch of a log; `records` come with the leaf hashes that the ledger kept.

        Gives the part with its number of records. Raises OurFault `evidence.log-differs`, with the
        place, for a record that isn't the one whose hash was kept, and `evidence.forked` when all
        of them together don't give `root`, that of the checkpoint.
        """
        frontier = Frontier(part.start, part.frontier)
        with TemporaryFile() as hashes:
            with self._container.member(part.member("records")) as sink:
                for record, kept in records:
                    hashed = leaf_hash(part.topic, part.partition, record)
                    if hashed != kept:
                        raise _differs(part, record.offset)
                    frontier.append(hashed)
                    sink.write(record_frame(record))
                    hashes.write(hash_frame(record.offset, hashed))
            self._append(part.member("hashes"), hashes)
        if not verify_consistency(frontier.size, part.size, frontier.root(), root, part.path):
            raise OurFault("evidence.forked", f"{part.place} at {part.size} leaves")
        return self._added(replace(part, records=frontier.size - part.start), notes)

    def add_chosen(self, part: Part, notes: Notes, records: Iterable[tuple[Record, Proof]]) -> Part:
        """Write single records of a log in the order of their offsets, each with its proof.

        Raises OurFault `evidence.log-differs` for a record that its proof isn't of.
        """
        count = 0
        with TemporaryFile() as proofs:
            with self._container.member(part.member("records")) as sink:
                for record, proof in records:
                    if leaf_hash(part.topic, part.partition, record) != proof.leaf_hash:
                        raise _differs(part, record.offset)
                    sink.write(record_frame(record))
                    proofs.write(proof_frame(proof))
                    count += 1
            self._append(part.member("proofs"), proofs)
        return self._added(replace(part, records=count), notes)

    def finish(
        self,
        chosen: Sequence[Chosen] = (),
        uncovered: Sequence[Uncovered] = (),
        keys: Sequence[SignedBy] = (),
    ) -> Manifest:
        """Write the rest: what to know for people, the public key, the manifest and its note."""
        self._container.add(README, TEXT.encode())
        self._container.add(KEY, self._key.encode())
        manifest = Manifest(
            format=FORMAT,
            installation=self._installation,
            parts=tuple(self._parts),
            chosen=tuple(chosen),
            uncovered=tuple(uncovered),
            members=tuple(self._container.digests),
            keys=tuple(keys),
        )
        data = manifest_bytes(manifest)
        text = signed_text(self._installation, data)
        self._container.add(MANIFEST, data)
        self._container.add(NOTE, self._sign(text, signer_of(self._installation)).encode())
        self._container.finish()
        return manifest

    def _append(self, name: str, kept: IO[bytes]) -> None:
        kept.seek(0)
        with self._container.member(name) as sink:
            shutil.copyfileobj(kept, sink)

    def _added(self, part: Part, notes: Notes) -> Part:
        for size, note in sorted(notes.items()):
            self._container.add(part.note(size), note.encode())
        self._parts.append(part)
        return part


def _differs(part: Part, offset: int) -> OurFault:
    return OurFault("evidence.log-differs", f"{part.place}/{offset}")
