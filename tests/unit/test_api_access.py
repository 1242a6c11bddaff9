"""Who may push what, and how far a role sees, over all roles."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.access import (
    PUBLIC,
    Caller,
    Role,
    Sight,
    check_push,
    seen_links,
    sees_event,
    sight_of,
)
from foodtrace.events.line import Line, ProductRef
from foodtrace.events.party import Party, PartyKind
from foodtrace.events.receipt import Receipt
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.events.void import Void, VoidReason
from foodtrace.identity import event_id
from foodtrace.problems import TheirFault
from foodtrace.quantity import Quantity
from support.small import DAY, envelope

PARTY = Caller(role=Role.PARTY, party="p1", source="erp")
REPORTER = Caller(role=Role.REPORTER, reporter="m1", source="erp")


def line() -> Line:
    return Line(line_no=1, product=ProductRef(name="猪肉"), count=Quantity(Decimal(1), "片"))


def trade(seller: str, buyer: str, **more: object) -> Trade:
    return Trade(
        envelope=envelope("trade", "t1", **more),  # type: ignore[arg-type]
        seller=Side(party=seller),
        buyer=Side(party=buyer),
        lines=(line(),),
    )


def receipt(seller: str) -> Receipt:
    return Receipt(
        envelope=envelope("receipt", "r1", document_number="7"),
        seller=Side(party=seller),
        lines=(line(),),
    )


def void(source: str = "erp") -> Void:
    return Void(
        envelope=envelope("void", "v1", source=source),
        target_event_id=event_id("erp", "trade", "t1"),
        reason=VoidReason.DID_NOT_OCCUR,
    )


def nobody(_side: Side, _day: object) -> bool:
    return False


def refusal(caller: Caller, event: object, mandated: object = nobody) -> tuple[str, str]:
    with pytest.raises(TheirFault) as caught:
        check_push(caller, event, mandated)  # type: ignore[arg-type]
    return caught.value.code, caught.value.path


@pytest.mark.parametrize("event", [trade("p1", "x"), trade("x", " P1 "), receipt("P1"), void()])
def test_a_party_speaks_for_either_of_its_sides_and_its_source(event: object) -> None:
    check_push(PARTY, event, nobody)  # type: ignore[arg-type]


def test_a_party_speaks_for_no_other() -> None:
    assert refusal(PARTY, trade("x", "y")) == ("push.not-allowed", "seller.party")
    assert refusal(PARTY, receipt("x")) == ("push.not-allowed", "seller.party")
    stranger = Party(
        envelope=envelope("party", "1"), party="x", name="x", party_kind=PartyKind.ENTERPRISE
    )
    assert refusal(PARTY, stranger)[0] == "push.not-allowed"


@pytest.mark.parametrize("caller", [PARTY, REPORTER])
def test_a_key_speaks_under_its_own_source_only(caller: Caller) -> None:
    assert refusal(caller, void("other")) == ("event.wrong-source", "envelope.source")
    assert refusal(caller, void("ops")) == ("event.wrong-source", "envelope.source")


def test_a_reporter_needs_the_mandate_of_a_speaking_side_on_the_business_day() -> None:
    asked = []

    def mandated(side: Side, day: object) -> bool:
        asked.append((side.party, day))
        return side.party == "buyer"

    check_push(REPORTER, trade("seller", "buyer"), mandated)
    assert ("buyer", DAY) in asked
    assert refusal(REPORTER, receipt("x"), mandated) == ("push.no-mandate", "seller.party")
    check_push(REPORTER, void(), mandated)


def test_a_reporter_names_no_other_reporter() -> None:
    event = trade("a", "b", reporter="m2")
    assert refusal(REPORTER, event, lambda *_: True) == ("push.not-allowed", "envelope.reporter")


@pytest.mark.parametrize("role", [Role.OPS, Role.ADMIN])
def test_staff_push_under_any_source(role: Role) -> None:
    check_push(Caller(role=role), trade("a", "b"), nobody)
    check_push(Caller(role=role), void("ops"), nobody)


def test_an_inspector_reports_inspections_under_its_source_and_nothing_else() -> None:
    assert refusal(Caller(role=Role.INSPECTOR), void()) == ("auth.forbidden", "")
    with_source = Caller(role=Role.INSPECTOR, source="erp")
    assert refusal(with_source, void()) == ("push.not-allowed", "kind")
    assert refusal(Caller(role=Role.PUBLIC), void()) == ("auth.forbidden", "")


def test_every_role_has_a_sight() -> None:
    assert {role: sight_of(role) for role in Role} == {
        Role.PUBLIC: Sight.NOTHING,
        Role.PARTY: Sight.STEP,
        Role.REPORTER: Sight.SENT,
        Role.INSPECTOR: Sight.CHAIN,
        Role.OPS: Sight.CHAIN,
        Role.ADMIN: Sight.CHAIN,
    }


lots = st.integers(0, 12)
graphs = st.lists(st.tuples(lots, lots), max_size=30)


@given(own=st.sets(lots), links=graphs)
def test_a_party_sees_the_links_at_its_own_lots_and_nothing_else(
    own: set[int], links: list[tuple[int, int]]
) -> None:
    assert seen_links(own, (), links) == [bool(set(link) & own) for link in links]


@given(own=st.sets(lots), nodes=st.sets(lots), links=graphs)
def test_a_node_is_seen_through_only_beside_an_own_lot(
    own: set[int], nodes: set[int], links: list[tuple[int, int]]
) -> None:
    beside = {end for link in links if set(link) & own for end in link}
    seen = seen_links(own, nodes, links)
    for link, is_seen in zip(links, seen, strict=True):
        assert is_seen == bool(set(link) & (own | (beside & nodes)))


@given(own=st.sets(lots), more=st.sets(lots), nodes=st.sets(lots), links=graphs)
def test_who_holds_more_sees_no_less(
    own: set[int], more: set[int], nodes: set[int], links: list[tuple[int, int]]
) -> None:
    fewer, all_of_them = (seen_links(each, nodes, links) for each in (own, own | more))
    assert all(after for before, after in zip(fewer, all_of_them, strict=True) if before)


SHOP = Caller(role=Role.PARTY, party="B", source="till")


@pytest.mark.parametrize(
    ("caller", "sees"),
    [
        (SHOP, True),
        (Caller(role=Role.PARTY, party="C", source="till"), False),
        (Caller(role=Role.PARTY, party="C", source="erp"), True),
        (Caller(role=Role.REPORTER, reporter="B", source="erp"), True),
        (Caller(role=Role.REPORTER, reporter="B", source="till"), False),
        (Caller(role=Role.INSPECTOR), True),
        (Caller(role=Role.OPS), True),
        (PUBLIC, False),
    ],
)
def test_who_reads_a_document(caller: Caller, sees: bool) -> None:
    assert sees_event(caller, trade("a", "b")) is sees
