"""Walks have no cap, end in circles, and come in pages (test_ledger_pools: what they find)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from foodtrace.events.side import Side
from foodtrace.events.transformation import Transformation
from foodtrace.lots import BatchKey, LotKey, LotKind
from foodtrace.problems import NotFound
from foodtrace.walks import Reach
from foodtrace_ledger import chain, describe, roots
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.paths import paths
from foodtrace_ledger.walk import Walk
from foodtrace_ledger.walker import downstream, upstream
from foodtrace_ledger.writer import write_chunk
from support.ledger import chunk, goods, push, trade, voucher
from support.small import envelope


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


def trace(holder: str, code: str = "X") -> LotKey:
    return LotKey(holder, "", LotKind.TRACE, "", code)


def reached(conn: Connection, walk: Walk) -> dict[LotKey, Reach]:
    views = describe.lots(conn, walk.lots)
    return {
        LotKey(
            (view := views[lot]).holder, view.location, LotKind(view.kind), view.product, view.code
        ): Reach(walk.depth[place], bool(walk.confirmed[place]))
        for place, lot in enumerate(walk.lots)
    }


def test_a_chain_of_three_thousand_is_walked_to_its_end(engine: Engine) -> None:
    links = [trade(n, f"P{n}", f"P{n + 1}") for n in range(3_000)]
    for start in range(0, len(links), 500):
        write_chunk(engine, chunk(links[start : start + 500], start=start))
    with snapshot(engine) as conn:
        walk = downstream(conn, roots.of_lots(conn, [trace("P0").lot_id]))
        assert len(walk) == 3_001
        assert max(walk.depth) == 3_000
        last = walk.lots[-1]
        path = paths(conn, walk, [last])[last]
        assert (path.start.holder, path.steps[-1].lot.holder) == ("P0", "P3000")
        assert len(path.steps) + path.left_out == 3_000
        assert len(upstream(conn, roots.of_lots(conn, [trace("P3000").lot_id]))) == 3_001


def test_a_lot_with_two_hundred_parents(engine: Engine) -> None:
    mixing = Transformation(
        envelope=envelope("transformation", "1"),
        holder=Side(party="A"),
        process="mixing",
        inputs=tuple(goods(f"I{n}", line_no=n) for n in range(1, 201)),
        outputs=(goods("OUT", line_no=201),),
    )
    push(engine, mixing)
    with snapshot(engine) as conn:
        walk = upstream(conn, roots.of_lots(conn, [trace("A", "OUT").lot_id]))
        assert sum(view.kind == "trace" for view in describe.lots(conn, walk.lots).values()) == 201
        down = downstream(conn, roots.of_lots(conn, [trace("A", "I7").lot_id]))
        assert [lot.code for lot in reached(conn, down) if lot.kind == "trace"] == ["I7", "OUT"]


def test_a_circle_ends_the_walk_and_is_reported(engine: Engine) -> None:
    push(
        engine,
        *(trade(n, a, b) for n, (a, b) in enumerate(map(tuple, ["AB", "BC", "CB", "CD", "XA"]))),
    )
    with snapshot(engine) as conn:
        walk = downstream(conn, roots.of_lots(conn, [trace("A").lot_id]))
        shown = chain.page(conn, walk)
        assert [lot.lot.holder for lot in shown.lots] == ["A", "B", "C", "D"]
        assert sorted(lot.holder for lot in shown.circle) == ["B", "C"]


def test_ways_that_meet_again_are_no_circle(engine: Engine) -> None:
    push(
        engine,
        *(trade(n, a, b) for n, (a, b) in enumerate(map(tuple, ["AB", "BC", "AC", "CD", "AD"]))),
    )
    with snapshot(engine) as conn:
        walk = downstream(conn, roots.of_lots(conn, [trace("A").lot_id]))
        assert walk.circles() == []
        assert list(walk.depth) == [0, 1, 1, 1]


def test_pages_hold_every_lot_once(engine: Engine) -> None:
    push(engine, *(trade(n, "A", f"B{n}") for n in range(25)))
    with snapshot(engine) as conn:
        walk = downstream(conn, roots.of_lots(conn, [trace("A").lot_id]))
        seen, after = [], None
        while True:
            page = chain.page(conn, walk, after=after, limit=7)
            assert page.lot_count == 26
            seen += [lot.lot.holder for lot in page.lots]
            if page.next is None:
                break
            after = page.next
        assert sorted(seen) == sorted(["A", *(f"B{n}" for n in range(25))])
        assert page.lots[-1].before is not None
        assert page.lots[-1].before.holder == "A"


def test_steps_can_be_limited_by_who_asks_for_steps(engine: Engine) -> None:
    push(engine, *(trade(n, f"P{n}", f"P{n + 1}") for n in range(5)))
    with snapshot(engine) as conn:
        begin = roots.of_lots(conn, [trace("P1").lot_id])
        assert len(downstream(conn, begin, max_depth=1)) == 2


def test_a_recall_by_batch_takes_every_lot_that_claims_it(engine: Engine) -> None:
    line = goods(batch="B1", manufacturer="M")
    push(
        engine,
        voucher("V1", "M", line),
        trade(1, "M", "A", line),
        trade(2, "A", "B", line),
        trade(3, "S", "T", line),
    )
    batch = BatchKey("M", "CHEESE", "B1").batch_id
    with snapshot(engine) as conn:
        begin = roots.of_batches(conn, [batch])
        walk = downstream(conn, begin)
        held = describe.lots(conn, walk.lots)
        assert [held[lot].holder for lot in walk.lots] == ["M", "A", "B", "S", "T"]
        assert [held[lot].holder for lot in sorted(walk.unlinked)] == ["S"]


def test_what_isnt_known_has_a_named_error(engine: Engine) -> None:
    with snapshot(engine) as conn:
        with pytest.raises(NotFound, match=r"lot\.unknown"):
            roots.of_lots(conn, [trace("A").lot_id])
        with pytest.raises(NotFound, match=r"batch\.unknown"):
            roots.of_batches(conn, [BatchKey("", "p", "c").batch_id])
