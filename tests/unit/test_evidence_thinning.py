"""Old checkpoints are thinned, and what stays still shows everything that it did."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from foodtrace.evidence import consistency_path, verify_consistency
from foodtrace.evidence.thinning import EVERY, HOURLY, Mark, superfluous
from support.evidence import MemoryLog, some_records

LOG = MemoryLog(records=some_records(40))
NOW = datetime(2026, 11, 22, 12, 34, 56, tzinfo=UTC)
# Minutes before now at which checkpoints were signed; some by a clock that was set back since.
AGES = st.one_of(st.integers(-60, 200), st.integers(1380, 4400), st.integers(40_000, 60_000))
MARKS = st.lists(AGES, max_size=40).map(
    lambda drawn: [
        Mark(size=number + 1, signed_at=NOW - timedelta(minutes=age))
        for number, age in enumerate(sorted(drawn, reverse=True))
    ]
)


def left(marks: list[Mark], now: datetime) -> list[Mark]:
    gone = superfluous(marks, now)
    return [mark for mark in marks if mark.size not in gone]


@drawn(max_examples=200)
@given(MARKS)
def test_what_is_needed_stays(marks: list[Mark]) -> None:
    kept = left(marks, NOW)
    assert kept[-1:] == marks[-1:]
    for mark in marks:
        age = NOW - mark.signed_at
        if age < EVERY:
            assert mark in kept
        # As far as the log had come is known to within an hour, later to within a day.
        step = timedelta(hours=1) if age < HOURLY else timedelta(days=1)
        assert any(
            one.size - mark.size >= 0 and one.signed_at - mark.signed_at < step for one in kept
        )


@drawn(max_examples=100)
@given(MARKS)
def test_little_of_the_past_stays(marks: list[Mark]) -> None:
    for one, two in pairwise(left(marks, NOW)[:-1]):
        if NOW - two.signed_at >= EVERY + timedelta(hours=1):
            assert one.signed_at.replace(minute=0, second=0) != two.signed_at.replace(
                minute=0, second=0
            )
        if NOW - two.signed_at >= HOURLY + timedelta(days=1):
            assert one.signed_at.date() != two.signed_at.date()


@drawn(max_examples=100)
@given(MARKS, st.lists(st.integers(-60_000, 0), max_size=3))
def test_thinned_now_and_then_it_is_as_thinned_once(marks: list[Mark], before: list[int]) -> None:
    kept = marks
    for minutes in sorted(before):
        kept = left(kept, NOW + timedelta(minutes=minutes))
    assert left(kept, NOW) == left(marks, NOW)
    assert superfluous(left(marks, NOW), NOW) == set()


@drawn(max_examples=40)
@given(MARKS)
def test_any_two_that_stay_still_show_that_one_continues_the_other(marks: list[Mark]) -> None:
    kept = [mark.size for mark in left(marks, NOW)]
    for old, new in pairwise(kept):
        path = consistency_path(old, new, LOG.hash_at)
        roots = (LOG.checkpoint(old).root, LOG.checkpoint(new).root)
        assert verify_consistency(old, new, *roots, path)
    if kept:
        path = consistency_path(kept[0], kept[-1], LOG.hash_at)
        roots = (LOG.checkpoint(kept[0]).root, LOG.checkpoint(kept[-1]).root)
        assert verify_consistency(kept[0], kept[-1], *roots, path)
