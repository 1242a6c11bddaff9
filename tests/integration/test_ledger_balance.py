"""Quantities are conserved: every lot's equation is the reference's, every recall loses no unit."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from foodtrace.balance import balances
from foodtrace.events import Event
from foodtrace.lineage import Lineage
from foodtrace_ledger import amounts, arrays, roots
from foodtrace_ledger.affected import affected
from foodtrace_ledger.engine import make_engine, snapshot
from support.ledger import empty, push
from support.ledger_scripts import EVENTS


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=st.lists(EVENTS, max_size=15))
def test_every_lots_equation_is_the_references(engine: Engine, events: list[Event]) -> None:
    empty(engine)
    push(engine, *events)
    lineage = Lineage(events)
    lots = {
        fact.value.lot for fact in lineage.facts if fact.name in ("movements", "retail", "claims")
    }
    with snapshot(engine) as conn:
        for lot in lots:
            begin = roots.of_lots(conn, [lot.lot_id])
            (number,) = begin.starts
            sums = amounts.by_lot(conn, [number]).get(number, amounts.Sums())
            expected = balances((*key, amount) for key, amount in lineage.balance(lot).items())
            # A line that may come from several lots states no amount of any.
            stated = tuple(each for each in expected if any(_amounts(each)))
            assert tuple(each for each in sums.balances if any(_amounts(each))) == stated
            answer = affected(conn, begin)
            for total in answer.totals.all:
                begun = total.opened + total.appeared
                assert begun == total.now.units + total.into_mixed + total.unexplained
            assert answer.seller_count == len(answer.sellers)


def _amounts(balance: object) -> list[int]:
    names = ("opened", "sold", "used", "disposed", "moved", "returned", "adjusted", "retail")
    return [getattr(balance, name) for name in names]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    texts=st.lists(
        st.none() | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
    )
)
def test_literals_come_back_as_they_were(engine: Engine, texts: list[str | None]) -> None:
    with engine.connect() as conn:
        asked = {"texts": arrays.texts(texts)}
        assert conn.execute(text("SELECT cast(:texts AS text[])"), asked).scalar_one() == texts
