"""Names as they were: what PostgreSQL says on each day is what the domain's rule says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from foodtrace.events.location import Location
from foodtrace.registered import Registered, holding, stated
from foodtrace_ledger import describe, places
from foodtrace_ledger.describe import Called
from foodtrace_ledger.engine import make_engine, snapshot
from support.ledger import empty, push
from support.small import DAY, NOON, envelope


@pytest.fixture(scope="module")
def engine(module_database: str) -> Iterator[Engine]:
    made = make_engine(module_database)
    yield made
    made.dispose()


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def on(number: int) -> dict[str, Any]:
    return {"business_date": day(number), "occurred_at": NOON + timedelta(days=number)}


_words = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from("甲乙丙"), st.none() | st.sampled_from("AB")),
    min_size=1,
    max_size=5,
)


@settings(max_examples=12)
@given(_words)
def test_names_and_parents_on_a_day_are_those_of_the_domain(
    engine: Engine, words: list[tuple[int, str, str | None]]
) -> None:
    empty(engine)
    events = [
        Location(
            envelope=envelope("location", str(number), **on(said)),
            location="X",
            name=name,
            location_kind="stall",
            parent=parent,
        )
        for number, (said, name, parent) in enumerate(words)
    ]
    push(engine, *events)
    known = [
        Registered(
            day=each.envelope.business_date,
            event_id=each.envelope.event_id,
            name=each.name,
            attributes=each.effects().masters[0].attributes,
        )
        for each in events
    ]
    with snapshot(engine) as conn:
        for then in (None, *map(day, range(-1, 6))):
            held = holding(known, then)
            assert held is not None
            assert describe.names(conn, "location", ["X"], then) == {"X": held.name}
            assert places.placed(conn, ["X"], then)["X"].parent == stated(known, "parent", then)


def test_todays_name_stands_beside_only_where_it_is_another(engine: Engine) -> None:
    empty(engine)
    for said, name in ((0, "老李水产"), (9, "李记海鲜")):
        push(
            engine,
            Location(
                envelope=envelope("location", name, **on(said)),
                location="X",
                name=name,
                location_kind="stall",
            ),
        )
    asked = [("location", "X", day(3)), ("location", "X", day(9)), ("location", "Y", None)]
    with snapshot(engine) as conn:
        assert describe.called(conn, asked) == {
            asked[0]: Called(name="老李水产", now="李记海鲜"),
            asked[1]: Called(name="李记海鲜", now=None),
            asked[2]: Called(name=None, now=None),
        }
