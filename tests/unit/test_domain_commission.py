"""Meat slaughtered on commission is its owner's stock, also where he sells it without codes."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from foodtrace.events.line import Line, LotCode, ProductRef
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.events.transformation import Transformation
from foodtrace.lineage import Lineage
from foodtrace.lots import LotKey, LotKind
from foodtrace.quantity import Quantity
from support.small import envelope

PIGS = ProductRef(product_id="pig", category="生猪")
PORK = ProductRef(product_id="pork", category="猪肉")
HOUSE = Side(party="house", location="abattoir", owner="chain")
OWNER = Side(party="chain", location="abattoir")


def line(number: int, product: ProductRef, code: str | None) -> Line:
    codes = () if code is None else (LotCode(code=code),)
    mass = Quantity(Decimal(100), "kg")
    return Line(line_no=number, product=product, lot_codes=codes, net_mass=mass)


def slaughter() -> Transformation:
    return Transformation(
        envelope=envelope("transformation", "1"),
        holder=HOUSE,
        process="slaughter",
        inputs=(line(1, PIGS, "PIG"),),
        outputs=(line(2, PORK, "PORK"),),
    )


def sold(code: str | None, *, days: int = 0) -> Trade:
    made = envelope("trade", f"{code}-{days}")
    day = made.business_date + timedelta(days=days)
    later = envelope(
        "trade",
        f"{code}-{days}",
        business_date=day,
        occurred_at=made.occurred_at + timedelta(days=days),
    )
    return Trade(
        envelope=later,
        seller=OWNER,
        buyer=Side(party="shop", location="street"),
        lines=(line(1, PORK, code),),
    )


def reached(*events: Transformation | Trade) -> dict[tuple[str, str], bool]:
    herd = LotKey("HOUSE", "ABATTOIR", LotKind.TRACE, "", "PIG")
    found: dict[tuple[str, str], bool] = {}
    for lot, reach in Lineage(events).downstream([herd]).items():
        key = (lot.holder, lot.location)
        found[key] = found.get(key, False) or reach.confirmed
    return found


def test_the_owner_sells_it_under_its_code() -> None:
    assert reached(slaughter(), sold("PORK"))["SHOP", "STREET"] is True


def test_the_owner_sells_it_without_codes_within_the_days_that_pork_is_kept() -> None:
    assert reached(slaughter(), sold(None))["SHOP", "STREET"] is False
    assert reached(slaughter(), sold(None, days=5))["SHOP", "STREET"] is False
    assert ("SHOP", "STREET") not in reached(slaughter(), sold(None, days=6))


def brought(taker: Side) -> Trade:
    return Trade(
        envelope=envelope("trade", "brought"),
        seller=Side(party="farm"),
        buyer=taker,
        lines=(line(1, PORK, "PORK"),),
    )


def test_what_a_store_keeps_for_its_owner_is_found_where_the_owner_sells_it() -> None:
    start = LotKey("FARM", "", LotKind.TRACE, "", "PORK")
    for code, sure in (("PORK", True), (None, False)):
        reach = Lineage((brought(HOUSE), sold(code))).downstream([start])
        found = {lot.holder: each.confirmed for lot, each in reach.items() if lot.holder == "SHOP"}
        assert found == {"SHOP": sure}


def test_a_giver_who_stays_the_owner_makes_no_circle() -> None:
    """Goods on consignment, and no place stated: they were his before."""
    event = brought(Side(party="store", owner="farm"))
    assert [(each.parent.holder, each.child.holder) for each in event.effects().links] == [
        ("FARM", "STORE")
    ]
