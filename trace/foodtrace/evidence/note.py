"""Signed notes (C2SP signed-note): text, a blank line, then one line per signature.

Only the form; signing and checking Ed25519 are `foodtrace_office.signing`. The key's name is the
checkpoint's origin, so a key of the installation has another id for every partition.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from foodtrace.problems import InvalidValue

#: The type byte of Ed25519 keys; such a key has 32 bytes and its signatures 64.
ED25519 = b"\x01"
KEY_BYTES = 32
SIGNATURE_BYTES = 64
#: No note of ours is larger; a longer one isn't looked at.
NOTE_LIMIT = 64 * 1024
_DASH = "\u2014 "
_ID_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A signature line: who claims to have signed, the key's short id, the signature itself."""

    name: str
    key_id: bytes
    signature: bytes


def key_id(name: str, public_key: bytes) -> bytes:
    """The four bytes by which a note names an Ed25519 key; an identifier, no proof."""
    return sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:_ID_BYTES]


def signed_note(text: str, signatures: Iterable[Signature]) -> str:
    """The note over `text`, which ends in a newline."""
    lines = (
        f"{_DASH}{one.name} {b64encode(one.key_id + one.signature).decode()}\n"
        for one in signatures
    )
    return f"{text}\n{''.join(lines)}"


def read_note(note: str) -> tuple[str, tuple[Signature, ...]]:
    """The text that was signed and the signatures over it, none of them checked.

    Raises InvalidValue `evidence.malformed` for what is no signed note.
    """
    if len(note) > NOTE_LIMIT or any(letter < " " and letter != "\n" for letter in note):
        raise InvalidValue("evidence.malformed", "too long, or a control character", "note")
    text, blank, below = note.rpartition("\n\n")
    lines = below.split("\n")
    if not blank or not text or lines.pop() or not lines:
        raise InvalidValue("evidence.malformed", "text, blank line, signatures", "note")
    return text + "\n", tuple(map(_signature, lines))


def is_key_name(name: str) -> bool:
    """Whether a key may be named so: not empty, no spaces, no plus, nothing that ends a line."""
    return bool(name) and "+" not in name and name.isprintable() and not name.count(" ")


def unbase64(text: str) -> bytes:
    """Standard base64 in its one canonical spelling; raises InvalidValue `evidence.malformed`."""
    try:
        data = b64decode(text, validate=True)
    except (Error, ValueError) as error:
        raise InvalidValue("evidence.malformed", ascii(text[:80]), "base64") from error
    if b64encode(data).decode() != text:
        raise InvalidValue("evidence.malformed", ascii(text[:80]), "base64")
    return data


def _signature(line: str) -> Signature:
    name, space, coded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not is_key_name(name):
        raise InvalidValue("evidence.malformed", ascii(line[:80]), "signature")
    data = unbase64(coded)
    if len(data) <= _ID_BYTES:
        raise InvalidValue("evidence.malformed", ascii(line[:80]), "signature")
    return Signature(name=name, key_id=data[:_ID_BYTES], signature=data[_ID_BYTES:])
