"""The rule of pools: how long goods are kept, and until when a delivery may be drawn from."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from foodtrace.pools import KEPT_DAYS, LONGEST, UNSTATED, kept_days, last_day

DAY = date(2026, 5, 21)
CATEGORIES = st.sampled_from(sorted(KEPT_DAYS[-1].days)) | st.sampled_from(["", "没有的类别"])
SETS = st.lists(CATEGORIES, max_size=4)
DAYS = st.integers(-30, 600).map(lambda days: DAY + timedelta(days=days))


def test_known_categories_and_those_nobody_states() -> None:
    assert kept_days(["猪肉"], DAY) == 5
    assert kept_days(["ＰＯＲＫ "], DAY) == 5
    assert kept_days([], DAY) == kept_days(["没有的类别"], DAY) == UNSTATED


def test_of_several_categories_the_longest_counts() -> None:
    assert kept_days(["猪肉", "冷冻"], DAY) == 365
    assert kept_days(["猪肉", "没有的类别"], DAY) == 5


@given(SETS, st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(names: list[str], random: st.DrawFn) -> None:
    again = [*names, *names]
    random.shuffle(again)  # type: ignore[attr-defined]
    assert kept_days(again, DAY) == kept_days(names, DAY) <= LONGEST


@given(SETS, st.lists(DAYS, max_size=5), DAYS)
def test_never_before_the_delivery_and_never_beyond_the_table(
    names: list[str], emptied: list[date], delivered: date
) -> None:
    last = last_day(delivered, names, emptied)
    assert delivered <= last <= delivered + timedelta(days=kept_days(names, delivered))


@given(SETS, st.lists(DAYS, max_size=5), DAYS)
def test_a_count_of_nothing_ends_it_that_day(
    names: list[str], emptied: list[date], counted: date
) -> None:
    without, last = last_day(DAY, names, emptied), last_day(DAY, names, [*emptied, counted])
    assert last == (min(without, counted) if counted > DAY else without)


def test_a_count_on_the_day_of_the_delivery_may_have_come_before_it() -> None:
    assert last_day(DAY, ["猪肉"], [DAY]) == DAY + timedelta(days=5)
