"""What is hashed and what is signed: one spelling each, and nothing that could be read two ways."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.evidence import (
    Leaf,
    Signature,
    key_id,
    leaf_hash,
    leaf_of,
    origin_of,
    read_checkpoint,
    read_leaf,
    read_note,
    signed_note,
)
from foodtrace.problems import InvalidValue
from support.evident import ORIGIN, checkpoint

# The example of the specification (C2SP signed-note), signature included.
SPECIFIED = (
    "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n"
    "\u2014 quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC"
    "+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n"
)
texts = st.none() | st.binary(max_size=3)
headers = st.lists(st.tuples(st.text(max_size=2), texts), max_size=3)
records = st.tuples(
    st.sampled_from(["trade", "ft.trade", "ft.trade1"]),
    st.integers(0, 12),
    st.integers(0, 120),
    st.integers(0, 120),
    texts,
    texts,
    headers,
)


def test_a_leaf_is_what_a_shell_can_compute() -> None:
    leaf = leaf_of(
        "ft.trade", 3, 17, 1_763_000_000_123, b"key", None, [("a", b"\x01"), ("b", None)]
    )
    told = sha256(b"\0\0\0\1a" + b"\1\0\0\0\1\1" + b"\0\0\0\1b" + b"\0").hexdigest()
    text = (
        "foodtrace leaf 1\nft.trade\n3\n17\n1763000000123\n"
        "2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683\n-\n"
        f"{told}\n"
    )
    assert leaf.encoded() == text.encode()
    assert leaf.hash() == sha256(b"\0" + text.encode()).digest()


@given(records, records)
def test_two_records_share_a_leaf_only_when_they_are_one(one: Any, other: Any) -> None:
    assert (leaf_of(*one).hash() == leaf_of(*other).hash()) == (one == other)
    assert leaf_hash(*one) == leaf_of(*one).hash()


@given(records)
def test_a_leaf_is_read_as_it_was_written(record: Any) -> None:
    leaf = leaf_of(*record)
    assert read_leaf(leaf.encoded().decode()) == leaf


@given(records, st.data())
def test_no_other_spelling_is_a_leaf(record: Any, data: st.DataObject) -> None:
    text = leaf_of(*record).encoded().decode()
    at = data.draw(st.integers(0, len(text)))
    put = data.draw(st.sampled_from(["", " ", "0", "+", "\n", "-", "A", "٣", "\ud800"]))
    over = data.draw(st.integers(0, 2))
    changed = text[:at] + put + text[at + over :]
    try:
        read = read_leaf(changed)
    except InvalidValue as error:
        assert error.code == "evidence.malformed"  # noqa: PT017 - either end is right
    else:
        assert read.encoded().decode() == changed


@pytest.mark.parametrize(
    "wrong",
    [{"topic": "a\nb"}, {"topic": ""}, {"offset": -1}, {"partition": -1}, {"key_digest": b"short"}],
)
def test_what_no_record_can_be_is_refused(wrong: dict[str, object]) -> None:
    leaf = leaf_of("trade", 0, 0, 0, b"", b"", ())
    fields = {name: getattr(leaf, name) for name in Leaf.__dataclass_fields__}
    with pytest.raises(InvalidValue, match=r"evidence\.malformed"):
        Leaf(**(fields | wrong))


@given(st.integers(1, 2**62), st.integers(0, 4_000_000_000_000))
def test_a_checkpoint_is_read_as_it_was_written(size: int, ms: int) -> None:
    written = checkpoint(size, ms)
    assert read_checkpoint(written.text) == written
    assert written.text.split("\n")[:2] == [ORIGIN, str(size)]


@given(st.data())
def test_no_other_spelling_is_a_checkpoint(data: st.DataObject) -> None:
    text = checkpoint().text
    at = data.draw(st.integers(0, len(text)))
    put = data.draw(st.sampled_from(["", " ", "0", "+", "\n", "=", "a"]))
    over = data.draw(st.integers(0, 2))
    changed = text[:at] + put + text[at + over :]
    try:
        read = read_checkpoint(changed)
    except InvalidValue as error:
        assert error.code == "evidence.malformed"  # noqa: PT017 - either end is right
    else:
        assert read.text == changed


@pytest.mark.parametrize(
    ("installation", "topic", "log"), [("a b", "t", "l"), ("a", "t/u", "l"), ("a", "t", "")]
)
def test_an_origin_has_five_parts(installation: str, topic: str, log: str) -> None:
    with pytest.raises(InvalidValue, match="origin"):
        origin_of(installation, topic, 0, log)
    assert origin_of("a", "t", 0, "l") == "foodtrace/a/t/0/l"


def test_the_specified_note_is_read() -> None:
    text, (signature,) = read_note(SPECIFIED)
    assert text.endswith("sole:\n\ned è subito sera.\n")
    assert signature.name == "quasimodo.example/salvatore"
    assert len(signature.signature) == 64
    assert signed_note(text, [signature]) == SPECIFIED


@given(st.lists(st.binary(min_size=64, max_size=64), min_size=1, max_size=4))
def test_a_note_is_read_as_it_was_written(signed: list[bytes]) -> None:
    signatures = tuple(
        Signature(name=ORIGIN, key_id=key_id(ORIGIN, bytes(32)), signature=one) for one in signed
    )
    text = checkpoint().text
    assert read_note(signed_note(text, signatures)) == (text, signatures)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n\u2014 name AAAAAAA=",
        "text\n\n\u2014 name AAAAAAA\n",
        "text\n\n\u2014 na+me AAAAAAA=\n",
        "text\n\n- name AAAAAAA=\n",
        "te\rxt\n\n\u2014 name AAAAAAA=\n",
        "text\n\n\u2014 name AAAA\n",
        "text\n\n\u2014 name AAAAAAB=\n",
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(InvalidValue, match=r"evidence\.malformed"):
        read_note(note)
