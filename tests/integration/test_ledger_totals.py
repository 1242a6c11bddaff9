"""Each unit once, also where goods go back, are released, moved, packed or used up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from foodtrace.events import Event
from foodtrace.events.adjustment import Adjustment, Change
from foodtrace.events.commissioning import Commissioning
from foodtrace.events.consumption import Consumption
from foodtrace.events.goods_return import Return
from foodtrace.events.line import LineRef
from foodtrace.events.packing import Action, Packing
from foodtrace.events.release import Release
from foodtrace.events.side import Side
from foodtrace.events.transfer import Transfer
from foodtrace.lots import LotKey, LotKind
from foodtrace_ledger import roots
from foodtrace_ledger.affected import affected
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.totals import Total
from support.ledger import goods, push, receipt, trade
from support.small import envelope

A, B = Side(party="A"), Side(party="B")


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


def total_of(engine: Engine, *events: Event) -> Total:
    """The totals of a recall of A's lot X; its equation holds and nothing is unexplained."""
    push(engine, *events)
    with snapshot(engine) as conn:
        lot = LotKey("A", "", LotKind.TRACE, "", "X")
        (total,) = affected(conn, roots.of_lots(conn, [lot.lot_id])).totals.all
    assert total.opened + total.appeared == total.now.units + total.into_mixed + total.unexplained
    return total


def whole(*figures: Decimal) -> tuple[int, ...]:
    return tuple(map(int, figures))


def made(amount: int) -> Event:
    told = envelope("commissioning", "1")
    return Commissioning(envelope=told, holder=A, cause="harvest", lines=(goods("X", amount),))


def goes_back(sale: Event, amount: int) -> Event:
    cited = goods("X", amount, refers_to=LineRef(event_id=sale.envelope.event_id, line_no=1))
    told = envelope("return", "1")
    return Return(envelope=told, returner=B, receiver=A, reason="quality", lines=(cited,))


def released(back: Event, amount: int) -> Event:
    cited = goods("X", amount, refers_to=LineRef(event_id=back.envelope.event_id, line_no=1))
    return Release(envelope=envelope("release", "1"), holder=A, reason="sound", lines=(cited,))


def packing(action: Action, holder: Side, amount: int) -> Event:
    told = envelope("packing", action)
    lines = (goods("X", amount),)
    return Packing(envelope=told, holder=holder, action=action, unit_code="U", lines=lines)


def test_what_went_back_and_was_released_is_there_once(engine: Engine) -> None:
    sale = trade(1, "A", "B", goods("X", 10))
    back = goes_back(sale, 4)
    total = total_of(engine, made(10), sale, back, released(back, 3))
    assert whole(total.opened, total.now.book_stock, total.unexplained) == (10, 10, 0)


def test_what_came_back_must_have_been_there_before(engine: Engine) -> None:
    sale = trade(1, "A", "B", goods("X", 10))
    back = goes_back(sale, 4)
    # Nobody says how A came by its goods: it had the ten it sold.
    total = total_of(engine, sale, back, released(back, 3))
    assert whole(total.opened, total.now.units, total.unexplained) == (10, 10, 0)


def test_moved_and_used_goods_are_where_they_went(engine: Engine) -> None:
    moved = Transfer(
        envelope=envelope("transfer", "1"),
        origin=A,
        destination=Side(party="A", location="S1"),
        lines=(goods("X", 6),),
    )
    eaten = Consumption(
        envelope=envelope("consumption", "1"),
        holder=Side(party="A", location="S1"),
        purpose="meal",
        lines=(goods("X", 2),),
    )
    total = total_of(engine, made(10), moved, eaten, receipt(1, "A", goods("X", 1)))
    assert whole(total.opened, total.unexplained) == (10, 0)
    now = total.now
    assert whole(now.units, now.book_stock, now.used, now.retail) == (10, 7, 2, 1)


@pytest.mark.parametrize(("change", "stock"), [(Change.LOSS, 8), (Change.GAIN, 12)])
def test_what_a_count_corrects_stands_beside_the_stock(
    engine: Engine, change: Change, stock: int
) -> None:
    told = envelope("adjustment", "1")
    event = Adjustment(
        envelope=told, holder=A, change=change, reason="count", lines=(goods("X", 2),)
    )
    total = total_of(engine, made(10), event)
    assert whole(total.opened, total.now.units, total.now.book_stock) == (10, 10, stock)
    assert total.now.adjusted == 10 - stock


def test_what_was_unpacked_again_is_not_in_its_unit(engine: Engine) -> None:
    pallet = trade(1, "A", "B", goods("U", 10))
    total = total_of(
        engine, made(10), packing(Action.PACK, A, 10), pallet, packing(Action.UNPACK, B, 7)
    )
    assert whole(total.opened, total.now.book_stock, total.into_mixed, total.unexplained) == (
        10,
        7,
        3,
        0,
    )


def test_what_is_unpacked_where_it_was_packed_did_not_begin_twice(engine: Engine) -> None:
    events = [made(10), packing(Action.PACK, A, 10), packing(Action.UNPACK, A, 10)]
    total = total_of(engine, *events)
    assert whole(total.opened, total.now.book_stock, total.into_mixed, total.unexplained) == (
        10,
        10,
        0,
        0,
    )


def test_goods_that_were_bought_back_did_not_begin_twice(engine: Engine) -> None:
    events = [made(10), trade(1, "A", "B", goods("X", 10)), trade(2, "B", "A", goods("X", 4))]
    total = total_of(engine, *events)
    assert whole(total.opened, total.now.units, total.unexplained) == (10, 10, 0)
