"""Quantities are conserved: every lot's equation is the reference's, every recall loses no unit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, text

from foodtrace.balance import Balance, balances
from foodtrace.events import Event
from foodtrace.lineage import Lineage
from foodtrace.lots import LotKey
from foodtrace_ledger import amounts, arrays, roots
from foodtrace_ledger.affected import affected
from foodtrace_ledger.engine import make_engine, snapshot
from support.ledger import empty, push
from support.ledger_reports import PAIRS, both, told_in_any_way
from support.ledger_scripts import EVENTS


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


EXAMPLES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@EXAMPLES
@given(events=st.lists(EVENTS, max_size=15))
def test_every_lots_equation_is_the_references(engine: Engine, events: list[Event]) -> None:
    empty(engine)
    push(engine, *events)
    lineage = Lineage(events)
    lots = lots_of(lineage)
    with snapshot(engine) as conn:
        compare(conn, lineage)
        for lot in lots[:4]:
            begin = roots.of_lots(conn, [lot.lot_id])
            answer = affected(conn, begin)
            for total in answer.totals.all:
                begun = total.opened + total.appeared
                assert begun == total.now.units + total.into_mixed + total.unexplained
            assert answer.seller_count == len(answer.sellers)


@settings(EXAMPLES, max_examples=80)
@given(events=told_in_any_way())
def test_reports_of_one_trade_count_as_in_the_reference(
    engine: Engine, events: list[Event]
) -> None:
    empty(engine)
    for part in (events[:2], events[2:]):
        push(engine, *part)
    with snapshot(engine) as conn:
        compare(conn, Lineage(events))


def test_reports_in_different_words_count_as_in_the_reference(engine: Engine) -> None:
    events = [
        report for n, (mine, theirs, _same) in enumerate(PAIRS) for report in both(n, mine, theirs)
    ]
    push(engine, *events)
    with snapshot(engine) as conn:
        compare(conn, Lineage(events))


def lots_of(lineage: Lineage) -> list[LotKey]:
    named = ("movements", "retail", "claims")
    return sorted({f.value.lot for f in lineage.facts if f.name in named}, key=str)


def compare(conn: Connection, lineage: Lineage) -> None:
    """Hold the sums of all lots, asked for at once, against the reference's."""
    lots = lots_of(lineage)
    rows = conn.execute(text("SELECT lot_id, id FROM ledger.lot"))
    ids = {row.lot_id: row.id for row in rows}
    sums = amounts.by_lot(conn, [ids[lot.lot_id] for lot in lots])
    for lot in lots:
        expected = balances((*key, amount) for key, amount in lineage.balance(lot).items())
        found = sums.get(ids[lot.lot_id], amounts.Sums())
        # A line that may come from several lots states no amount of any.
        assert stated(found.balances) == stated(expected)


def stated(every: Iterable[Balance]) -> list[Balance]:
    return [each for each in every if any(_amounts(each))]


def _amounts(balance: Balance) -> list[int]:
    names = ("opened", "sold", "used", "disposed", "moved", "returned", "adjusted", "retail")
    return [getattr(balance, name) for name in names]


@EXAMPLES
@given(
    texts=st.lists(
        st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
    )
)
def test_literals_come_back_as_they_were(engine: Engine, texts: list[str | None]) -> None:
    with engine.connect() as conn:
        asked = {"texts": arrays.texts(texts)}
        assert conn.execute(text("SELECT cast(:texts AS text[])"), asked).scalar_one() == texts
