"""Under which id a merged party goes on."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from foodtrace.effects import Merge
from foodtrace.sameness import goes_on_as, merge_circles, merged

JAN1 = date(2026, 1, 1)


def merge(party: str, into: str, since: int = 0) -> Merge:
    return Merge(0, party, into, JAN1 + timedelta(days=since))


def test_a_party_goes_on_as_the_last_of_a_chain_on_the_day() -> None:
    chain = [merge("A", "B", 1), merge("B", "C", 5)]
    days = [JAN1 + timedelta(days=n) for n in (0, 1, 4, 5)]
    assert [goes_on_as("A", chain, day) for day in days] == ["A", "B", "B", "C"]
    assert merged("C", chain) == {"A", "B", "C"}


def test_of_two_merges_the_later_counts() -> None:
    assert goes_on_as("A", [merge("A", "B", 3), merge("A", "C", 1)]) == "B"


_merges = st.lists(
    st.builds(merge, st.sampled_from("ABCDE"), st.sampled_from("ABCDE"), st.integers(0, 3)).filter(
        lambda each: each.party != each.into
    ),
    max_size=7,
)


@given(_merges, st.sampled_from("ABCDE"), st.data())
def test_it_ends_stays_in_the_family_and_minds_no_order(
    merges: list[Merge], party: str, data: st.DataObject
) -> None:
    last = goes_on_as(party, merges)
    assert last in merged(party, merges)
    assert goes_on_as(party, data.draw(st.permutations(merges + merges[:2]))) == last
    if not merge_circles(merges):
        assert goes_on_as(last, merges) == last
