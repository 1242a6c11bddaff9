"""Records of the bus: schemas, dead letters, and where a log may be read on."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.problems import PROBLEMS
from foodtrace_bus.cluster import UNKNOWN, Log, Offsets, Partition
from foodtrace_bus.deadletters import DeadLetter, dead_letter_record
from foodtrace_bus.errors import LogBehind, LogCut, LogReplaced, TopicMissing
from foodtrace_bus.limits import MAX_FETCH_BYTES, MAX_REQUEST_BYTES, MAX_VALUE_BYTES
from foodtrace_bus.logs import LogState, ReadUpTo, next_offset
from foodtrace_bus.offsets import EndOffsets
from foodtrace_bus.schemas_topic import SchemaRow, read_row, schema_record
from foodtrace_schemas.topics import MAX_DEADLETTER_BYTES, MAX_MESSAGE_BYTES

ROWS = st.builds(
    SchemaRow,
    subject=st.text(),
    version=st.integers(1, 2**31),
    schema_id=st.integers(1, 2**31),
    schema=st.text(),
    deleted=st.booleans(),
)


@given(ROWS)
def test_a_schema_row_comes_back_as_it_was(row: SchemaRow) -> None:
    record = schema_record("schemas", row)
    assert read_row(record.value) == row
    assert json.loads(record.key or b"") == {
        "keytype": "SCHEMA",
        "magic": 1,
        "subject": row.subject,
        "version": row.version,
    }


@pytest.mark.parametrize(
    "value", [None, b"", b"{", b"[]", b"7", b"null", b'{"subject":"a"}', b"\xff\xfe", b'{"id":"x"}']
)
def test_what_is_no_schema_is_passed_over(value: bytes | None) -> None:
    assert read_row(value) is None


LETTER = DeadLetter(
    log="log-1",
    topic="foodtrace.trade",
    partition=2,
    offset=41,
    received_at=datetime(2026, 5, 21, 4, tzinfo=UTC),
    code="avro.broken",
    detail="不能解码 \udc80",
    path="lines[0].count",
    schema_id=7,
    key=b"k",
    value=b"\x00\x00\x00\x00\x07broken",
    headers=(("their", b"own"),),
)


def test_a_dead_letter_keeps_the_original_and_says_what_is_wrong_beside_it() -> None:
    record = dead_letter_record("deadletter", LETTER)
    assert record.topic == "deadletter"
    assert record.value == LETTER.value
    assert record.key == b"log-1/foodtrace.trade/2/41"
    headers = dict(record.headers)
    assert headers["foodtrace.code"] == b"avro.broken"
    assert headers["foodtrace.path"] == b"lines[0].count"
    assert headers["foodtrace.offset"] == b"41"
    assert headers["foodtrace.received_at"] == b"2026-05-21T04:00:00Z"
    assert headers["foodtrace.key"] == b"6b"
    assert headers["their"] == b"own"
    assert "foodtrace.no_value" not in headers
    assert headers["foodtrace.code"].decode() in PROBLEMS


def test_a_near_limit_record_still_fits_the_dead_letter_topic() -> None:
    assert MAX_VALUE_BYTES < MAX_MESSAGE_BYTES < MAX_DEADLETTER_BYTES
    assert MAX_REQUEST_BYTES >= MAX_DEADLETTER_BYTES
    assert MAX_FETCH_BYTES > MAX_DEADLETTER_BYTES


T0: Partition = ("t", 0)


def state(log: str = "L", begin: int = 0, end: int = 100) -> LogState:
    return LogState(logs={"t": log}, begins={T0: begin}, ends={T0: end})


def read(offset: int, log: str = "L") -> list[ReadUpTo]:
    return [ReadUpTo(log=log, next_offset=offset)]


def test_reading_goes_on_where_the_ledger_is() -> None:
    assert next_offset(T0, state(), []) == 0
    assert next_offset(T0, state(), read(42)) == 42
    assert next_offset(T0, state(), read(100)) == 100


def test_another_log_is_named_even_if_its_offsets_would_do() -> None:
    with pytest.raises(LogReplaced, match=r"old.*L"):
        next_offset(T0, state(), read(42, "old"))


def test_a_log_that_lost_its_beginning_is_named() -> None:
    with pytest.raises(LogCut, match="43"):
        next_offset(T0, state(begin=43), read(42))
    with pytest.raises(LogCut):
        next_offset(T0, state(begin=1), [])
    assert next_offset(T0, state(begin=42), read(42)) == 42


def test_a_log_that_lost_its_end_is_named() -> None:
    with pytest.raises(LogBehind, match="101"):
        next_offset(T0, state(end=100), read(101))


def test_what_the_memory_broker_cannot_tell_is_not_held_against_it() -> None:
    unknown = LogState(logs={"t": "L"}, begins=UNKNOWN, ends=UNKNOWN)
    assert next_offset(T0, unknown, read(42)) == 42
    with pytest.raises(LogReplaced):
        next_offset(T0, unknown, read(42, "old"))


@dataclass
class Brokers:
    """Answers like a cluster, one question at a time, when it is let."""

    may_answer: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    asked: list[int] = field(default_factory=list)
    end: int = 0
    asking: threading.Event = field(default_factory=threading.Event)

    def logs(self, topics: Iterable[str]) -> dict[str, Log]:
        return {topic: Log(topic=topic, log="L", partitions=1) for topic in topics if topic == "t"}

    def ends(self, partitions: Iterable[Partition]) -> Offsets:
        self.asked.append(self.end)
        self.asking.set()
        self.may_answer.acquire()
        return dict.fromkeys(partitions, self.asked[-1])


def test_end_offsets_are_asked_for_after_the_call_and_shared_by_those_who_wait() -> None:
    brokers = Brokers(end=1)
    ends = EndOffsets(brokers, ["t"])  # type: ignore[arg-type]
    answers: list[object] = []
    first = threading.Thread(target=lambda: answers.append(ends.now()))
    first.start()
    assert brokers.asking.wait(5)
    # These come after the first question was put, with more in the log: its answer won't do.
    brokers.end = 2
    later = [threading.Thread(target=lambda: answers.append(ends.now())) for _ in range(5)]
    for thread in later:
        thread.start()
    brokers.may_answer.release()
    first.join(5)
    brokers.may_answer.release()
    # One that began only after that question was put asks once more.
    brokers.may_answer.release()
    for thread in later:
        thread.join(5)
    assert answers[0] == {T0: 1}
    assert answers[1:] == [{T0: 2}] * 5
    assert brokers.asked[:2] == [1, 2]
    assert len(brokers.asked) <= 3


def test_a_failed_question_is_put_again_by_the_next() -> None:
    ends = EndOffsets(Brokers(), ["t", "gone"])  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(TopicMissing, match="gone"):
            ends.now()
