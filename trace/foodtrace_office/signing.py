"""Sign and check notes (C2SP signed-note) with an Ed25519 key of the installation.

The private key lies in a file (PEM, PKCS #8) and nowhere else; the office keeps public keys alone.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from foodtrace.evidence import (
    Checkpoint,
    Signature,
    key_id,
    read_checkpoint,
    read_note,
    signed_note,
)
from foodtrace.problems import InvalidValue, OurFault

# Others of its group may read it, as in a cluster's mounted secrets; everybody may not.
_OPEN_TO_ALL = stat.S_IRWXO
_READ_MOST = 16 * 1024


class SigningKey:
    """An Ed25519 key that signs notes."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        """Use `load_key` or `make_key`."""
        self._private = private

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes."""
        return self._private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    def sign(self, name: str, text: str) -> str:
        """The note over `text`, which ends in a newline, signed under that key name."""
        public = self.public
        signature = Signature(
            name=name, key_id=key_id(name, public), signature=self._private.sign(text.encode())
        )
        return signed_note(text, [signature])

    def sign_checkpoint(self, checkpoint: Checkpoint) -> str:
        """The signed checkpoint; the key's name is its origin."""
        return self.sign(checkpoint.origin, checkpoint.text)


def load_key(path: Path) -> SigningKey:
    """The key in a file; raises OurFault `evidence.bad-key-file` that tells what is wrong with it."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(_READ_MOST)
    except OSError as error:
        raise OurFault("evidence.bad-key-file", f"{path}: {error.strerror}") from error
    if mode & _OPEN_TO_ALL:
        raise OurFault("evidence.bad-key-file", f"{path}: mode {stat.S_IMODE(mode):04o}")
    try:
        private = load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise OurFault("evidence.bad-key-file", f"{path}: no private key in PEM") from error
    if not isinstance(private, Ed25519PrivateKey):
        raise OurFault("evidence.bad-key-file", f"{path}: not an Ed25519 key")
    return SigningKey(private)


def make_key(path: Path) -> SigningKey:
    """The key in a file, made with it where there is none yet; nobody else may read it.

    Raises OurFault `evidence.bad-key-file` for a file that can't be read or written.
    """
    if not path.exists():
        _write(path, Ed25519PrivateKey.generate())
    return load_key(path)


def verify_note(note: str, name: str, public_keys: Iterable[bytes]) -> str:
    """The text of a note that one of the keys signed under that name; raises as `open_note`."""
    return open_note(note, name, public_keys)[0]


def open_note(note: str, name: str, public_keys: Iterable[bytes]) -> tuple[str, bytes]:
    """The text of a note and the key that signed it under that name.

    Raises InvalidValue: `evidence.malformed` for what is no note, `evidence.bad-signature` when no
    key signed it, or one of them signed something else.
    """
    text, signatures = read_note(note)
    known = {key_id(name, key): key for key in public_keys}
    ours = [one for one in signatures if one.name == name and one.key_id in known]
    if not ours:
        raise InvalidValue("evidence.bad-signature", f"nobody signed as {name[:200]}", "note")
    for one in ours:
        try:
            Ed25519PublicKey.from_public_bytes(known[one.key_id]).verify(
                one.signature, text.encode()
            )
        except InvalidSignature as error:
            raise InvalidValue("evidence.bad-signature", name[:200], "note") from error
    return text, known[ours[0].key_id]


def open_checkpoint(note: str, public_keys: Iterable[bytes]) -> Checkpoint:
    """The checkpoint in a note that one of the keys signed under the checkpoint's own origin.

    Raises InvalidValue as `verify_note` does.
    """
    claimed = note.split("\n", 1)[0]
    return read_checkpoint(verify_note(note, claimed, public_keys))


def public_pem(public_key: bytes) -> str:
    """A public key of 32 bytes as PEM, for whoever checks without this installation."""
    key = Ed25519PublicKey.from_public_bytes(public_key)
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_public_pem(data: bytes) -> bytes:
    """The 32 bytes of a public key in PEM; raises InvalidValue `evidence.malformed`."""
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidValue("evidence.malformed", "no public key in PEM", "key") from error
    if not isinstance(key, Ed25519PublicKey):
        raise InvalidValue("evidence.malformed", "not an Ed25519 key", "key")
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def _write(path: Path, private: Ed25519PrivateKey) -> None:
    """Written beside and linked into place, so that a key file is whole or isn't there."""
    made = path.with_name(f"{path.name}.{os.getpid()}")
    data = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(made, path)
        except FileExistsError:
            # Another process was first: its key is the one.
            return
        finally:
            made.unlink()
    except OSError as error:
        raise OurFault("evidence.bad-key-file", f"{path}: {error.strerror}") from error
