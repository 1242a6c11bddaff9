"""The tree of locations and their tenants in PostgreSQL, held against the domain's rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from foodtrace.events.location import Location
from foodtrace.events.master import Alias
from foodtrace.events.party import Party, PartyKind
from foodtrace.places import Overlap
from foodtrace.problems import Conflict, NotFound
from foodtrace_ledger import places, tenants
from foodtrace_ledger.engine import make_engine, snapshot
from support.ledger import goods, push, trade, void
from support.small import DAY, NOON, envelope


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def on(number: int) -> dict[str, Any]:
    return {"business_date": day(number), "occurred_at": NOON + timedelta(days=number)}


def place(
    number: str, location: str, kind: str = "stall", *, said: int = 0, **more: Any
) -> Location:
    return Location(
        envelope=envelope("location", number, **on(said)),
        location=location,
        name=more.pop("name", f"名{location}"),
        location_kind=kind,
        **more,
    )


def party(number: str, name: str, *, said: int = 0, who: str = "P", **more: Any) -> Party:
    return Party(
        envelope=envelope("party", number, **on(said)),
        party=who,
        name=name,
        party_kind=PartyKind.INDIVIDUAL_BUSINESS,
        **more,
    )


MOVED = place("moved", "M1-B", parent="m2", said=20)
WORLD = (
    place("r1", "350200", "region", name="厦门市"),
    place("r2", "350203", "region", name="思明区"),
    place("m1", "M1", "market", region="350203"),
    place("m2", "M2", "market", region="350206"),
    place("a", "m1-a", parent="m1", aliases=(Alias(scheme="gln", code="6291041500213"),)),
    place("b", "M1-B", parent="M1", aliases=(Alias(scheme="number", code="B1"),)),
    place("c", "M2-B", parent="M2", aliases=(Alias(scheme="number", code="B1"),)),
    MOVED,
    # A new tenant; where the stall stands isn't said again.
    place("t1", "M1-A", said=1, occupant="P", occupied_from=day(-100)),
    place("t2", "M1-A", said=5, occupant="Q", occupied_from=day(3), occupied_to=day(9)),
    place("t3", "M1-A", said=12, occupant="p", occupied_from=day(12), name="新摊"),
    place(
        "t4", "M1-A", said=14, occupant="R", occupied_from=day(13), occupied_to=day(15), name="新摊"
    ),
    # Bad data: a circle.
    place("o1", "O1", parent="O2"),
    place("o2", "O2", parent="O1"),
    party("p1", "老李水产", said=-100),
    party("p2", "李记海鲜", said=10),
    trade("1", "P", "Q", goods("X"), place="UNREGISTERED"),
)


@pytest.fixture(scope="module")
def engine(module_database: str) -> Iterator[Engine]:
    made = make_engine(module_database)
    push(made, *WORLD)
    yield made
    made.dispose()


@pytest.fixture
def conn(engine: Engine) -> Iterator[Connection]:
    with snapshot(engine) as conn:
        yield conn


def test_a_place_stands_where_the_latest_word_says(conn: Connection) -> None:
    assert places.children(conn, "M1") == ("M1-A",)
    assert places.children(conn, "M2") == ("M1-B", "M2-B")
    assert places.children(conn, "M1", day(10)) == ("M1-A", "M1-B")


def test_regions_lie_in_each_other_by_their_codes(conn: Connection) -> None:
    assert places.children(conn, "350200") == ("350203", "M2")
    assert places.depths(conn, "350000") == {
        "350000": 0,
        "350200": 1,
        "350203": 2,
        "M2": 2,
        "M1": 3,
        "M1-B": 3,
        "M2-B": 3,
        "M1-A": 4,
    }
    assert places.above(conn, ["M1-A", "M2-B", "NOWHERE"]) == {
        "M1-A": ("M1", "350203", "350200", "350000"),
        "M2-B": ("M2", "350206", "350200", "350000"),
        "NOWHERE": (),
    }


def test_a_circle_ends_and_is_within_itself(conn: Connection) -> None:
    assert places.within(conn, "O1") == {"O1", "O2"}
    assert places.above(conn, ["O1"]) == {"O1": ("O2",)}


def test_codes_within_are_ids_and_aliases_that_mean_one_place_alone(conn: Connection) -> None:
    assert places.within(conn, "M1") == {"M1", "M1-A", "6291041500213"}
    assert places.within(conn, "M2") == {"M2", "M1-B", "M2-B", "B1"}
    assert "B1" not in places.within(conn, "M2", day(0))


def test_a_code_means_one_location_or_a_named_problem(conn: Connection) -> None:
    assert places.resolve(conn, "m1-a") == "M1-A"
    assert places.resolve(conn, "6291041500213") == "M1-A"
    assert places.resolve(conn, "unregistered") == "UNREGISTERED"
    assert places.resolve(conn, "350206") == "350206"
    with pytest.raises(Conflict, match="M1-B, M2-B"):
        places.resolve(conn, "b1")
    with pytest.raises(NotFound, match=r"location\.unknown"):
        places.resolve(conn, "NOWHERE")


def test_tenants_come_with_the_names_of_their_days_and_what_does_not_fit(conn: Connection) -> None:
    told = tenants.of_location(conn, "M1-A")
    assert [(t.occupant, t.name, t.now, t.since, t.until, t.end) for t in told.tenancies] == [
        ("P", "老李水产", "李记海鲜", day(-100), day(2), "implied"),
        ("Q", None, None, day(3), day(9), "stated"),
        ("P", "李记海鲜", None, day(12), day(12), "implied"),
        ("R", None, None, day(13), day(15), "stated"),
    ]
    assert [(gap.since, gap.until) for gap in told.gaps] == [(day(10), day(11))]
    assert tenants.occupants(conn, ["M1-A", "M2"], day(5)) == {"M1-A": ("Q",)}
    mine = tenants.of_parties(conn, ["P"])
    assert [(each.location, each.since, each.until) for each in mine.tenancies] == [
        ("M1-A", day(-100), day(2)),
        ("M1-A", day(12), day(12)),
    ]
    (stall,) = mine.places
    assert (stall.name, stall.kind, stall.parent) == ("新摊", "stall", "M1")


def test_what_is_void_says_nothing_of_places(database: str) -> None:
    own = make_engine(database)
    push(own, *WORLD, void("v", MOVED), place("t5", "M1-A", occupant="Z", occupied_from=day(14)))
    with snapshot(own) as conn:
        assert places.children(conn, "M1") == ("M1-A", "M1-B")
        told = tenants.of_location(conn, "M1-A")
        assert told.overlaps == (Overlap(occupants=("R", "Z"), since=day(14), until=day(15)),)
    own.dispose()
