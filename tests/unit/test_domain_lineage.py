"""The reference lineage: a function of the set of events, whatever the order and the data."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from foodtrace.events import Event
from foodtrace.events.line import Line, LotCode, ProductRef
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.events.void import Void, VoidReason
from foodtrace.identity import event_id
from foodtrace.lineage import Lineage
from foodtrace.lots import LotKey, LotKind
from foodtrace.quantity import Quantity
from support.small import envelope

HOLDERS = "ABCDE"


def lot(holder: str, code: str = "X") -> LotKey:
    return LotKey(holder, "", LotKind.TRACE, "", code)


def sale(number: int, seller: str, buyer: str, *, revision: int = 0, amount: int = 1) -> Trade:
    goods = Line(
        line_no=1,
        product=ProductRef(name="肉"),
        lot_codes=(LotCode(code="x"),),
        count=Quantity(Decimal(amount), "袋"),
    )
    return Trade(
        envelope=envelope("trade", str(number), revision=revision),
        seller=Side(party=seller),
        buyer=Side(party=buyer),
        lines=(goods,),
    )


def void(
    number: int, kind: str, target: int, *, source: str = "erp", line: int | None = None
) -> Void:
    return Void(
        envelope=envelope("void", str(number), source=source),
        target_event_id=event_id("erp", kind, str(target)),
        target_line=line,
        reason=VoidReason.DID_NOT_OCCUR,
    )


PAIRS = st.tuples(st.sampled_from(HOLDERS), st.sampled_from(HOLDERS)).filter(
    lambda pair: pair[0] != pair[1]
)
SALES = st.builds(
    lambda number, pair, revision, amount: sale(
        number, pair[0], pair[1], revision=revision, amount=amount
    ),
    st.integers(0, 6),
    PAIRS,
    st.integers(0, 2),
    st.integers(1, 3),
)
TARGETS = st.tuples(st.integers(0, 4), st.sampled_from(["trade", "void"]), st.integers(0, 6))
VOIDS = st.builds(
    lambda target, source, line: void(*target, source=source, line=line),
    TARGETS.filter(lambda target: target[1] == "trade" or target[0] != target[2]),
    st.sampled_from(["erp", "ops", "other"]),
    st.sampled_from([None, 1]),
)
SCRIPTS = st.lists(SALES | VOIDS, max_size=20)


@given(SCRIPTS, st.randoms(use_true_random=False), st.data())
def test_order_and_repetition_change_nothing(
    events: list[Event], random: Any, data: st.DataObject
) -> None:
    again = events + data.draw(st.lists(st.sampled_from(events), max_size=5)) if events else []
    random.shuffle(again)
    assert Lineage(again).facts == Lineage(events).facts


@given(SCRIPTS)
def test_down_and_up_are_one_relation(events: list[Event]) -> None:
    lineage = Lineage(events)
    for one in HOLDERS:
        for other in lineage.downstream([lot(one)]):
            assert lot(one) in lineage.upstream([other])


@given(st.lists(SALES, max_size=12))
def test_more_events_never_hide_an_affected_lot(events: list[Event]) -> None:
    """Without voids and revisions lineage only grows."""
    first = [event for event in events if event.envelope.revision == 0]
    every = set(Lineage(first).downstream([lot("A")]))
    assert set(Lineage(first[:-1]).downstream([lot("A")])) <= every


def test_a_void_counts_from_its_source_or_ops_alone_and_in_any_order() -> None:
    sold = sale(1, "A", "B")
    for source, left in (("erp", 1), ("ops", 1), ("other", 2)):
        script: list[Event] = [sold, void(1, "trade", 1, source=source)]
        assert len(Lineage(script).downstream([lot("A")])) == left
        assert Lineage(script[::-1]).facts == Lineage(script).facts


def test_a_void_of_a_void_brings_the_event_back() -> None:
    script: list[Event] = [sale(1, "A", "B"), void(1, "trade", 1), void(2, "void", 1)]
    assert lot("B") in Lineage(script).downstream([lot("A")])


def test_voids_in_a_circle_undo_each_other() -> None:
    script: list[Event] = [void(1, "void", 2), void(2, "void", 1), sale(1, "A", "B")]
    assert len(Lineage(script).verdicts.dead) == 2


def test_a_void_of_a_line_cuts_just_that_line() -> None:
    script: list[Event] = [sale(1, "A", "B"), void(1, "trade", 1, line=1)]
    lineage = Lineage(script)
    assert lineage.verdicts.dead == frozenset()
    assert lot("B") not in lineage.downstream([lot("A")])


def test_the_highest_revision_holds() -> None:
    script: list[Event] = [sale(1, "A", "B"), sale(1, "A", "C", revision=1)]
    assert set(Lineage(script[::-1]).downstream([lot("A")])) == {lot("A"), lot("C")}


def test_one_id_with_two_contents_keeps_both() -> None:
    lineage = Lineage([sale(1, "A", "B"), sale(1, "A", "C")])
    assert set(lineage.downstream([lot("A")])) == {lot("A"), lot("B"), lot("C")}
    assert lineage.contradicted == {event_id("erp", "trade", "1")}


def test_a_cycle_ends_the_walk() -> None:
    lineage = Lineage([sale(1, "A", "B"), sale(2, "B", "A")])
    assert set(lineage.downstream([lot("A")])) == {lot("A"), lot("B")}


def test_a_chain_of_ten_thousand_is_walked_to_its_end() -> None:
    chain = [sale(n, f"P{n}", f"P{n + 1}") for n in range(10_000)]
    reached = Lineage(chain).downstream([lot("P0")])
    assert reached[lot("P10000")].depth == 10_000
