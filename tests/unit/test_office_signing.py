"""Signatures: made by a key file, checked by anybody, and no other text passes for the signed one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.evidence import key_id, read_note, signed_note
from foodtrace.problems import InvalidValue, OurFault
from foodtrace_office.signing import (
    SigningKey,
    load_key,
    make_key,
    open_checkpoint,
    public_pem,
    read_public_pem,
    verify_note,
)
from support.evident import checkpoint

# The key and the note of the tests of Go's sumdb/note, from which the specification comes:
# PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW
PETER = bytes.fromhex("1a5cd907143c384c41e830c5bce12aa8817ec5649aaabf2c31388b35b2d744d6")
SAID = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
PETERS = (
    f"{SAID}\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2"
    "pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER = SigningKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))


def test_a_note_of_the_go_tests_is_checked() -> None:
    assert key_id("PeterNeumann", PETER).hex() == "c74f20a3"
    assert verify_note(PETERS, "PeterNeumann", [PETER]) == SAID
    with pytest.raises(InvalidValue, match=r"evidence\.bad-signature"):
        verify_note(PETERS.replace("answer", "Answer"), "PeterNeumann", [PETER])


@given(st.integers(1, 2**40))
def test_what_was_signed_is_read_back(size: int) -> None:
    made = checkpoint(size)
    note = KEY.sign_checkpoint(made)
    assert open_checkpoint(note, [OTHER.public, KEY.public]) == made
    with pytest.raises(InvalidValue, match=r"evidence\.bad-signature"):
        open_checkpoint(note, [OTHER.public])
    with pytest.raises(InvalidValue, match=r"evidence\.bad-signature"):
        open_checkpoint(note, [])


@given(st.data())
def test_no_changed_note_passes(data: st.DataObject) -> None:
    note = KEY.sign_checkpoint(checkpoint())
    at = data.draw(st.integers(0, len(note) - 1))
    put = data.draw(st.characters(codec="utf-8").filter(lambda one: one != note[at]))
    with pytest.raises(InvalidValue, match=r"evidence\."):
        open_checkpoint(note[:at] + put + note[at + 1 :], [KEY.public])


def test_another_signature_beside_ours_is_passed_over() -> None:
    text, ours = read_note(KEY.sign_checkpoint(checkpoint()))
    _, theirs = read_note(OTHER.sign("witness", text))
    both = signed_note(text, [*theirs, *ours])
    assert open_checkpoint(both, [KEY.public]) == checkpoint()
    # A witness that we don't trust can't stand in for us.
    with pytest.raises(InvalidValue, match=r"evidence\.bad-signature"):
        open_checkpoint(signed_note(text, theirs), [KEY.public, OTHER.public])


def test_a_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "evidence.pem"
    made = make_key(file)
    assert make_key(file).public == load_key(file).public == made.public
    assert file.stat().st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["evidence.pem"]


def test_a_public_key_goes_out_and_comes_back_as_pem() -> None:
    assert read_public_pem(public_pem(KEY.public).encode()) == KEY.public
    for wrong in (b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"):
        with pytest.raises(InvalidValue, match=r"evidence\.malformed"):
            read_public_pem(wrong)


def test_a_key_file_that_cant_be_used_says_why(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    with pytest.raises(OurFault, match="No such file"):
        load_key(file)
    file.write_bytes(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    file.chmod(0o600)
    with pytest.raises(OurFault, match="PEM"):
        load_key(file)
    curve = generate_private_key(SECP256R1())
    file.write_bytes(curve.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(OurFault, match="Ed25519"):
        load_key(file)
    with pytest.raises(OurFault, match=r"evidence\.bad-key-file"):
        make_key(tmp_path / "no-folder" / "key.pem")
    made = make_key(tmp_path / "made.pem")
    assert made.public
    (tmp_path / "made.pem").chmod(0o604)
    with pytest.raises(OurFault, match="mode 0604"):
        load_key(tmp_path / "made.pem")
