"""进销存: the equation holds in any world and any order, and names what doesn't add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from foodtrace.conversions import Ratios
from foodtrace.events import Event
from foodtrace.events.commissioning import Commissioning
from foodtrace.events.line import Line, LotCode, ProductRef
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.events.voucher import Voucher
from foodtrace.lineage import Lineage
from foodtrace.quantity import Quantity
from foodtrace.stock_book import Account, Entry, comparable, oddities, periods
from foodtrace.stock_entries import book, entries_by_account
from support.stock_worlds import DAYS, FIRST, WORLDS, an_envelope

CASES = Ratios([("conversion.箱", "24 袋")])
NONE = Ratios()
M = 1_000_000


def entry(day: int, direction: str, amount: int, dimension: str = "袋", **more: Any) -> Entry:
    return Entry(
        day=FIRST + timedelta(day),
        direction=direction,
        dimension=dimension,
        amount=amount * M,
        **more,
    )


ENTRIES = st.lists(
    st.builds(
        lambda day, way, amount, unit: entry(day, way, amount, unit),
        st.integers(0, DAYS - 1),
        st.sampled_from(["opened", "opened", "sold", "retail", "used", "adjusted"]),
        st.integers(1, 30),
        st.sampled_from(["袋", "箱"]),
    ),
    max_size=12,
)


def on(day: int) -> date:
    return FIRST + timedelta(day)


@settings(max_examples=40, deadline=None)
@given(WORLDS, st.randoms(use_true_random=False))
def test_a_book_is_the_same_whatever_order_events_come_in(events: list[Event], random: Any) -> None:
    again = [*events, *events[:3]]
    random.shuffle(again)
    assert _amounts(again) == _amounts(events)


def _amounts(events: list[Event]) -> dict[Account, Counter[Entry]]:
    accounts = entries_by_account(book(Lineage(events)))
    return {account: Counter(entries) for account, entries in accounts.items()}


@settings(max_examples=40, deadline=None)
@given(WORLDS)
def test_the_lots_together_are_the_product(events: list[Event]) -> None:
    """Nothing is lost or doubled on the way from lots to accounts."""
    lineage = Lineage(events)
    by_lot: Counter[tuple[str, str]] = Counter()
    for lot in {fact.value.lot for fact in lineage.facts if fact.name in ("movements", "retail")}:
        by_lot.update(lineage.balance(lot))
    by_account: Counter[tuple[str, str]] = Counter()
    for entries in entries_by_account(book(lineage)).values():
        for each in entries:
            by_account[str(each.direction), each.dimension] += each.amount
    assert by_account == Counter({(str(way), d): n for (way, d), n in by_lot.items()})


@given(ENTRIES, st.integers(0, DAYS - 1), st.integers(0, DAYS - 1))
def test_the_equation_holds_on_any_day(entries: list[Entry], one: int, other: int) -> None:
    since, at = on(min(one, other)), on(max(one, other))
    whole = {p.balance.dimension: p for p in periods(entries, at)}
    before = {p.balance.dimension: p for p in periods(entries, since - timedelta(1))}
    for part in periods(entries, at, since):
        name, moved = part.balance.dimension, part.balance
        left = moved.sold + moved.retail + moved.used + moved.adjusted
        assert part.opening + moved.opened == left + part.book_stock
        assert part.opening == (before[name].book_stock if name in before else 0)
        assert part.book_stock == whole[name].book_stock


@given(ENTRIES, st.integers(0, DAYS - 2))
def test_what_came_and_went_only_grows_with_the_days(entries: list[Entry], day: int) -> None:
    later = {p.balance.dimension: p.balance for p in periods(entries, on(day + 1))}
    for each in periods(entries, on(day)):
        now, then = each.balance, later[each.balance.dimension]
        assert (now.opened, now.sold, now.retail) <= (then.opened, then.sold, then.retail)


@given(ENTRIES)
def test_one_unit_says_the_same_as_many(entries: list[Entry]) -> None:
    told = comparable(entries, CASES)
    assert told is not None
    stock = sum(each.change * (24 if each.dimension == "箱" else 1) for each in entries)
    into = {each.dimension for each in told}
    assert into <= {"袋"} or into == {"箱"}
    scale = 24 if into == {"箱"} else 1
    assert sum(each.change for each in told) * scale == stock


@given(ENTRIES, st.randoms(use_true_random=False))
def test_what_is_odd_depends_on_no_order(entries: list[Entry], random: Any) -> None:
    shuffled = list(entries)
    random.shuffle(shuffled)
    assert oddities(shuffled, on(DAYS), CASES) == oddities(entries, on(DAYS), CASES)


@given(ENTRIES)
def test_more_left_than_came_in_is_always_named(entries: list[Entry]) -> None:
    stock = sum(each.change * (24 if each.dimension == "箱" else 1) for each in entries)
    if stock < 0:
        assert oddities(entries, on(DAYS), CASES)


def test_the_first_day_with_less_than_nothing_is_told() -> None:
    entries = [
        entry(0, "opened", 10),
        entry(1, "sold", 12),
        entry(2, "opened", 5),
        entry(3, "retail", 9),
    ]
    (found,) = oddities(entries, on(3), NONE)
    assert (found.code, found.first, found.until) == ("lot.oversold", on(1), None)
    assert found.lowest == -6 * M
    (covered,) = oddities(entries, on(2), NONE)
    assert (covered.first, covered.until, covered.lowest) == (on(1), on(2), -2 * M)
    assert oddities(entries, on(0), NONE) == ()


def test_sales_without_any_purchase_are_one_flag() -> None:
    (found,) = oddities([entry(2, "sold", 3), entry(1, "retail", 2, "箱")], on(4), NONE)
    assert (found.code, found.first) == ("lot.never-received", on(1))
    assert found.detail == "2 箱, 3 袋"


def test_cases_bought_and_bags_sold_need_a_conversion() -> None:
    entries = [entry(0, "opened", 2, "箱"), entry(1, "sold", 40)]
    (odd,) = oddities(entries, on(1), NONE)
    assert odd.code == "unit.incomparable"
    assert oddities(entries, on(1), CASES) == ()
    assert {p.balance.dimension for p in periods(entries, on(1))} == {"箱", "袋"}
    (told,) = periods(comparable(entries, CASES) or (), on(1))
    assert (told.balance.dimension, told.book_stock) == ("袋", 8 * M)
    (short,) = oddities([*entries, entry(2, "sold", 9)], on(2), CASES)
    assert (short.code, short.dimension, short.lowest) == ("lot.oversold", "袋", -1 * M)


def test_what_leaves_its_own_source_was_there() -> None:
    entries = [entry(0, "sold", 7, sourced=True), entry(1, "opened", 2), entry(1, "sold", 3)]
    (period,) = periods(entries, on(1))
    assert (period.implied, period.balance.sold, period.book_stock) == (7 * M, 10 * M, -1 * M)
    (odd,) = oddities(entries, on(1), NONE)
    assert (odd.code, odd.lowest) == ("lot.oversold", -1 * M)
    assert oddities(entries[:1], on(1), NONE) == ()


def test_only_goods_that_nobody_saw_come_in_are_there_by_their_voucher() -> None:
    """Of 100 bags that a dairy made a voucher takes 80; and of greens that came in the day before."""
    dairy, shop = Side(party="DAIRY"), Side(party="SHOP")

    def line(amount: int, batch: str | None, unit: str = "袋") -> tuple[Line, ...]:
        size = Quantity(Decimal(amount), unit)
        cheese = ProductRef(product_id="CHEESE")
        return (
            Line(line_no=1, product=cheese, batch_code=batch, manufacturer="DAIRY", count=size),
        )

    def handed(number: int, lines: tuple[Line, ...]) -> Voucher:
        told = an_envelope("voucher", number, on(1), document_number=f"V{number}")
        return Voucher(envelope=told, issuer=dairy, receiver=shop, lines=lines)

    def made(number: int, lines: tuple[Line, ...]) -> Commissioning:
        told = an_envelope("commissioning", number, on(0))
        return Commissioning(envelope=told, holder=dairy, cause="production", lines=lines)

    def left(*events: Event) -> list[tuple[str, int, int]]:
        accounts = entries_by_account(book(Lineage(events)))
        mine = next(accounts[each] for each in accounts if each.party == "DAIRY")
        return [(p.balance.dimension, p.implied, p.book_stock) for p in periods(mine, on(1))]

    assert left(handed(1, line(80, "B1"))) == [("袋", 80 * M, 0)]
    assert left(made(1, line(100, "B1")), handed(1, line(80, "B1"))) == [("袋", 0, 20 * M)]
    assert left(made(1, line(100, None)), handed(1, line(80, None))) == [("袋", 0, 20 * M)]
    assert left(made(1, line(4, "B1", "箱")), handed(1, line(80, "B1"))) == [
        ("箱", 0, 4 * M),
        ("袋", 0, -80 * M),
    ]
    assert left(made(1, line(100, "B1")), handed(1, line(80, "B2"))) == [("袋", 80 * M, 100 * M)]
    coded = (replace(line(100, "B1")[0], lot_codes=(LotCode(code="T1"),)),)
    for told in (line(80, "B1"), line(80, None)):
        assert left(made(1, coded), handed(1, told)) == [("袋", 0, 20 * M)]


def test_two_measures_of_a_line_are_the_same_goods() -> None:
    """Halves come in by 片 and kg and go out by the kilogram: judged by mass, never added up."""
    entries = [
        entry(0, "opened", 4, "片", beside="mass"),
        entry(0, "opened", 160, "mass", beside="片"),
        entry(1, "sold", 150, "mass"),
    ]
    assert oddities(entries, on(1), NONE) == ()
    (odd,) = oddities([*entries, entry(2, "sold", 20, "mass")], on(2), NONE)
    assert (odd.code, odd.dimension, odd.lowest) == ("lot.oversold", "mass", -10 * M)
    declared = Ratios([("conversion.片", "40 kg")])
    (told,) = periods(comparable(entries, declared) or (), on(1))
    assert (told.balance.dimension, told.balance.opened) == ("mass", 160 * M)


def test_contradicting_conversions_convert_nothing() -> None:
    odd = Ratios(
        [("conversion.箱", "24 袋"), ("conversion.袋", "2 盒"), ("conversion.箱", "50 盒")]
    )
    assert odd.group("箱") != odd.group("袋")
    sound = Ratios([("conversion.箱", "24 袋"), ("conversion.袋", "2 盒"), ("other", "x")])
    assert sound.worth("箱") / sound.worth("盒") == Fraction(48)


def test_goods_kept_for_an_owner_are_his_stock_whoever_sells_them() -> None:
    kept = Side(party="SH", owner="O", location="M1")
    halves = Line(
        line_no=1,
        product=ProductRef(product_id="HALF"),
        lot_codes=(LotCode(code="X"),),
        count=Quantity(Decimal(4), "片"),
    )

    def sold(number: int, seller: Side) -> Event:
        told = an_envelope("trade", number, on(1))
        return Trade(envelope=told, seller=seller, buyer=Side(party="B"), lines=(halves,))

    made = Commissioning(
        envelope=an_envelope("commissioning", 1, on(0)),
        holder=kept,
        cause="slaughter",
        lines=(halves,),
    )
    his = Account("O", "M1", "HALF")
    for seller in (kept, Side(party="O", location="M1"), Side(party="SH", location="M1")):
        accounts = entries_by_account(book(Lineage([made, sold(1, seller)])))
        assert set(accounts) == {his, Account("B", "", "HALF")}
        assert [p.book_stock for p in periods(accounts[his], on(1))] == [0]
