"""Which keys signed what is in a file, and what it says of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from foodtrace.problems import InvalidValue, OurFault
from foodtrace_formats.evidence.manifest import SignedBy
from foodtrace_formats.evidence.report import KeyTold
from foodtrace_formats.evidence.trust import Trust, fingerprint
from foodtrace_office.evidence_keys import KeyOnRecord
from foodtrace_office.signing import open_note, public_pem


def keys_told(trust: Trust, listed: Sequence[SignedBy] = ()) -> tuple[KeyTold, ...]:
    """The keys whose signatures were found, with what a signed list says of each.

    Without such a list nobody can know from the file whether a key was retired.
    """
    known = {one.key: one for one in listed}
    return tuple(
        KeyTold(
            fingerprint=fingerprint(key),
            trusted=trust.trusts(key),
            signed=count,
            listed=key in known,
            retired_at=known[key].retired_at if key in known else None,
            reason=known[key].reason if key in known else None,
        )
        for key, count in trust.signed.items()
    )


def signers_of(notes: Iterable[str], keys: Sequence[bytes]) -> list[bytes]:
    """The keys that signed these checkpoints, in the order of `keys`, each once.

    Raises OurFault `evidence.wrong-key` for a checkpoint that none of them signed.
    """
    found = {signer_of_note(note, keys) for note in notes}
    return [key for key in keys if key in found]


def signer_of_note(note: str, keys: Sequence[bytes]) -> bytes:
    """The key that signed a checkpoint under its own origin; raises OurFault `evidence.wrong-key`."""
    origin = note.split("\n", 1)[0]
    try:
        return open_note(note, origin, keys)[1]
    except InvalidValue as error:
        detail = f"no key of the office signed the checkpoint of {origin}"
        raise OurFault("evidence.wrong-key", detail) from error


def signed_by(
    notes: Sequence[tuple[str, str]], keys: Sequence[KeyOnRecord], own: bytes
) -> tuple[SignedBy, ...]:
    """The list for a manifest that `own` signs, of checkpoints by the names of their files.

    Raises OurFault `evidence.wrong-key` for a checkpoint that no key on record signed.
    """
    publics = [one.public_key for one in keys]
    names: dict[bytes, list[str]] = {own: []}
    for name, note in notes:
        names.setdefault(signer_of_note(note, publics), []).append(name)
    return tuple(
        SignedBy(
            public_key=public_pem(one.public_key),
            created_at=one.created_at,
            retired_at=one.retired_at,
            reason=one.reason,
            signed=tuple(names[one.public_key]),
        )
        for one in keys
        if one.public_key in names
    )
