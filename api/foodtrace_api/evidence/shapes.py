"""PublicKeys and checkpoints as the door shows them; proofs are `foodtrace_formats.evidence.documents`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A public key as PEM; `fingerprint` is SHA-256 of its 32 bytes, in hexadecimal digits.

    Signatures of a key that is not the `present` one still count: it signed from `created_at` to
    `retired_at` by the database's clock, and was ended for that `reason`. Who did it is told to ops
    and admins alone (`retired_by`).
    """

    algorithm: Literal["Ed25519"]
    public_key: str
    fingerprint: str
    present: bool
    created_at: datetime
    retired_at: datetime | None
    reason: str | None
    retired_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKeys:
    """What checkpoints of this installation are signed with; empty before the first one."""

    installation: str
    keys: list[PublicKey]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointShown:
    """The signed head of one partition's tree.

    `note` is the whole signed note (C2SP tlog-checkpoint), which the other members repeat: `size`
    leaves with that `root` and that `link` of the hash chain (base64), the last one appended at
    `as_of`, before `next_offset`. `signed_at` is the database's clock and signed by nobody.
    """

    topic: str
    partition: int
    log: str
    size: int
    root: str
    link: str
    next_offset: int
    as_of: datetime
    signed_at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoints:
    """The newest checkpoint of each partition."""

    checkpoints: list[CheckpointShown]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointPage:
    """Checkpoints of one partition, the newest first; `next` is null on the last page."""

    checkpoints: list[CheckpointShown]
    next: str | None
