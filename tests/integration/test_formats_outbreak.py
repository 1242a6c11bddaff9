"""The norovirus outbreak in a real ledger: exactly the file's own reach, both ways."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from foodtrace.lots import LotKey, LotKind
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.roots import Roots, of_lots
from foodtrace_ledger.walk import Walk
from foodtrace_ledger.walker import downstream, upstream
from support.ledger import push
from support.outbreak import events_and_names, needs_norovirus, norovirus, of_lot, walk

pytestmark = needs_norovirus


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


class Asked:
    """The ledger of a file, asked by the ids that stand in it."""

    def __init__(self, conn: Connection, sent: dict[str, LotKey], back: dict[LotKey, str]) -> None:
        self._conn, self._sent = conn, sent
        rows = conn.execute(
            text("SELECT id, holder, location, kind, product, code FROM ledger.lot")
        )
        self._names = {row.id: back.get(_key(row)) for row in rows}

    def reach(
        self, way: Callable[[Connection, Roots], Walk], deliveries: Iterable[str]
    ) -> set[str]:
        lots = [self._sent[each].lot_id for each in deliveries]
        found = way(self._conn, of_lots(self._conn, lots)).lots
        return {name for name in map(self._names.__getitem__, found) if name is not None}


def _key(row: Any) -> LotKey:
    return LotKey(row.holder, row.location, LotKind(row.kind), row.product, row.code)


def test_the_ledger_reaches_what_the_file_says(engine: Engine) -> None:
    document = norovirus()
    events, names = events_and_names(document)
    told = walk(document)
    Random(7).shuffle(events)
    push(engine, *events)
    with snapshot(engine) as conn:
        asked = Asked(conn, dict(names.sent), dict(names.back))
        for each in told.deliveries:
            assert asked.reach(downstream, {each}) == told.forward({each})
            assert asked.reach(upstream, {each}) == told.backward({each})
        for row in document["stations"]:
            sent = {name for name, ends in told.deliveries.items() if ends[0] == row["ID"]}
            came = {name for name, ends in told.deliveries.items() if ends[1] == row["ID"]}
            assert asked.reach(downstream, sent) == told.forward(sent)
            assert asked.reach(upstream, came) == told.backward(came)
        start = of_lot(document, "108")
        reached = told.receivers(asked.reach(downstream, start))
        assert len(reached) == 36
        assert len(told.senders(asked.reach(upstream, start))) == 4
