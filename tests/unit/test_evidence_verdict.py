"""Every record of a ledger topic becomes a leaf, whatever the verdict about it."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from foodtrace_ledger.chunk import Aside, Taken
from foodtrace_schemas.codec import Decoded
from foodtrace_streams.decode import decoding
from foodtrace_streams.schemas import SchemaBook
from foodtrace_streams.verdict import Decode, judged, judged_with_care
from support.evident import TOPIC, Logged, leaves, raw
from support.ledger import CONSUMER, goods, receipt, trade
from support.streams import framed, schema_rows

_DECODING = decoding(SchemaBook(lambda: list(schema_rows())))
VALUES = st.one_of(
    st.none(),
    st.binary(max_size=12),
    st.sampled_from([framed(trade(1, "A", "B", goods("X"))), framed(receipt(1, "B", goods("X")))]),
    # Cut short: it begins as an event and can't be read to its end.
    st.just(framed(trade(2, "A", "B", goods("X")))[:-3]),
)
RECORDS = st.lists(
    st.tuples(
        st.integers(0, 3),
        VALUES,
        st.none() | st.binary(max_size=4),
        st.lists(st.tuples(st.sampled_from(["a", "foodtrace.origin"]), st.binary(max_size=3))),
    ),
    max_size=12,
)


def log_of(drawn: list[Any]) -> tuple[Logged, ...]:
    at, log = 0, []
    for gap, value, key, headers in drawn:
        log.append(Logged(offset=at + gap, value=value, key=key, headers=tuple(headers)))
        at += gap + 1
    return tuple(log)


@given(RECORDS)
def test_every_record_has_its_leaf(drawn: list[Any]) -> None:
    log = log_of(drawn)
    end = log[-1].offset + 1 if log else 0
    for judge in (judged, judged_with_care):
        chunk = judge(raw(log, 0, end), CONSUMER, _DECODING)
        assert chunk.evident
        assert [entry.leaf for entry in chunk.entries] == leaves(log)


def test_so_has_one_at_which_our_own_code_fails() -> None:
    def broken() -> Decode:
        def decode(value: bytes | None) -> Decoded:
            raise RuntimeError("a bug")

        return decode

    log = log_of([(0, b"x", None, []), (2, None, b"k", [("a", b"")])])
    chunk = judged_with_care(raw(log, 0, 9), CONSUMER, broken)
    assert [type(entry) for entry in chunk.entries] == [Aside, Aside]
    assert [entry.leaf for entry in chunk.entries] == leaves(log)


def test_what_comes_from_outside_is_no_evidence_before_it_is_let_in() -> None:
    log = log_of([(0, framed(trade(1, "A", "B", goods("X"))), None, []), (0, b"?", None, [])])
    chunk = judged(raw(log, 0, 2, topic=TOPIC), CONSUMER, _DECODING, evident=False)
    assert [type(entry) for entry in chunk.entries] == [Taken, Aside]
    assert not chunk.evident
    assert {entry.leaf for entry in chunk.entries} == {b""}
