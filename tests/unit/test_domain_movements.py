"""The other movements: what each says of lots, what it refuses, and that no unit is lost by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foodtrace.balance import Balance, balances
from foodtrace.effects import Basis, Direction, Link, Role
from foodtrace.events import Event
from foodtrace.events.adjustment import Adjustment, Change
from foodtrace.events.consumption import Consumption
from foodtrace.events.envelope import Aspect
from foodtrace.events.goods_return import Return
from foodtrace.events.line import Line, LineRef, LotCode, ProductRef
from foodtrace.events.packing import Action, Packing
from foodtrace.events.release import Release
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.events.transfer import Transfer
from foodtrace.events.transformation import Transformation
from foodtrace.events.voucher import Voucher
from foodtrace.lineage import Lineage
from foodtrace.lots import LotKey, LotKind
from foodtrace.quantity import MICRO, Quantity
from support.ledger_market import GOODS
from support.small import DAY, envelope

A, B = Side(party="A"), Side(party="B")


def line(amount: int = 10, code: str | None = "X", *, line_no: int = 1, **more: Any) -> Line:
    return Line(
        line_no=line_no,
        product=ProductRef(product_id="pork", category=more.pop("category", None)),
        lot_codes=() if code is None else (LotCode(code=code),),
        count=Quantity(Decimal(amount), more.pop("unit", "袋")),
        **more,
    )


def at(holder: str, code: str = "X", place: str = "") -> LotKey:
    return LotKey(holder, place, LotKind.TRACE, "", code)


def of(event: Event, line_no: int = 1) -> LineRef:
    return LineRef(event_id=event.envelope.event_id, line_no=line_no)


def trade(*lines: Line, number: str = "1", **more: Any) -> Trade:
    told = envelope("trade", number, **more)
    return Trade(envelope=told, seller=A, buyer=B, lines=lines or (line(),))


def transfer(*lines: Line, origin: Side, destination: Side, **more: Any) -> Transfer:
    told = envelope("transfer", "1", **more)
    return Transfer(envelope=told, origin=origin, destination=destination, lines=lines or (line(),))


def goes_back(*lines: Line, **more: Any) -> Return:
    told = envelope("return", "1", **more)
    return Return(envelope=told, returner=B, receiver=A, reason="quality", lines=lines)


def released(*lines: Line) -> Release:
    return Release(envelope=envelope("release", "1"), holder=A, reason="sound", lines=lines)


def packing(action: Action, *lines: Line, unit: str = "U") -> Packing:
    told = envelope("packing", action)
    return Packing(envelope=told, holder=A, action=action, unit_code=unit, lines=lines)


def equation(events: list[Event], lot: LotKey) -> Balance:
    """The one equation of a lot, in whole units."""
    sums = ((*key, amount // MICRO) for key, amount in Lineage(events).balance(lot).items())
    (balance,) = balances(sums)
    return balance


def bases(event: Event) -> dict[tuple[str, str], Basis]:
    """The links by the kinds of their ends."""
    links = event.effects().links
    return {(link.parent.kind, link.child.kind): link.basis for link in links}


def test_a_transfer_moves_goods_between_two_places_of_one_party() -> None:
    shop, store = Side(party="A", location="S1"), Side(party="a", location="S2")
    event = transfer(origin=shop, destination=store)
    assert event.effects().links == (
        Link(1, at("A", place="S1"), at("A", place="S2"), Basis.DECLARED),
    )
    assert equation([event], at("A", place="S1")) == Balance(dimension="袋", moved=10)
    assert equation([event], at("A", place="S2")) == Balance(dimension="袋", opened=10)


def test_returned_goods_wait_until_they_are_released() -> None:
    sale = trade()
    back = goes_back(line(4, refers_to=of(sale)))
    (waiting,) = {c.lot for c in back.effects().claims if c.lot.kind is LotKind.RETURNED}
    assert waiting == LotKey("A", "", LotKind.RETURNED, "", f"{back.envelope.event_id}/1")
    assert equation([sale, back], at("B")) == Balance(dimension="袋", opened=10, returned=4)
    assert equation([sale, back], at("A")) == Balance(dimension="袋", sold=10)
    assert equation([sale, back], waiting).book_stock == 4

    again = released(line(3, refers_to=of(back)))
    events: list[Event] = [again, back, sale]
    assert equation(events, waiting) == Balance(dimension="袋", opened=4, moved=3)
    # What is moved back in is moved by less than nothing.
    assert equation(events, at("A")) == Balance(dimension="袋", sold=10, moved=-3)


def test_that_unreleased_goods_are_sold_all_the_same_is_possible() -> None:
    back = goes_back(line(4, refers_to=of(trade())))
    assert bases(back) == {("trace", "returned"): "declared", ("returned", "trace"): "possible"}
    assert bases(released(line(4, refers_to=of(back)))) == {("returned", "trace"): "declared"}
    reach = Lineage([back]).downstream([at("B")])
    assert not reach[at("A")].confirmed
    both = Lineage([back, released(line(4, refers_to=of(back)))]).downstream([at("B")])
    assert both[at("A")].confirmed


@pytest.mark.parametrize(("change", "sign"), [(Change.LOSS, 1), (Change.GAIN, -1)])
def test_an_adjustment_takes_what_is_missing_and_gives_what_was_found(
    change: Change, sign: int
) -> None:
    told = envelope("adjustment", "1")
    event = Adjustment(
        envelope=told, holder=A, change=change, reason="count", lines=(line(2, None),)
    )
    pool = LotKey("A", "", LotKind.POOL, "PORK", DAY.isoformat())
    balance = equation([event], pool)
    assert (balance.adjusted, balance.book_stock) == (2 * sign, -2 * sign)
    assert event.effects().claims[0].role == (Role.TAKEN if sign > 0 else Role.NAMED)


def test_consumption_uses_goods_up() -> None:
    told = envelope("consumption", "1")
    event = Consumption(envelope=told, holder=A, purpose="meal", lines=(line(2),))
    assert equation([event], at("A")) == Balance(dimension="袋", used=2)
    assert event.effects().links == ()


def test_contents_keep_their_codes_in_a_unit() -> None:
    packed = packing(Action.PACK, line(4), line(6, "Y", line_no=2))
    unpacked = packing(Action.UNPACK, line(6, "Y"))
    events: list[Event] = [unpacked, packed]
    unit = at("A", "U")
    assert equation(events, unit) == Balance(dimension="袋", opened=10, moved=6)
    assert equation(events, at("A", "Y")) == Balance(dimension="袋", opened=6, moved=6)
    assert equation(events, at("A", "X")) == Balance(dimension="袋", moved=4)
    assert {c.role for c in packed.effects().claims if c.lot == unit} == {Role.PACKED}
    assert bases(unpacked) == {("trace", "trace"): "possible"}


@pytest.mark.parametrize("aspect", [Aspect.ORDERED, Aspect.PAID])
def test_orders_and_payments_move_nothing_back_or_across(aspect: Aspect) -> None:
    across = transfer(origin=A, destination=Side(party="A", location="S1"), aspect=aspect)
    back = goes_back(line(refers_to=of(trade())), aspect=aspect)
    for event in (across, back):
        assert (event.effects().links, event.effects().movements) == ((), ())


@pytest.mark.parametrize(
    ("owner", "links"),
    [("P", [("A", "P")]), (None, []), (" a ", [])],
    ids=["on commission", "own", "own, written otherwise"],
)
def test_what_is_slaughtered_on_commission_is_also_its_owners(
    owner: str | None, links: list[tuple[str, str]]
) -> None:
    event = slaughter(heads=1, halves=2, owner=owner)
    made = [link for link in event.effects().links if link.parent.kind is LotKind.TRACE]
    owned = [(k.parent.holder, k.child.holder) for k in made if k.child.kind is LotKind.TRACE]
    assert owned == links
    named = {claim.owner for claim in event.effects().claims if claim.lot.holder == "A"}
    assert named == {"P" if links else None}
    assert "P" not in {movement.lot.holder for movement in event.effects().movements}


def slaughter(heads: int, halves: int, owner: str | None = None) -> Transformation:
    return Transformation(
        envelope=envelope("transformation", "1"),
        holder=Side(party="A", owner=owner),
        process="slaughter",
        inputs=(line(heads, "PIG", unit="头"),),
        outputs=(line(halves, "HALF", unit="片", line_no=2),),
    )


def test_two_halves_of_each_head_may_come_out() -> None:
    assert slaughter(heads=3, halves=6).outputs


_PLAIN = st.tuples(st.sampled_from(["X", "Y", None]), st.integers(1, 9))


def _made_of(kind: str, lines: tuple[Line, ...]) -> Event:
    cited = tuple(replace(each, refers_to=of(trade())) for each in lines)
    makers: dict[str, Callable[[], Event]] = {
        "trade": lambda: trade(*lines),
        "voucher": lambda: Voucher(
            envelope=envelope("voucher", "1", document_number="V1"),
            issuer=A,
            receiver=B,
            lines=lines,
        ),
        "transfer": lambda: transfer(*lines, origin=A, destination=Side(party="A", location="S1")),
        "return": lambda: goes_back(*cited),
        "release": lambda: released(*cited),
        "pack": lambda: packing(Action.PACK, *lines),
        "unpack": lambda: packing(Action.UNPACK, *lines),
    }
    return makers[kind]()


@given(
    kind=st.sampled_from(["trade", "voucher", "transfer", "return", "release", "pack", "unpack"]),
    stated=st.lists(_PLAIN, min_size=1, max_size=3),
)
def test_what_leaves_by_a_document_comes_in_by_it(
    kind: str, stated: list[tuple[str | None, int]]
) -> None:
    lines = tuple(line(amount, code, line_no=n) for n, (code, amount) in enumerate(stated, 1))
    sums: Counter[bool] = Counter()
    for movement in _made_of(kind, lines).effects().movements:
        sums[movement.direction is Direction.OPENED] += movement.amount
    whole = sum(amount for _, amount in stated) * MICRO
    # Released goods are moved out of one lot and, by less than nothing, into another.
    assert (sums[False], sums[True]) == ((0, 0) if kind == "release" else (whole, whole))


@given(event=st.one_of(*GOODS))
def test_whatever_moves_is_also_spoken_of(event: Event) -> None:
    effects = event.effects()
    claimed = {claim.lot for claim in effects.claims}
    assert {movement.lot for movement in effects.movements} <= claimed
    ends = {lot for link in effects.links for lot in (link.parent, link.child)}
    owned = {replace(c.lot, holder=c.owner) for c in effects.claims if c.owner is not None}
    shelves = {link.child for link in effects.links if link.parent.kind is LotKind.RETURNED}
    assert {lot for lot in ends if lot.kind is not LotKind.PROCESS} <= claimed | owned | shelves
