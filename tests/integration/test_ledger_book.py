"""The ledger's book of stock says what the reference says, live, on any day, in any world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from foodtrace.conversions import Ratios
from foodtrace.events import Event
from foodtrace.events.commissioning import Commissioning
from foodtrace.events.line import Line
from foodtrace.events.master import Alias
from foodtrace.events.party import Party, PartyKind
from foodtrace.events.side import Side
from foodtrace.lineage import Lineage
from foodtrace.stock_book import Account, Entry, Keeping, comparable, oddities, periods
from foodtrace.stock_entries import book, entries_by_account
from foodtrace_ledger.book import Wanted, of_lot, stock
from foodtrace_ledger.book_values import Equation, Odd, StockLine
from foodtrace_ledger.engine import make_engine, snapshot
from support.ledger import empty, goods, push, trade
from support.stock_worlds import DAYS, FIRST, PARTIES, WORLDS, an_envelope

CASES = Ratios([("conversion.箱", "24 袋")])
NONE = Ratios()
TODAY = FIRST + timedelta(DAYS)


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=WORLDS, day=st.integers(0, DAYS - 1), back=st.integers(0, 2))
def test_the_book_is_the_references(
    engine: Engine, events: list[Event], day: int, back: int
) -> None:
    empty(engine)
    push(engine, *events)
    at, since = FIRST + timedelta(day), FIRST + timedelta(day - back)
    lineage = Lineage(events)
    booked = book(lineage)
    accounts = entries_by_account(
        booked, lambda product: min(lineage.sameness.products(product, at))
    )
    with snapshot(engine) as conn:
        for party in PARTIES:
            wanted = Wanted(party=party, location=None, at=at, since=since, today=TODAY)
            told = {_account(line): line for line in stock(conn, wanted).lines}
            mine = {a: e for a, e in accounts.items() if a.party == party}
            for account, entries in mine.items():
                expected = _equations(entries, at, since)
                line = told.pop(account, None)
                assert (() if line is None else _stated(line)) == expected
                if line is not None:
                    _judged(line, account, entries, mine, at)
            assert all(line.party != party or not _stated(line) for line in told.values())
        for lot in {each.lot for each in booked}:
            one = of_lot(conn, lot.lot_id, at=at, since=since, today=TODAY)
            entries = [each.entry for each in booked if each.lot == lot]
            assert tuple(e for e in one.equations if _any(e)) == _equations(entries, at, since)


def _account(line: StockLine) -> Account:
    return Account(line.party, line.location, line.product, Keeping(line.keeping))


def _equations(entries: list[Entry], at: date, since: date) -> tuple[Equation, ...]:
    told = (Equation.of(each) for each in periods(entries, at, since))
    return tuple(each for each in told if _any(each))


def _stated(line: StockLine) -> tuple[Equation, ...]:
    return tuple(each for each in line.equations if _any(each))


def _any(each: Equation) -> bool:
    names = (
        "opening",
        "opened",
        "implied",
        "sold",
        "used",
        "disposed",
        "moved",
        "returned",
        "adjusted",
    )
    return any(getattr(each, name) for name in (*names, "retail"))


def _judged(
    line: StockLine,
    account: Account,
    entries: list[Entry],
    every: dict[Account, list[Entry]],
    at: date,
) -> None:
    """Where every document states its place, what is odd is what the domain finds odd."""
    cheese = account.product == min("CHEESE", "C-1", "GTIN-9")
    ratios = CASES if cheese else NONE
    unplaced = any(a.location == "" and a.product == account.product for a in every)
    if account.keeping is Keeping.SHELF and not unplaced:
        assert line.odd == tuple(Odd.of(each) for each in oddities(entries, at, ratios))
    if line.comparable is not None:
        known = [entry for entry in entries if entry.day <= at]
        (whole,) = periods(comparable(known, ratios) or (), at)
        assert line.comparable.book_stock == Equation.of(whole).book_stock


def _cheese(number: int, amount: int) -> Line:
    return goods("X", amount, line_no=number)


def test_a_party_under_two_ids_has_one_book_and_sees_its_own_alone(engine: Engine) -> None:
    renamed = Party(
        envelope=an_envelope("party", 1, FIRST),
        party="A",
        name="甲店",
        party_kind=PartyKind.ENTERPRISE,
        aliases=(Alias(scheme="market", code="A-8"),),
    )
    push(engine, renamed, trade(1, "B", "A", _cheese(1, 10)), trade(2, "A-8", "C", _cheese(1, 4)))
    wanted = Wanted(party="A", location=None, today=TODAY)
    with snapshot(engine) as conn:
        (line,) = stock(conn, wanted).lines
        assert (line.party, line.party_name, line.odd) == ("A", "甲店", ())
        assert line.equations[0].book_stock == 6
        (own,) = stock(conn, replace(wanted, limited=True)).lines
        assert own.equations[0].book_stock == 10


def test_who_keeps_goods_for_another_sees_what_he_does_with_them_alone(engine: Engine) -> None:
    kept = Side(party="SH", owner="O", location="M1")
    made = Commissioning(
        envelope=an_envelope("commissioning", 1, FIRST),
        holder=kept,
        cause="slaughter",
        lines=(_cheese(1, 10),),
    )
    push(engine, made, trade(1, "O", "B", _cheese(1, 4), place="M1"))
    with snapshot(engine) as conn:
        wanted = Wanted(party="SH", location="M1", today=TODAY)
        (whole,) = stock(conn, wanted).lines
        assert (whole.party, whole.kept_by, whole.partial) == ("O", ("SH",), False)
        assert whole.equations[0].book_stock == 6
        (mine,) = stock(conn, replace(wanted, limited=True)).lines
        assert (mine.party, mine.partial) == ("O", True)
        assert mine.equations[0].book_stock == 10


def test_goods_whose_place_nobody_states_may_lie_at_any(engine: Engine) -> None:
    """Bought without a place, sold at the stall: nothing is short but what both are short of."""
    push(
        engine,
        trade(1, "B", "A", _cheese(1, 10)),
        trade(2, "A", "C", _cheese(1, 8), place="M1"),
    )
    with snapshot(engine) as conn:
        wanted = Wanted(party="A", location=None, today=TODAY)
        assert [line.odd for line in stock(conn, wanted).lines] == [(), ()]
    push(engine, trade(3, "A", "C", _cheese(1, 3), place="M1"))
    with snapshot(engine) as conn:
        (stall,) = stock(conn, replace(wanted, location="M1")).lines
        assert [each.code for each in stall.odd] == ["lot.never-received"]
