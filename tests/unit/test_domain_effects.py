"""What each kind of event says of lots: keys, links, amounts, bases."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from foodtrace.effects import Basis, Direction, Role
from foodtrace.events.commissioning import Commissioning
from foodtrace.events.envelope import Aspect
from foodtrace.events.line import Line, LotCode, ProductRef
from foodtrace.events.receipt import Receipt
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.events.transformation import Transformation
from foodtrace.events.voucher import Voucher
from foodtrace.lots import LotKey, LotKind
from foodtrace.problems import InvalidValue
from foodtrace.quantity import Quantity
from support.small import envelope


def line(number: int = 1, **more: Any) -> Line:
    more.setdefault("count", Quantity(Decimal(10), "袋"))
    return Line(line_no=number, product=ProductRef(name="奶酪"), **more)


def coded(*codes: str) -> tuple[LotCode, ...]:
    return tuple(LotCode(code=code) for code in codes)


def trade(*lines: Line, **more: Any) -> Trade:
    return Trade(
        envelope=envelope("trade", "T1", **more),
        seller=Side(party="A"),
        buyer=Side(party="B", location="M1"),
        lines=lines,
    )


def trace_lot(holder: str, code: str, location: str = "") -> LotKey:
    return LotKey(holder, location, LotKind.TRACE, "", code)


def test_a_trade_takes_from_the_seller_and_opens_at_the_buyer() -> None:
    effects = trade(line(lot_codes=coded("c1"))).effects()
    link = effects.links[0]
    assert (link.parent, link.child) == (trace_lot("A", "C1"), trace_lot("B", "C1", "M1"))
    assert [(m.lot.holder, m.direction, m.amount) for m in effects.movements] == [
        ("A", Direction.SOLD, 10_000_000),
        ("B", Direction.OPENED, 10_000_000),
    ]


def test_a_batch_code_is_the_key_where_no_trace_code_is_stated() -> None:
    effects = trade(line(batch_code="0521", manufacturer="farm")).effects()
    assert effects.links[0].parent == LotKey("A", "", LotKind.BATCH, "奶酪", "0521")
    batch = effects.claims[0].batch
    assert batch is not None
    assert (batch.manufacturer, batch.code) == ("FARM", "0521")


def test_stock_without_codes_is_the_days_pool_and_only_possible_when_taken() -> None:
    effects = trade(line()).effects()
    parent = effects.links[0].parent
    assert (parent.kind, parent.code) == (LotKind.POOL, "2026-05-21")
    assert effects.links[0].basis is Basis.POSSIBLE


def test_several_codes_without_quantities_are_not_split_by_us() -> None:
    effects = trade(line(lot_codes=coded("c1", "c2"))).effects()
    assert effects.movements == ()
    assert len(effects.links) == 2


def test_new_codes_for_old_ones_go_through_one_node() -> None:
    given, new = coded("o1", "o2", "o3"), coded("n1", "n2")
    effects = trade(line(lot_codes=new, source_lot_codes=given)).effects()
    assert len(effects.links) == 3 + 2
    node = {link.child for link in effects.links} & {link.parent for link in effects.links}
    assert {lot.kind for lot in node} == {LotKind.PROCESS}


@pytest.mark.parametrize("aspect", [Aspect.ORDERED, Aspect.PAID])
def test_orders_and_payments_move_nothing(aspect: Aspect) -> None:
    effects = trade(line(), aspect=aspect, voucher_numbers=("v1",)).effects()
    assert (effects.links, effects.movements, effects.claims) == ((), (), ())
    assert [citation.number for citation in effects.citations] == ["V1"]


def test_a_transformation_links_n_and_m_through_its_process() -> None:
    cutting = Transformation(
        envelope=envelope("transformation", "P1"),
        holder=Side(party="F"),
        process="cutting",
        inputs=tuple(line(n, lot_codes=coded(f"in{n}")) for n in (1, 2, 3)),
        outputs=tuple(line(n, lot_codes=coded(f"out{n}")) for n in (4, 5)),
    )
    effects = cutting.effects()
    assert len(effects.links) == 5
    assert {m.direction for m in effects.movements} == {Direction.USED, Direction.OPENED}


def test_a_line_number_stands_once_in_inputs_and_outputs_together() -> None:
    with pytest.raises(InvalidValue, match="duplicate-line") as refused:
        Transformation(
            envelope=envelope("transformation", "P1"),
            holder=Side(party="F"),
            process="cutting",
            inputs=(line(1),),
            outputs=(line(1),),
        )
    assert refused.value.path == "outputs[0].line_no"


def test_a_receipt_is_a_leaf() -> None:
    both = line(lot_codes=coded("c"), net_mass=Quantity(Decimal("1.5"), "kg"))
    receipt = Receipt(
        envelope=envelope("receipt", "R1"), seller=Side(party="S"), receipt_code="x", lines=(both,)
    )
    effects = receipt.effects()
    assert effects.links == ()
    assert [(fact.dimension, fact.amount) for fact in effects.retail] == [
        ("袋", 10_000_000),
        ("mass", 1_500_000),
    ]


def test_a_receipt_line_of_one_of_three_lots_is_possible_and_splits_nothing() -> None:
    bread = line(lot_codes=coded("a", "b", "c"))
    receipt = Receipt(
        envelope=envelope("receipt", "R1"), seller=Side(party="S"), receipt_code="x", lines=(bread,)
    )
    retail = receipt.effects().retail
    assert [(fact.amount, fact.basis) for fact in retail] == [(0, Basis.POSSIBLE)] * 3


def test_a_voucher_opens_the_first_lot_where_the_source_lies_outside() -> None:
    voucher = Voucher(
        envelope=envelope("voucher", "V1", document_number="V1"),
        issuer=Side(party="A"),
        lines=(line(lot_codes=coded("c")),),
    )
    effects = voucher.effects()
    assert [claim.role for claim in effects.claims] == [Role.ORIGIN]
    assert effects.links == ()
    with pytest.raises(InvalidValue, match="no-number"):
        Voucher(envelope=envelope("voucher", "V1"), issuer=Side(party="A"), lines=(line(),))


def test_commissioning_is_an_origin() -> None:
    event = Commissioning(
        envelope=envelope("commissioning", "C1"),
        holder=Side(party="A"),
        cause="harvest",
        lines=(line(),),
    )
    assert [claim.role for claim in event.effects().claims] == [Role.ORIGIN]


def test_an_unidentified_side_keeps_what_is_known_of_it() -> None:
    assert Side(claimed_name="老王", vehicle_plate="闽D 1").holder == "?老王|闽D 1"
    with pytest.raises(InvalidValue, match="unidentified"):
        Side(location="M1")


def test_nothing_moves_within_one_holder_at_one_place() -> None:
    with pytest.raises(InvalidValue, match="same-party"):
        Trade(
            envelope=envelope("trade", "T1"),
            seller=Side(party="a"),
            buyer=Side(party="A"),
            lines=(line(),),
        )


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"lot_codes": coded("c", "C ")}, "event.duplicate-code"),
        ({"count": None}, "quantity.missing"),
        ({"net_mass": Quantity(Decimal(1), "箱")}, "quantity.not-a-mass"),
        (
            {
                "net_mass": Quantity(Decimal(2), "kg"),
                "gross_mass": Quantity(Decimal(1), "kg"),
            },
            "quantity.net-mass",
        ),
        (
            {"production_date": date(2026, 5, 2), "expiry_date": date(2026, 5, 1)},
            "date.expiry-before-production",
        ),
        ({"batch_code": "a\x00b"}, "text.control-character"),
        ({"batch_code": "\ud800"}, "text.lone-surrogate"),
        ({"batch_code": "x" * 65}, "text.too-long"),
        ({"batch_code": " "}, "text.empty"),
        ({"price_amount": Decimal(1)}, "money.no-currency"),
    ],
)
def test_impossible_lines_are_refused_by_name(more: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        line(**more)
    assert refused.value.code == code


def test_a_line_made_after_it_was_sold_is_refused() -> None:
    with pytest.raises(InvalidValue, match="produced-after-event") as refused:
        trade(line(production_date=date(2026, 5, 23)))
    assert refused.value.path == "lines[0].production_date"
