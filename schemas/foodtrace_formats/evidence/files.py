"""Whatever sort of evidence a file holds: checks it, or takes the checkpoints out of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from foodtrace.evidence import Checkpoint, read_checkpoint
from foodtrace.problems import TheirFault
from foodtrace_formats.evidence.bundle import key_inside, open_bundle
from foodtrace_formats.evidence.container import HEAD, Broken, Opened
from foodtrace_formats.evidence.documents import ConsistencyProof, EventProof, read_document
from foodtrace_formats.evidence.manifest import KEY
from foodtrace_formats.evidence.proofs import check_checkpoint, check_consistency, check_proof
from foodtrace_formats.evidence.report import Report
from foodtrace_formats.evidence.trust import Trust, trust_of
from foodtrace_formats.evidence.verify import Progress, check_bundle, silent

#: Documents are read whole, up to so many bytes: an event of 4 MiB in base64 is far below.
DOCUMENT_LIMIT = 256 * 1024 * 1024


def check_file(
    file: IO[bytes],
    trusted: Sequence[bytes] = (),
    since: Sequence[Checkpoint] = (),
    progress: Progress = silent,
) -> Report:
    """Check a bundle, a proof, a proof of consistency or a signed checkpoint.

    Raises TheirFault `bundle.unknown-file` for anything else. `trusted` are public keys, 32 bytes each.
    """
    found = _sort(file)
    if found is None:
        return check_bundle(file, trusted, since, progress)
    if isinstance(found, EventProof):
        return check_proof(found, trusted, since)
    if isinstance(found, ConsistencyProof):
        return check_consistency(found, trusted, since)
    return check_checkpoint(found, trusted, since)


def checkpoints_in(file: IO[bytes], trusted: Sequence[bytes] = ()) -> tuple[Checkpoint, ...]:
    """The newest signed checkpoint of each log in a file, their signatures checked.

    `trusted` as in `check_file`; without it a file's own key is taken. Raises InvalidValue
    `evidence.bad-signature` and `evidence.malformed`, TheirFault `bundle.unknown-file`.
    """
    found = _sort(file)
    if found is None:
        return _of_bundle(file, trusted)
    if isinstance(found, str):
        return (_opened(trust_of((), trusted), found),)
    trust = trust_of([pem.encode() for pem in (found.public_key, *found.other_keys)], trusted)
    if isinstance(found, ConsistencyProof):
        return (_opened(trust, found.new),)
    return tuple(_opened(trust, one.checkpoint) for one in found.proofs)


def _of_bundle(file: IO[bytes], trusted: Sequence[bytes]) -> tuple[Checkpoint, ...]:
    try:
        opened = Opened(file)
    except Broken as error:
        raise TheirFault("bundle.container", str(error)) from error
    trust = trust_of([key_inside(opened)], trusted, KEY)
    bundle = open_bundle(opened, trust)
    if bundle.manifest is None:
        raise TheirFault("bundle.manifest-unreadable")
    found = (bundle.checkpoint(part, part.size) for part in bundle.manifest.parts)
    kept = tuple(one for one in found if one is not None)
    for fault in bundle.faults:
        raise TheirFault(fault.code, fault.detail, fault.file or "")
    return kept


def _sort(file: IO[bytes]) -> EventProof | ConsistencyProof | str | None:
    """The document that a file holds, the note as text, or None for a bundle."""
    head = file.read(len(HEAD))
    file.seek(0)
    if head == HEAD:
        return None
    data = file.read(DOCUMENT_LIMIT)
    if data.lstrip()[:1] == b"{":
        return read_document(data)
    if not data.startswith(b"foodtrace/"):
        raise TheirFault("bundle.unknown-file")
    return data.decode(errors="replace")


def _opened(trust: Trust, note: str) -> Checkpoint:
    return read_checkpoint(trust.check(note, note.split("\n", 1)[0]))
