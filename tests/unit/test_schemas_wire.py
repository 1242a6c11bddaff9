"""The Confluent frame."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.problems import InvalidValue
from foodtrace_schemas.wire import HEAD_BYTES, MAX_SCHEMA_ID, frame, unframe


@given(st.integers(1, MAX_SCHEMA_ID), st.binary())
def test_a_frame_gives_back_what_went_in(schema_id: int, data: bytes) -> None:
    value = frame(schema_id, data)
    head = unframe(value)
    assert (head.schema_id, value[head.start :]) == (schema_id, data)


def test_the_layout_is_confluents() -> None:
    assert frame(258, b"\x01") == b"\x00\x00\x00\x01\x02\x01"


@pytest.mark.parametrize("value", [None, b"", b"\x00", b"\x00\x00\x00\x01"])
def test_too_short_for_a_frame(value: bytes | None) -> None:
    with pytest.raises(InvalidValue, match=r"avro\.too-short"):
        unframe(value)


def test_another_first_byte_is_another_format() -> None:
    with pytest.raises(InvalidValue, match=r"avro\.wrong-magic: byte 0xc3"):
        unframe(b"\xc3\x01" + bytes(8))


@pytest.mark.parametrize("schema_id", [0, -1, -(2**31)])
def test_no_registry_gives_such_ids(schema_id: int) -> None:
    with pytest.raises(InvalidValue, match=r"avro\.unknown-schema"):
        unframe(b"\x00" + schema_id.to_bytes(4, "big", signed=True))
    with pytest.raises(ValueError, match="out of range"):
        frame(schema_id, b"")


@given(st.binary(max_size=HEAD_BYTES + 3))
def test_any_bytes_are_framed_or_named(value: bytes) -> None:
    named = ("avro.too-short", "avro.wrong-magic", "avro.unknown-schema")
    try:
        code = str(unframe(value).start)
    except InvalidValue as problem:
        code = problem.code
    assert code in (str(HEAD_BYTES), *named)
