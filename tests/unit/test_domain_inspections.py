"""Inspections: what suspends, clears and condemns, whatever the order in which findings come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from foodtrace.events.inspection import Stage, Verdict
from foodtrace.inspections import TRANSITIONS, Found, Note, State, judge, picture

MORNING = datetime(2026, 5, 21, tzinfo=UTC)


def found(
    number: int,
    stage: Stage,
    verdict: Verdict,
    *,
    hours: float = 0,
    method: str = "laboratory",
    of: int | None = None,
) -> Found:
    """A finding some hours after the morning; `of` is the number of the one it repeats."""
    return Found(
        event_id=UUID(int=number),
        at=MORNING + timedelta(hours=hours),
        method=method,
        stage=stage,
        verdict=verdict,
        retest_of=None if of is None else UUID(int=of),
    )


SCREENED = found(1, Stage.SCREENING, Verdict.FAILED, method="rapid")


def test_screening_suspends_a_retest_clears_and_the_final_word_condemns() -> None:
    retest = found(2, Stage.RE_TEST, Verdict.PASSED, hours=3)
    confirmed = found(3, Stage.CONFIRMED, Verdict.FAILED, hours=30)
    final = found(4, Stage.FINAL, Verdict.PASSED, hours=200)
    assert judge([]).state is State.OPEN
    assert judge([SCREENED]).state is State.SUSPENDED
    assert judge([SCREENED, retest]).state is State.CLEARED
    assert judge([SCREENED, retest, confirmed]).state is State.CONDEMNED
    whole = judge([SCREENED, retest, confirmed, final])
    assert whole.state is State.CLEARED
    assert whole.since == final
    assert [step.state for step in whole.steps] == [
        State.SUSPENDED,
        State.CLEARED,
        State.CONDEMNED,
        State.CLEARED,
    ]
    assert whole.at(MORNING + timedelta(hours=40)) is State.CONDEMNED
    assert whole.at(MORNING - timedelta(hours=1)) is State.OPEN


def test_an_inconclusive_examination_changes_nothing() -> None:
    for stage in Stage:
        doubtful = found(9, stage, Verdict.INCONCLUSIVE, hours=1)
        assert judge([SCREENED, doubtful]).state is State.SUSPENDED
        assert judge([doubtful]).state is State.OPEN


def test_only_the_final_word_undoes_a_confirmed_failure() -> None:
    failed = found(1, Stage.CONFIRMED, Verdict.FAILED)
    for stage in (Stage.SCREENING, Stage.RE_TEST, Stage.CONFIRMED):
        assert judge([failed, found(2, stage, Verdict.PASSED, hours=9)]).state is State.CONDEMNED
    two_last_words = [
        found(1, Stage.FINAL, Verdict.FAILED),
        found(2, Stage.FINAL, Verdict.PASSED, hours=1),
    ]
    assert judge(two_last_words).state is State.CONDEMNED


def test_a_repetition_counts_after_what_it_repeats_although_dated_before() -> None:
    dated_by_day = found(2, Stage.RE_TEST, Verdict.PASSED, hours=-5, of=1)
    assert judge([dated_by_day, SCREENED]).state is State.CLEARED
    alone = found(2, Stage.RE_TEST, Verdict.PASSED, hours=-5)
    assert judge([alone, SCREENED]).state is State.SUSPENDED
    circle = [
        found(1, Stage.RE_TEST, Verdict.FAILED, of=2),
        found(2, Stage.RE_TEST, Verdict.PASSED, of=1),
    ]
    assert judge(circle).state is State.SUSPENDED


def test_a_new_screening_suspends_again() -> None:
    retest = found(2, Stage.RE_TEST, Verdict.PASSED, hours=1)
    again = found(3, Stage.SCREENING, Verdict.FAILED, hours=2, method="rapid")
    assert judge([again, retest, SCREENED]).state is State.SUSPENDED


def test_a_retest_that_is_late_or_rapid_again_bears_a_note() -> None:
    late = found(2, Stage.RE_TEST, Verdict.PASSED, hours=5, method="快检")
    judged = judge([SCREENED, late])
    assert judged.state is State.CLEARED
    assert judged.steps[-1].notes == (Note.LATE, Note.SAME_METHOD)
    fine = found(2, Stage.RE_TEST, Verdict.PASSED, hours=4)
    assert judge([SCREENED, fine]).steps[-1].notes == ()


def test_the_failure_stays_where_nothing_tells_what_came_first() -> None:
    both = [found(n, Stage.CONFIRMED, v) for n, v in ((1, Verdict.FAILED), (2, Verdict.PASSED))]
    assert {judge(order).state for order in permutations(both)} == {State.CONDEMNED}


FINDINGS = st.lists(
    st.builds(
        found,
        st.integers(1, 5),
        st.sampled_from(Stage),
        st.sampled_from(Verdict),
        hours=st.integers(0, 8),
        method=st.sampled_from(("rapid", "laboratory")),
        of=st.none() | st.integers(1, 5),
    ),
    max_size=7,
)


@given(FINDINGS, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_of_findings_matters(findings, chance) -> None:  # type: ignore[no-untyped-def]
    judged = judge(findings)
    findings += findings[:2]
    chance.shuffle(findings)
    assert judge(findings) == judged


@given(FINDINGS)
def test_a_last_failure_is_never_forgotten(findings: list[Found]) -> None:
    confirmed = found(9, Stage.CONFIRMED, Verdict.FAILED, hours=99)
    assert judge([*findings, confirmed]).state is State.CONDEMNED


def test_every_stage_and_verdict_has_its_row_and_the_picture_shows_each_way() -> None:
    assert set(TRANSITIONS) == {
        (stage, verdict) for stage in Stage for verdict in (Verdict.PASSED, Verdict.FAILED)
    }
    drawn = picture()
    for moves in TRANSITIONS.values():
        for before, after in moves.items():
            assert f"{before} --> {after}" in drawn
