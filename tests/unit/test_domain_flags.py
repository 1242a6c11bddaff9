"""The rules behind the flags: order and copies don't matter, honest stock raises none, each fault
raises its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.balance import Balance
from foodtrace.conversions import Ratios
from foodtrace.effects import Occupancy, Role
from foodtrace.flag_rules.inspections import sold_against
from foodtrace.flag_rules.places import foreign_occupants
from foodtrace.flag_rules.reports import Reported, differences
from foodtrace.flag_rules.returns import never_sold
from foodtrace.flag_rules.sales import Sale, expiry_of, first_sale_after
from foodtrace.flag_rules.stock import (
    PoolDay,
    Shelf,
    comparable,
    first_shortfall,
    incomparable,
    stock_flags,
)
from foodtrace.flags import Printed
from foodtrace.inspections import State
from foodtrace.lots import LotKind

DAY = date(2026, 5, 21)
KG = 1_000_000


def shelf(*balances: Balance, **more: Any) -> Shelf:
    return Shelf(**{"kind": LotKind.TRACE, "holder": "S", "balances": balances, **more})


def codes(of: Shelf) -> list[str]:
    return [code for code, _ in stock_flags(of)]


def mass(opened: int = 0, sold: int = 0, **more: int) -> Balance:
    return Balance(dimension="mass", opened=opened * KG, sold=sold * KG, **more)


@pytest.mark.parametrize(
    ("of", "found"),
    [
        (shelf(mass(10, 10)), []),
        (shelf(mass(10, 13)), ["lot.oversold"]),
        (shelf(mass(0, 3)), ["lot.never-received"]),
        (shelf(mass(0, 3), sourced=True), []),
        (shelf(mass(0, 3), holder="?老王"), ["parent.unknown"]),
        (shelf(mass(0, 0, used=3)), ["parent.unknown"]),
        (shelf(mass(0, 3), issued=False), ["code.never-issued"]),
        (shelf(mass(10, 13), waiting={"mass": 3 * KG}), ["lot.sold-unreleased"]),
        (shelf(mass(10, 14), waiting={"mass": 3 * KG}), ["lot.sold-unreleased", "lot.oversold"]),
        (shelf(mass(0, 3), waiting={"mass": 3 * KG}), ["lot.sold-unreleased"]),
        (shelf(mass(10, 13), kind=LotKind.POOL), []),
        (shelf(mass(10), Balance(dimension="箱", sold=KG)), ["unit.incomparable"]),
        (shelf(mass(10, 5), Balance(dimension="箱", sold=KG)), []),
    ],
)
def test_a_lot_shows_the_one_flag_of_its_fault(of: Shelf, found: list[str]) -> None:
    assert codes(of) == found


@pytest.mark.parametrize(("cases", "found"), [(2, []), (3, ["lot.oversold"])])
def test_units_that_the_product_makes_comparable_are_compared(cases: int, found: list[str]) -> None:
    ratios = Ratios([("conversion.箱", "4 kg")])
    assert codes(shelf(mass(10), Balance(dimension="箱", sold=cases * KG), ratios=ratios)) == found


@pytest.mark.parametrize(("sold", "found"), [(18, []), (19, ["lot.oversold"])])
def test_what_came_in_by_cases_is_sold_by_weight_too(sold: int, found: list[str]) -> None:
    ratios = Ratios([("conversion.箱", "4 kg")])
    assert (
        codes(shelf(mass(10, sold), Balance(dimension="箱", opened=2 * KG), ratios=ratios)) == found
    )


def pool(day: int, came: int, left: int, dimension: str = "mass") -> PoolDay:
    return PoolDay(DAY + timedelta(days=day), dimension, came, left)


POOL_DAYS = st.lists(
    st.builds(pool, st.integers(0, 5), st.integers(0, 9), st.integers(0, 9), st.just("mass")),
    unique_by=lambda each: each.day,
)


@given(POOL_DAYS, st.randoms())
def test_a_shortfall_is_the_first_day_below_nothing_in_any_order(
    days: list[PoolDay], random: Any
) -> None:
    shuffled = [*days, *days]
    random.shuffle(shuffled)
    found = list(first_shortfall(shuffled))
    stock, expected = 0, None
    for each in sorted(days, key=lambda each: each.day):
        stock += each.came - each.left
        if stock < 0 and expected is None:
            expected = (each.day, -stock)
    assert [(each.day, each.missing) for each in found] == ([expected] if expected else [])


@given(POOL_DAYS, st.integers(0, 20))
def test_what_lies_beside_only_makes_up_for_a_shortfall(days: list[PoolDay], beside: int) -> None:
    alone = {each.day for each in first_shortfall(days)}
    helped = {each.day for each in first_shortfall(days, {"mass": beside})}
    assert not helped or min(helped) >= min(alone)


def test_a_pool_from_outside_or_in_another_unit_proves_nothing() -> None:
    assert list(first_shortfall([pool(0, 0, 5)], sourced=True)) == []
    assert list(first_shortfall([pool(0, 5, 5), pool(0, 0, 2, "箱")])) == []
    assert [each.detail for each in first_shortfall([pool(0, 0, 5 * KG)])] == ["-5 kg"]


@given(POOL_DAYS, st.integers(0, 20), st.randoms())
def test_stock_in_comparable_units_is_judged_in_the_smallest(
    days: list[PoolDay], beside: int, random: Any
) -> None:
    """Half of the days stated in cases of 4 kg: the same shortfall, in kg."""
    ratios = Ratios([("conversion.箱", "4 kg")])
    cases = [PoolDay(d.day, "箱", d.came, d.left) if random.random() < 0.5 else d for d in days]
    mass = [
        replace(d, dimension="mass", came=d.came * 4, left=d.left * 4) if d.dimension == "箱" else d
        for d in cases
    ]
    known, spare = comparable([*cases, *cases[::2]], {"箱": beside}, ratios)
    into = known[0].dimension if known else "mass"
    scale = 4 if into == "箱" else 1
    told = [(d.day, d.missing * scale) for d in first_shortfall(known, spare)]
    assert told == [(d.day, d.missing) for d in first_shortfall(mass, {"mass": 4 * beside})]


def test_units_can_t_be_compared_where_nothing_left_in_one_that_came_in() -> None:
    days = [pool(0, 5, 0, "箱"), pool(1, 0, 2), pool(3, 0, 1), pool(2, 0, 0, "箱")]
    found = incomparable([*days, *days], {})
    assert found is not None
    assert (found.day, found.dimension, found.missing) == (DAY + timedelta(days=3), "mass", 3)
    assert incomparable(days, {"mass": 1}) is None
    assert incomparable([*days, pool(4, 0, 1, "箱")], {}) is None
    assert incomparable(days[1:], {}) is None


def report(teller: str, amount: int, n: int = 1, **more: Any) -> Reported:
    plain: dict[str, Any] = {"product": "P", "batch": "", "code": "", "dimension": "mass"}
    return Reported(
        event_id=UUID(int=ord(teller) * 100_000 + n),
        line=n,
        teller=teller,
        amount=amount,
        **{**plain, **more},
    )


def test_two_reports_differ_by_amount_or_by_what_one_leaves_out() -> None:
    same = [report("a", 5), report("b", 5)]
    assert list(differences(same)) == []
    (found,) = differences([report("a", 5 * KG), report("b", 4 * KG)])
    assert found.detail == "a: 5 kg; b: 4 kg"
    (found,) = differences([*same, report("a", KG, 2, product="Q")])
    assert (found.product, found.detail) == ("Q", "a: 1 kg; b: -")


def test_reports_meet_although_only_one_names_codes_and_each_splits_as_it_likes() -> None:
    seller = [report("a", 2, n, batch="B", code=f"C{n}") for n in range(3)]
    buyer = [report("b", 4, 1), report("b", 2, 2, batch="B")]
    assert list(differences([*seller, *buyer])) == []
    other_unit = report("b", 1, dimension="箱")
    assert list(differences([report("a", 5), report("b", 5), other_unit])) == []
    codes_differ = [report("a", 5, code="X"), report("b", 5, code="Y")]
    assert len(list(differences(codes_differ))) == 2


REPORTS = st.lists(
    st.builds(
        report,
        st.sampled_from("ab"),
        st.integers(1, 3),
        st.integers(0, 3),
        product=st.sampled_from("PQ"),
        batch=st.sampled_from(("", "B")),
        code=st.sampled_from(("", "X", "Y")),
        dimension=st.sampled_from(("mass", "箱")),
    ),
    max_size=8,
)


@given(REPORTS, st.randoms())
def test_the_order_of_reports_and_their_copies_change_no_difference(
    reports: Sequence[Reported], random: Any
) -> None:
    shuffled = [*reports, *reports]
    random.shuffle(shuffled)
    assert list(differences(shuffled)) == list(differences(reports))


@given(REPORTS)
def test_one_teller_or_two_that_agree_raise_nothing(reports: Sequence[Reported]) -> None:
    alone = {each for each in reports if each.teller == "a"}
    echo = {report("b", each.amount, each.line, **_goods(each)) for each in alone}
    assert list(differences(alone)) == []
    unique = {(each.line, *_goods(each).values()): each for each in alone}
    if len(unique) == len(alone) == len(echo):
        assert list(differences(alone | echo)) == []


def _goods(each: Reported) -> dict[str, str]:
    return {
        "product": each.product,
        "batch": each.batch,
        "code": each.code,
        "dimension": each.dimension,
    }


def test_ten_thousand_codes_on_both_sides_are_compared_at_once() -> None:
    seller = [report("a", 1, n, code=f"C{n}") for n in range(10_000)]
    buyer = [report("b", 1, n, batch=f"B{n}") for n in range(10_000)]
    assert list(differences([*seller, *buyer])) == []


@pytest.mark.parametrize(
    ("returned", "sold", "told"),
    [
        ({"mass": 3 * KG}, {"mass": 5 * KG}, None),
        ({"mass": 3 * KG}, {}, "0 → 3 kg"),
        ({"mass": 7 * KG}, {"mass": 5 * KG}, "5 kg → 7 kg"),
        ({"箱": KG}, {"mass": 5 * KG}, None),
        ({}, {}, None),
    ],
)
def test_only_what_was_sold_comes_back(
    returned: dict[str, int], sold: dict[str, int], told: str | None
) -> None:
    assert never_sold(returned, sold) == told


def test_an_expiry_is_the_latest_one_printed_coming_in() -> None:
    def printed(role: Role, day: int) -> Printed:
        expiry = DAY + timedelta(days=day)
        return Printed(event_id=UUID(int=day), role=role, production_date=None, expiry_date=expiry)

    came = [printed(Role.OPENED, 0), printed(Role.TAKEN, 9)]
    last = expiry_of([*came, *came])
    assert last == DAY
    sales = [Sale(DAY + timedelta(days=n), UUID(int=n)) for n in (3, 1, 0, 1)]
    assert first_sale_after(last, sales) == Sale(DAY + timedelta(days=1), UUID(int=1))
    assert first_sale_after(last, sales[2:3]) is None
    assert first_sale_after(expiry_of([]), sales) is None
    assert expiry_of(came[1:]) == DAY + timedelta(days=9)


def test_a_sale_counts_against_an_inspection_only_where_its_word_held_all_day() -> None:
    def on(day: int) -> date:
        return DAY + timedelta(days=day)

    states = [(on(1), State.SUSPENDED), (on(3), State.CONDEMNED), (on(5), State.CLEARED)]
    sales = [Sale(on(day), UUID(int=day)) for day in range(7)]
    assert list(sold_against(states, [*sales[::-1], *sales])) == [
        ("lot.sold-after-failure", sales[4]),
        ("lot.sold-while-suspended", sales[2]),
    ]
    assert list(sold_against(states, [sales[n] for n in (0, 1, 5, 6)])) == []
    assert list(sold_against([], sales)) == []


def test_a_place_is_foreign_only_where_somebody_else_is_known_to_sit() -> None:
    day = timedelta(days=1)
    theirs = Occupancy(1, "M1", "T", DAY, DAY + day)
    mine = Occupancy(1, "M1", "S", None, None)
    assert foreign_occupants("M1", DAY, {"S"}, [theirs]) == ("T",)
    assert foreign_occupants("M1", DAY, {"S", "T"}, [theirs]) == ()
    assert foreign_occupants("M1", DAY, {"S"}, [theirs, mine]) == ()
    assert foreign_occupants("M1", DAY + 2 * day, {"S"}, [theirs]) == ()
    assert foreign_occupants("M2", DAY, {"S"}, [theirs]) == ()
