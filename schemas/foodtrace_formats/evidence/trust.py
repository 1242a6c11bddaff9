"""Whose signatures count: the keys that the caller trusts, else those that lie in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from foodtrace.problems import InvalidValue, TheirFault
from foodtrace_formats.evidence.report import Fault
from foodtrace_office.signing import open_note, public_pem, read_public_pem


@dataclass(slots=True, kw_only=True)
class Trust:
    """How notes of a file are checked, and how many each key signed.

    `keys` are those whose signatures count (32 bytes each); `given` says that they aren't the file's
    own word, `faults` what is wrong with those that lie in it.
    """

    keys: list[bytes]
    given: bool
    faults: tuple[Fault, ...]
    signed: Counter[bytes] = field(default_factory=Counter)
    _vouched: set[bytes] = field(default_factory=set)

    def check(self, note: str, name: str) -> str:
        """The text of a note that one of the keys signed under a name; raises FoodtraceError."""
        return self.opened(note, name)[0]

    def opened(self, note: str, name: str) -> tuple[str, bytes]:
        """The same with the key that signed it."""
        if not self.keys:
            raise TheirFault("evidence.bad-signature", "no public key", name)
        text, key = open_note(note, name, self.keys)
        self.signed[key] += 1
        return text, key

    def vouch(self, keys: Iterable[bytes]) -> None:
        """Let other keys count too, since what lists them is signed by one that counts."""
        for key in keys:
            if key not in self.keys:
                self.keys.append(key)
                self._vouched.add(key)

    def trusts(self, key: bytes) -> bool:
        """Whether the caller named the key, rather than the file or another key."""
        return self.given and key not in self._vouched

    @property
    def fingerprint(self) -> str | None:
        """The key that counts, by SHA-256 of its 32 bytes: of several the first that signed."""
        first = next(iter(self.signed), self.keys[0] if self.keys else None)
        return None if first is None else fingerprint(first)


def trust_of(
    inside: Sequence[bytes | None], trusted: Sequence[bytes] = (), file: str | None = None
) -> Trust:
    """The trust in a file that brings the keys `inside` (PEM); `trusted` are 32 bytes each.

    A key inside that can't be read, or isn't one of the trusted, is a fault.
    """
    own: list[bytes] = []
    faults = []
    for pem in inside:
        if pem is None:
            continue
        key = _readable(pem)
        if key is None or (trusted and key not in trusted):
            detail = "" if key is None else fingerprint(key)
            faults.append(Fault(code="bundle.other-key", file=file, detail=detail))
        if key is not None:
            own.append(key)
    keys = list(dict.fromkeys(trusted or own))
    return Trust(keys=keys, given=bool(trusted), faults=tuple(faults))


def fingerprint(public_key: bytes) -> str:
    """SHA-256 of a public key's 32 bytes, in hexadecimal digits."""
    return sha256(public_key).hexdigest()


def _readable(pem: bytes) -> bytes | None:
    """The key in its one spelling; None for what can't be read, which its caller tells."""
    try:
        key = read_public_pem(pem)
    except InvalidValue:
        return None
    return key if public_pem(key).encode() == pem else None
