"""Parties over time: names, aliases, merges in chains and circles, and who isn't identified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from foodtrace.events.location import Location
from foodtrace.events.master import Alias
from foodtrace.events.merge import Merge
from foodtrace.events.party import Party, PartyKind
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.problems import NotFound
from foodtrace.unidentified import Known
from foodtrace_ledger import named, parties, search
from foodtrace_ledger.engine import make_engine, snapshot
from support.ledger import goods, push, trade
from support.small import DAY, NOON, envelope


def day(number: int) -> date:
    return DAY + timedelta(days=number)


def on(number: int) -> dict[str, Any]:
    return {"business_date": day(number), "occurred_at": NOON + timedelta(days=number)}


def party(number: str, who: str, name: str, *aliases: Alias, said: int = 0) -> Party:
    return Party(
        envelope=envelope("party", number, **on(said)),
        party=who,
        name=name,
        party_kind=PartyKind.ENTERPRISE,
        aliases=aliases,
    )


def merge(number: str, who: str, into: str, since: int) -> Merge:
    return Merge(envelope=envelope("merge", number), party=who, into=into, merged_on=day(since))


UNKNOWN = Side(claimed_name="张记", vehicle_plate="闽D12345")
WORLD = (
    party("a1", "A", "绿源乳业", Alias(scheme="licence", code="L-1", valid_to=day(5))),
    party("a2", "A", "绿源食品", Alias(scheme="licence", code="L-2", valid_from=day(6)), said=6),
    party("z", "Z", "另一家", Alias(scheme="market", code="STALL-1", valid_to=day(1))),
    party("y", "Y", "又一家", Alias(scheme="market", code="STALL-1", valid_from=day(2))),
    merge("1", "A", "B", 10),
    merge("2", "B", "C", 20),
    party("c", "C", "大食品"),
    merge("x1", "R1", "R2", 1),
    merge("x2", "R2", "R1", 2),
    trade("1", "A", "B", goods("X1")),
    trade("2", "L-1", "Z", goods("X2")),
    trade("3", "STALL-1", "Y", goods("X3")),
    Trade(
        envelope=envelope("trade", "4"),
        seller=UNKNOWN,
        buyer=Side(party="Z"),
        lines=(goods("X4"),),
    ),
    Location(
        envelope=envelope("location", "1"),
        location="M1-A",
        name="A 摊",
        location_kind="stall",
        occupant="B",
        occupied_from=day(0),
    ),
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


def test_a_party_has_the_name_of_the_day_and_all_of_them(conn: Connection) -> None:
    then, now = parties.detail(conn, "a", day(3)), parties.detail(conn, "A")
    assert (then.name, then.now) == ("绿源乳业", "绿源食品")
    assert (now.name, now.now) == ("绿源食品", None)
    assert [(each.name, each.since) for each in now.names] == [
        ("绿源乳业", day(0)),
        ("绿源食品", day(6)),
    ]
    assert [(each.code, each.valid_from, each.valid_to) for each in now.aliases] == [
        ("L-1", None, day(5)),
        ("L-2", day(6), None),
    ]


def test_merges_are_followed_over_any_number_of_them(conn: Connection) -> None:
    known = parties.detail(conn, "A")
    assert known.ids == ("A", "B", "C")
    assert (known.goes_on_as, known.goes_on_name, known.circle) == ("C", "大食品", ())
    assert [(each.party, each.into, each.since) for each in known.merges] == [
        ("A", "B", day(10)),
        ("B", "C", day(20)),
    ]
    assert [parties.detail(conn, "A", day(n)).goes_on_as for n in (9, 10, 20)] == ["A", "B", "C"]


def test_a_circle_of_merges_is_named_and_nobody_goes_on(conn: Connection) -> None:
    known = parties.detail(conn, "R1")
    assert (known.circle, known.goes_on_as, known.registered) == (("R1", "R2"), "R1", False)
    assert parties.circles(conn) == {"R1", "R2"}


def test_who_is_not_identified_is_known_by_what_documents_say(conn: Connection) -> None:
    known = parties.detail(conn, UNKNOWN.holder)
    assert known.unidentified == Known(claimed_name="张记", vehicle_plate="闽D12345", digests=())
    assert [each.kind for each in known.documents] == ["trade"]
    with pytest.raises(NotFound, match=r"party\.unknown"):
        parties.detail(conn, "?NOBODY")


def test_lots_are_found_under_every_id_of_a_party_and_under_nobody_elses(conn: Connection) -> None:
    assert parties.ids(conn, "A") == parties.ids(conn, "L-2") == {"A", "B", "C", "L-1", "L-2"}
    assert parties.ids(conn, "Z") == {"Z"}
    assert parties.ids(conn, "STALL-1") == {"STALL-1", "Y", "Z"}
    page = search.lots_of_holders(conn, parties.ids(conn, "C"))
    assert {(lot.holder, lot.code) for lot in page.lots} == {
        ("A", "X1"),
        ("B", "X1"),
        ("L-1", "X2"),
    }


def test_a_code_is_looked_up_by_its_day(conn: Connection) -> None:
    assert [each.subject for each in named.subjects(conn, "STALL-1", day(0))] == ["Z"]
    assert [each.subject for each in named.subjects(conn, "STALL-1", day(2))] == ["Y"]
    assert [each.name for each in named.subjects(conn, "L-1", day(2))] == ["绿源乳业"]
