"""Reports of one trade: each unit counts once, by the word of who comes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.effects import Direction, Movement
from foodtrace.events import Event
from foodtrace.events.envelope import Aspect
from foodtrace.events.line import Line, LotCode, ProductRef
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.events.transfer import Transfer
from foodtrace.identity import event_id
from foodtrace.lineage import Lineage
from foodtrace.meeting import Told, Voice, counted, meeting_of, precedence, speaks_for
from foodtrace.quantity import Quantity
from support.ledger_reports import PAIRS, Named, both, reports, retold, told_in_any_way
from support.small import envelope

MILLION = 1_000_000
SOURCES = st.sampled_from(["erp", "ERP", "é", "门店", "𠮷", "erp2"])


def line(amount: int, code: str | None = None, **more: Any) -> Line:
    return Line(
        line_no=more.pop("line_no", 1),
        product=ProductRef(product_id=more.pop("product", "cheese")),
        lot_codes=() if code is None else (LotCode(code=code),),
        count=Quantity(Decimal(amount), "袋"),
        **more,
    )


def report(reporter: str | None, *lines: Line, source: str = "erp", **more: Any) -> Trade:
    number = more.pop("number", reporter or "market")
    return Trade(
        envelope=envelope(
            "trade", number, source=source, reporter=reporter, **{"trade_no": "T1", **more}
        ),
        seller=Side(party="A"),
        buyer=Side(party="B"),
        lines=lines,
    )


def sums(events: Iterable[Event]) -> dict[tuple[str, str], int]:
    """Whole bags by holder and direction."""
    totals: Counter[tuple[str, str]] = Counter()
    lineage = Lineage(events)
    for movement in counted(lineage.told()):
        totals[movement.lot.holder, movement.direction] += movement.amount
    return {key: amount // MILLION for key, amount in totals.items()}


def told_of(event: Event) -> list[Told]:
    return [Told(movement, meeting_of(event)) for movement in event.effects().movements]


@given(events=told_in_any_way(), data=st.data())
def test_order_and_repetition_change_no_sum(events: list[Event], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(events + events[:2]))
    assert sums(shuffled) == sums(events)


@given(trade=reports())
def test_a_report_that_stands_alone_counts_in_full(trade: Trade) -> None:
    told = told_of(trade)
    assert counted(told) == [each.movement for each in told]


@given(trade=reports())
def test_the_same_told_by_both_counts_once(trade: Trade) -> None:
    tellers = (("A", "erp"), ("B", "shop"))
    told = [retold(trade, reporter=reporter, source=source) for reporter, source in tellers]
    if trade.envelope.trade_no is None:
        assert sums(told) == {key: 2 * amount for key, amount in sums(told[:1]).items()}
    else:
        assert sums(told) == sums(told[:1])


@given(trades=st.lists(reports(), min_size=1, max_size=4))
def test_who_comes_first_is_never_overruled(trades: list[Trade]) -> None:
    told = [each for trade in trades for each in told_of(trade)]
    counting = Counter(counted(told))
    assert not counting - Counter(each.movement for each in told)
    for each in told:
        ahead = [other for other in told if comes_before(other, each)]
        assert each.movement in counting or ahead


def comes_before(other: Told, one: Told) -> bool:
    """Whether another teller of the same trade has the first word on goods going that way."""
    if one.meeting is None or other.meeting is None:
        return False
    mine = precedence(one.movement.direction, one.meeting.voice, one.meeting.source)
    theirs = precedence(other.movement.direction, other.meeting.voice, other.meeting.source)
    same = (one.meeting.giver, one.meeting.trade_no) == (
        other.meeting.giver,
        other.meeting.trade_no,
    )
    return same and theirs < mine and speaks_for(one.movement, other.movement)


@given(trade=reports(), others=st.lists(reports(), max_size=2))
def test_a_trade_in_several_documents_of_one_teller_adds_up(
    trade: Trade, others: list[Trade]
) -> None:
    parts = [
        replace(
            trade,
            envelope=replace(
                trade.envelope,
                event_id=event_id(trade.envelope.source, "trade", f"part {n}"),
                source_event_id=f"part {n}",
                revision=0,
            ),
            lines=(each,),
        )
        for n, each in enumerate(trade.lines)
    ]
    whole = [each for other in (trade, *others) for each in told_of(other)]
    split = [each for other in (*parts, *others) for each in told_of(other)]
    assert Counter(counted(whole)) == Counter(counted(split))


def test_out_counts_as_the_giver_says_and_in_as_the_taker_does() -> None:
    events = [report("A", line(10, "X")), report("B", line(8, "X"), source="shop")]
    assert sums(events) == {("A", "sold"): 10, ("B", "opened"): 8}
    assert sums(events[:1]) == {("A", "sold"): 10, ("B", "opened"): 10}
    assert sums(events[1:]) == {("A", "sold"): 8, ("B", "opened"): 8}


def test_a_third_party_is_nearer_to_who_it_tells_of() -> None:
    shipped = report(None, line(7, "X"), aspect=Aspect.SHIPPED, source="market", number="1")
    received = report(None, line(6, "X"), source="market", number="2")
    assert sums([shipped, received]) == {("A", "sold"): 7, ("B", "opened"): 6}
    seller = report("A", line(10, "X"))
    assert sums([shipped, received, seller]) == {("A", "sold"): 10, ("B", "opened"): 6}


def test_one_teller_may_send_a_trade_in_several_documents() -> None:
    parts = [report("A", line(4, "X"), number="1"), report("A", line(5, "X"), number="2")]
    assert sums(parts) == {("A", "sold"): 9, ("B", "opened"): 9}
    told_whole = report("B", line(9, "X"), source="shop")
    assert sums([*parts, told_whole]) == {("A", "sold"): 9, ("B", "opened"): 9}


def test_between_equals_the_source_that_sorts_first_counts() -> None:
    first = report("A", line(3, "X"), source="erp", number="1")
    second = report("A", line(4, "X"), source="pos", number="2")
    assert sums([second, first]) == {("A", "sold"): 3, ("B", "opened"): 3}


@pytest.mark.parametrize(("mine", "theirs", "same"), PAIRS)
def test_goods_are_the_same_unless_a_code_says_otherwise(
    mine: Named, theirs: Named, same: bool
) -> None:
    giver, taker = both(1, mine, theirs)
    (out, *_), (told, *_) = giver.effects().movements, taker.effects().movements
    assert speaks_for(out, told) is speaks_for(told, out) is same
    assert sums([giver, taker])["A1", "sold"] == (10 if same else 18)


def test_reports_meet_on_seller_and_number_alone() -> None:
    other = report("B", line(8, "X"), source="shop", trade_no="T2")
    assert sums([report("A", line(10, "X")), other])["A", "sold"] == 18
    unnumbered = report("B", line(8, "X"), source="shop", trade_no=None)
    assert meeting_of(unnumbered) is None
    written = report("B", line(8, "X"), source="shop", trade_no=" t1 ")
    assert sums([report("A", line(10, "X")), written])["A", "sold"] == 10


def test_within_one_party_the_aspect_tells_who_speaks() -> None:
    def transfer(aspect: Aspect) -> Transfer:
        return Transfer(
            envelope=envelope("transfer", aspect, reporter="A", trade_no="T1", aspect=aspect),
            origin=Side(party="A", location="S1"),
            destination=Side(party="A", location="S2"),
            lines=(line(10 if aspect is Aspect.SHIPPED else 9, "X"),),
        )

    voices = [meeting_of(transfer(aspect)) for aspect in (Aspect.SHIPPED, Aspect.RECEIVED)]
    assert [m and m.voice for m in voices] == [Voice.GIVER, Voice.TAKER]
    events = [transfer(Aspect.SHIPPED), transfer(Aspect.RECEIVED)]
    assert sums(events) == {("A", "moved"): 10, ("A", "opened"): 9}


@given(
    direction=st.sampled_from(Direction),
    one=st.tuples(st.sampled_from(Voice), SOURCES),
    other=st.tuples(st.sampled_from(Voice), SOURCES),
)
def test_precedence_is_one_order_and_turns_around_for_what_comes_in(
    direction: Direction, one: tuple[Voice, str], other: tuple[Voice, str]
) -> None:
    ahead = precedence(direction, *one) < precedence(direction, *other)
    behind = precedence(direction, *other) < precedence(direction, *one)
    assert ahead + behind == (one != other)
    if one[0] != other[0]:
        out = precedence(Direction.SOLD, *one) < precedence(Direction.SOLD, *other)
        assert out != (precedence(Direction.OPENED, *one) < precedence(Direction.OPENED, *other))


def test_a_movement_knows_the_words_of_its_line() -> None:
    (out, _) = report("A", line(1, "X", batch_code=" b1 ")).effects().movements
    assert isinstance(out, Movement)
    assert (out.product, out.batch) == ("CHEESE", "B1")
