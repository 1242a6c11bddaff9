"""Whose signatures count: the key that the caller trusts, else the one that lies in the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from foodtrace.problems import InvalidValue, TheirFault
from foodtrace_formats.evidence.report import Fault
from foodtrace_office.signing import public_pem, read_public_pem, verify_note

#: Gives the text of a note that the key signed under a name; raises FoodtraceError otherwise.
Check = Callable[[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How notes of a file are checked; `trusted` says that the key isn't the file's own word."""

    check: Check
    fingerprint: str | None
    trusted: bool
    faults: tuple[Fault, ...]


def trust_of(inside: bytes | None, trusted: bytes | None, file: str | None = None) -> Trust:
    """The trust in a file that brings the key `inside` (PEM); `trusted` are a key's 32 bytes.

    A key inside that can't be read, or isn't the trusted one, is a fault.
    """
    own = _readable(inside)
    key = own if trusted is None else trusted
    faults = []
    if inside is not None and (own is None or own != key):
        faults.append(Fault(code="bundle.other-key", file=file, detail=_fingerprint(own) or ""))

    def check(note: str, name: str) -> str:
        if key is None:
            raise TheirFault("evidence.bad-signature", "no public key", name)
        return verify_note(note, name, [key])

    return Trust(
        check=check,
        fingerprint=_fingerprint(key),
        trusted=trusted is not None,
        faults=tuple(faults),
    )


def _readable(pem: bytes | None) -> bytes | None:
    """The key in its one spelling; None for what can't be read, which its caller tells."""
    if pem is None:
        return None
    try:
        key = read_public_pem(pem)
    except InvalidValue:
        return None
    return key if public_pem(key).encode() == pem else None


def _fingerprint(key: bytes | None) -> str | None:
    return None if key is None else sha256(key).hexdigest()
