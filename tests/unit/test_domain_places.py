"""Locations as a tree, and the history of who sat where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.places import End, Gap, Overlap, Sat, Tenancy, history, paths_up, subtree

JAN1 = date(2026, 1, 1)


def day(number: int) -> date:
    return JAN1 + timedelta(days=number)


def sat(
    occupant: str, since: int | None, until: int | None = None, *, said: int = 0, event: int = 1
) -> Sat:
    return Sat(
        occupant=occupant,
        since=None if since is None else day(since),
        until=None if until is None else day(until),
        day=day(said),
        event_id=UUID(int=event),
    )


def spans(*said: Sat) -> list[tuple[str, date, date | None, End]]:
    return [(t.occupant, t.since, t.until, t.end) for t in history(said).tenancies]


TREE = {"REGION": ["M1", "M2"], "M1": ["M1-A", "M1-B"], "M1-A": ["M1-A-1"]}


def test_a_subtree_is_all_that_stands_in_a_place() -> None:
    assert subtree("M1", lambda level: {each: TREE.get(each, ()) for each in level}) == {
        "M1": 0,
        "M1-A": 1,
        "M1-B": 1,
        "M1-A-1": 2,
    }


def test_the_way_up_names_the_nearest_first() -> None:
    above = {child: [parent] for parent, children in TREE.items() for child in children}
    assert paths_up(["M1-A-1", "M2", "ELSEWHERE"], lambda level: _some(above, level)) == {
        "M1-A-1": ("M1-A", "M1", "REGION"),
        "M2": ("REGION",),
        "ELSEWHERE": (),
    }


def _some(known: Mapping[str, Sequence[str]], level: Sequence[str]) -> dict[str, Sequence[str]]:
    return {place: known[place] for place in level if place in known}


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.sampled_from("ABCDEF")), st.data())
def test_circles_end_both_ways_and_down_agrees_with_up(
    parents: dict[str, str], data: st.DataObject
) -> None:
    above = {child: [parent] for child, parent in parents.items()}
    below: dict[str, list[str]] = {}
    for child, parent in data.draw(st.permutations(sorted(parents.items()))):
        below.setdefault(parent, []).append(child)
    up = paths_up("ABCDEF", lambda level: _some(above, level))
    for root in "ABCDEF":
        inside = subtree(root, lambda level: _some(below, level))
        assert set(inside) == {root} | {place for place, path in up.items() if root in path}
        assert len(set(up[root])) == len(up[root])


def test_an_open_end_lasts_until_the_next_tenant() -> None:
    assert spans(sat("A", 0), sat("B", 10)) == [
        ("A", day(0), day(9), End.IMPLIED),
        ("B", day(10), None, End.OPEN),
    ]


def test_a_stated_end_counts_and_leaves_a_gap() -> None:
    known = history([sat("A", 0), sat("A", 0, 4, said=4, event=2), sat("B", 10)])
    assert [(t.occupant, t.until, t.end) for t in known.tenancies] == [
        ("A", day(4), End.STATED),
        ("B", None, End.OPEN),
    ]
    assert known.gaps == (Gap(since=day(5), until=day(9)),)
    assert known.overlaps == ()
    assert (known.on(day(4)), known.on(day(7)), known.on(day(10))) == (("A",), (), ("B",))


def test_two_tenants_on_one_day_are_said_and_both_stand() -> None:
    known = history([sat("A", 0, 9), sat("B", 5)])
    assert known.overlaps == (Overlap(occupants=("A", "B"), since=day(5), until=day(9)),)
    assert known.on(day(7)) == ("A", "B")


def test_without_a_first_day_the_document_tells_since_when_one_knows() -> None:
    (one,) = history([sat("A", None, said=3), sat("A", None, said=8, event=2)]).tenancies
    assert one == Tenancy(
        occupant="A",
        since=day(3),
        since_stated=False,
        until=None,
        end=End.OPEN,
        event_ids=(UUID(int=1), UUID(int=2)),
    )
    assert spans(sat("A", None, 2, said=9)) == [("A", day(2), day(2), End.STATED)]


def test_who_comes_back_sits_there_twice() -> None:
    assert spans(sat("A", 0), sat("B", 5, 9), sat("A", 10)) == [
        ("A", day(0), day(4), End.IMPLIED),
        ("B", day(5), day(9), End.STATED),
        ("A", day(10), None, End.OPEN),
    ]


def test_open_dates_at_the_end_of_the_calendar_are_no_trouble() -> None:
    last = Sat(occupant="A", since=JAN1, until=date.max, day=JAN1, event_id=UUID(int=1))
    known = history([last, sat("A", 4), sat("B", 3, 5)])
    assert known.on(date.max) == ("A",)


_days = st.integers(0, 30)
_sats = st.builds(
    lambda occupant, since, length, said, event: sat(
        occupant,
        since,
        None if length is None else (said if since is None else since) + length,
        said=said,
        event=event,
    ),
    st.sampled_from("ABC"),
    st.none() | _days,
    st.none() | st.integers(0, 10),
    _days,
    st.integers(1, 5),
)


@given(st.lists(_sats, max_size=8), st.data())
def test_the_history_doesnt_depend_on_order_or_repetition(
    said: list[Sat], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(said + said[:3]))
    assert history(shuffled) == history(said)


@given(st.lists(_sats, min_size=1, max_size=8))
def test_overlaps_are_the_days_of_several_and_gaps_those_of_none(said: list[Sat]) -> None:
    known = history(said)
    first, last = known.tenancies[0].since, day(45)
    for number in range(46):
        now = day(number)
        inside = [
            o for o in known.overlaps if o.since <= now and (o.until is None or now <= o.until)
        ]
        assert bool(inside) == (len(known.on(now)) > 1)
        between = first <= now and any(t.since > now for t in known.tenancies)
        empty = any(gap.since <= now <= gap.until for gap in known.gaps)
        assert empty == (between and not known.on(now))
    assert last > first


@given(st.lists(_sats, min_size=1, max_size=8))
def test_everybody_sits_where_he_is_said_to_sit(said: list[Sat]) -> None:
    known = history(said)
    for each in said:
        for moment in (each.begin, each.until or each.begin):
            assert each.occupant in known.on(moment)


@pytest.mark.parametrize("occupants", ["A", "AB"])
def test_a_market_that_says_the_same_every_day_is_read_in_one_go(occupants: str) -> None:
    said = [
        sat(occupants[number % len(occupants)], None, said=number, event=number + 1)
        for number in range(20_000)
    ]
    assert len(history(said).tenancies) == (1 if occupants == "A" else 20_000)
