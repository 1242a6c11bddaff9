"""The ledger's book of stock says what the reference says, live, on any day, in any world."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from foodtrace.conversions import Ratios
from foodtrace.events import Event
from foodtrace.lineage import Lineage
from foodtrace.stock_book import Account, Entry, Keeping, comparable, oddities, periods
from foodtrace.stock_entries import book, entries_by_account
from foodtrace_ledger.book import Wanted, of_lot, stock
from foodtrace_ledger.book_values import Equation, Odd, StockLine
from foodtrace_ledger.engine import make_engine, snapshot
from support.ledger import empty, push
from support.stock_worlds import DAYS, FIRST, PARTIES, WORLDS

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
