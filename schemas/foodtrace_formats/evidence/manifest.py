"""What a bundle says of itself: which stretches of which logs it holds, and of what bytes it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID

import msgspec

from foodtrace.evidence import Checkpoint, Frontier, leaf_of, origin_of
from foodtrace.problems import InvalidValue, TheirFault
from foodtrace_formats.evidence.container import Digest
from foodtrace_office.signing import read_public_pem

FORMAT: Literal["foodtrace-evidence/1"] = "foodtrace-evidence/1"
MANIFEST = "manifest.json"
NOTE = "manifest.note"
KEY = "key.pem"
README = "README.txt"
#: A manifest is read whole; one of a million chosen events is below, in bytes.
MANIFEST_LIMIT = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """An older checkpoint of the same log, and the path by which the newer one continues it."""

    size: int
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """The leaf beside a range: its encoding, and its inclusion path in the part's checkpoint."""

    leaf: str
    path: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One partition of a bundle, measured at the checkpoint of `size` leaves.

    Of a range, `start` is the index of its first leaf, `frontier` the roots of the perfect subtrees
    before it, `path` the consistency path from its end to `size`; it holds every record of the
    half-open offsets `[begin, end)`, as `before` and `after` witness, the leaves on both sides of it:
    none where it begins with the log or ends with the checkpoint. Of chosen events these five are 0
    or empty.
    """

    kind: Literal["range", "events"]
    topic: str
    partition: int
    log: str
    begin: int
    end: int
    records: int
    size: int
    start: int = 0
    frontier: tuple[bytes, ...] = ()
    path: tuple[bytes, ...] = ()
    before: Edge | None = None
    after: Edge | None = None
    earlier: tuple[Earlier, ...] = ()

    @property
    def place(self) -> str:
        """Topic and partition, as in the names of members."""
        return f"{self.topic}/{self.partition}"

    def member(self, sort: Literal["records", "hashes", "proofs"]) -> str:
        """The name of a member of this partition."""
        return f"{sort}/{self.place}"

    def members(self) -> tuple[str, str]:
        """The names of its records and of what they are held to."""
        return self.member("records"), self.member("hashes" if self.kind == "range" else "proofs")

    def note(self, size: int) -> str:
        """The name of the member that holds the signed checkpoint of that size."""
        return f"checkpoints/{self.place}/{size}"

    def is_of(self, installation: str, checkpoint: Checkpoint) -> bool:
        """Whether the checkpoint is one of this log."""
        return checkpoint.origin == origin_of(installation, self.topic, self.partition, self.log)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A record that was asked for by the id of its event."""

    event_id: UUID
    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """A partition that was asked for and has no signed checkpoint; `code` is the problem's."""

    topic: str
    partition: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedBy:
    """A key of the installation (PEM), since when and until when it signed, why it was retired.

    `signed` are the checkpoints in this bundle that it signed, by the names of their files.
    """

    public_key: str
    created_at: datetime
    retired_at: datetime | None
    reason: str | None
    signed: tuple[str, ...]

    @property
    def key(self) -> bytes:
        """The public key's 32 bytes; raises InvalidValue `evidence.malformed`."""
        return read_public_pem(self.public_key.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The whole: `members` are all files of the bundle but the manifest and its note.

    `keys` are those that signed something in it, the manifest's own first; bundles from before keys
    could be retired have none and are of the one key that lies in them.
    """

    format: Literal["foodtrace-evidence/1"]
    installation: str
    parts: tuple[Part, ...]
    chosen: tuple[Chosen, ...]
    uncovered: tuple[Uncovered, ...]
    members: tuple[Digest, ...]
    keys: tuple[SignedBy, ...] = ()


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as JSON: members in the order of the fields, hashes in base64."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def read_manifest(data: bytes) -> Manifest:
    """The manifest of its JSON; raises TheirFault `bundle.manifest-unreadable`."""
    try:
        found = msgspec.json.decode(data, type=Manifest)
        for part in found.parts:
            # What no part can be is said here, not where it is worked with.
            origin_of(found.installation, part.topic, part.partition, part.log)
            leaf_of(part.topic, part.partition, 0, 0, None, None, ())
            Frontier(part.start, part.frontier)
        for one in found.keys:
            read_public_pem(one.public_key.encode())
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, InvalidValue) as error:
        raise TheirFault("bundle.manifest-unreadable", str(error), MANIFEST) from error
    return found


def signer_of(installation: str) -> str:
    """The name under which the installation's key signs manifests; no checkpoint has it."""
    return f"foodtrace/{installation}"


def signed_text(installation: str, manifest: bytes) -> str:
    """The text that stands for a manifest in its signed note; no checkpoint reads like it."""
    return f"{signer_of(installation)}\nmanifest {sha256(manifest).hexdigest()}\n"
