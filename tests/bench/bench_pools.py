"""Recall through stock without codes: typical markets, a pool-heavy worst case, and two rivals.

`FOODTRACE_BENCH_HOLDERS` and `FOODTRACE_BENCH_DAYS` set the size of the worst case: so many stalls
that get the recalled goods every day and sell every day, all without codes. The rivals run on the
same rows and give reachability alone:

- stored carry-over: a link from each delivery to each later pool of its window, walked with the
  same level-by-level client (its table is made before, and its rows are printed: m x n);
- one row at a time: the same rule asked lot by lot, as a walk without sets would (typical only).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from random import Random
from statistics import quantiles

import pytest
from sqlalchemy import Connection, Engine, text

from foodtrace.events import Event
from foodtrace.events.line import Line, LotCode, ProductRef
from foodtrace.events.receipt import Receipt
from foodtrace.events.side import Side
from foodtrace.events.trade import Trade
from foodtrace.lots import LotKey, LotKind
from foodtrace.quantity import Quantity
from foodtrace_ledger import arrays, roots
from foodtrace_ledger.affected import affected
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.walk import Roots
from foodtrace_ledger.walker import downstream
from foodtrace_ledger.writer import write_chunk
from support.ledger import chunk
from support.small import DAY, NOON, envelope

MARKETS = int(os.environ.get("FOODTRACE_BENCH_MARKETS", "300"))
HOLDERS = int(os.environ.get("FOODTRACE_BENCH_HOLDERS", "200"))
DAYS = int(os.environ.get("FOODTRACE_BENCH_DAYS", "365"))
KEPT = 7
ASKED = 100


def line(product: str, code: str | None = None) -> Line:
    """Vegetables, kept for 7 days by the table."""
    return Line(
        line_no=1,
        product=ProductRef(product_id=product, category="蔬菜"),
        lot_codes=() if code is None else (LotCode(code=code),),
        count=Quantity(Decimal(3), "袋"),
    )


def on(kind: str, number: str, day: int) -> object:
    later = timedelta(days=day)
    return replace(envelope(kind, number), business_date=DAY + later, occurred_at=NOON + later)


def sale(number: str, day: int, seller: str, buyer: str, goods: Line) -> Event:
    made = on("trade", number, day)
    sides = {"seller": Side(party=seller), "buyer": Side(party=buyer)}
    return Trade(envelope=made, lines=(goods,), **sides)  # type: ignore[arg-type]


def retail(number: str, day: int, seller: str, goods: Line) -> Event:
    made = on("receipt", number, day)
    return Receipt(envelope=made, seller=Side(party=seller), receipt_code=number, lines=(goods,))  # type: ignore[arg-type]


def markets() -> Iterator[Event]:
    """Typical: a farm's coded lot to 5 wholesalers, who sell without codes over a week to 8 stalls
    each, which sell at retail."""
    random = Random(1)
    for m in range(MARKETS):
        goods = line(f"V{m % 40}")
        for w in range(5):
            hub = f"W{m}-{w}"
            yield sale(f"{m}-{w}", 0, f"F{m}", hub, line(f"V{m % 40}", f"T{m}"))
            for s in range(8):
                stall, day = f"S{random.randrange(MARKETS * 30)}", random.randrange(KEPT)
                yield sale(f"{m}-{w}-{s}", day, hub, stall, goods)
                yield retail(f"{m}-{w}-{s}", day + random.randrange(3), stall, goods)


def giant() -> Iterator[Event]:
    """The worst: one source delivers to every stall every day, and each sells on every day."""
    for day in range(DAYS):
        for h in range(HOLDERS):
            yield sale(f"g{day}-{h}", day, "G", f"H{h}", line("GREENS"))
            yield sale(f"h{day}-{h}", day, f"H{h}", f"K{h % 20}", line("GREENS"))


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    start, began = 0, time.perf_counter()
    for load in (markets(), giant()):
        while part := list(islice(load, 2000)):
            write_chunk(made, chunk(part, start=start))
            start += len(part)
    with made.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        conn.execute(text("VACUUM ANALYZE"))
        lots = conn.execute(text("SELECT count(*) FROM ledger.lot")).scalar_one()
        links = conn.execute(text("SELECT count(*) FROM ledger.link")).scalar_one()
        print(
            f"\nledger: {lots:,} lots, {links:,} links, {start:,} events"
            f" in {time.perf_counter() - began:.0f} s"
        )
        began = time.perf_counter()
        for statement in STORED:
            conn.execute(text(statement), {"kept": KEPT})
        stored = conn.execute(text("SELECT count(*) FROM carried")).scalar_one()
        print(f"stored carry-over: {stored:,} rows in {time.perf_counter() - began:.0f} s")
    yield made
    made.dispose()


#: What a ledger that stores carry-over would have: one row a delivery and pool of its window.
STORED = (
    """CREATE TABLE carried AS
       SELECT d.id AS parent, p.id AS child
       FROM (SELECT id, stock, cast(code AS date) AS day FROM ledger.lot WHERE kind = 'pool'
             UNION SELECT lot, stock, day FROM ledger.claim WHERE stock IS NOT NULL) d
       JOIN ledger.lot p ON p.kind = 'pool' AND p.stock = d.stock AND p.id <> d.id
           AND cast(p.code AS date) BETWEEN d.day AND d.day + cast(:kept AS integer)""",
    "CREATE INDEX ON carried (parent) INCLUDE (child)",
    "ANALYZE carried",
)
_STORED_LINKS = text("SELECT child FROM carried WHERE parent = ANY(cast(:lot AS bigint[]))")
_LINKS = text("SELECT child FROM ledger.live_link WHERE parent = ANY(cast(:lot AS bigint[]))")
_ONE_DELIVERED = text(
    "SELECT stock, day FROM ledger.live_claim WHERE lot = :lot AND stock IS NOT NULL"
)
_ONE_LINK = text("SELECT child FROM ledger.live_link WHERE parent = :lot")
_ONE_STOCK = text(
    "SELECT stock, cast(code AS date) FROM ledger.lot WHERE id = :lot AND kind = 'pool'"
)
_ONE_POOLS = text(
    "SELECT id FROM ledger.lot WHERE kind = 'pool' AND stock = :stock AND code BETWEEN :first AND :last"
)


def walked(conn: Connection, begin: Roots) -> int:
    return len(downstream(conn, begin))


def answered(conn: Connection, begin: Roots) -> int:
    return affected(conn, begin).lot_count


def stored(conn: Connection, begin: Roots) -> int:
    """IN and OUT as two sets: what was carried over isn't once more."""
    arrived, seen = set(begin.starts), set(begin.starts)
    fresh, level = list(begin.starts), list(begin.starts)
    while fresh or level:
        to_pools = conn.scalars(_STORED_LINKS, {"lot": arrays.numbers(fresh)}).all()
        drawn = {lot for lot in to_pools if lot not in seen}
        seen |= drawn
        links = conn.scalars(_LINKS, {"lot": arrays.numbers([*level, *drawn])}).all()
        fresh = list({lot for lot in links if lot not in arrived})
        arrived.update(fresh)
        level = [lot for lot in fresh if lot not in seen]
        seen.update(fresh)
    return len(seen)


def one_by_one(conn: Connection, begin: Roots) -> int:
    """Each lot by itself."""
    seen, waiting = set(begin.starts), [(lot, True) for lot in begin.starts]
    arrived = set(begin.starts)
    while waiting:
        lot, carries = waiting.pop()
        for child in conn.scalars(_ONE_LINK, {"lot": lot}).all():
            if child not in arrived:
                arrived.add(child)
                seen.add(child)
                waiting.append((child, True))
        if not carries:
            continue
        came = [
            *conn.execute(_ONE_DELIVERED, {"lot": lot}),
            *conn.execute(_ONE_STOCK, {"lot": lot}),
        ]
        for stock, day in came:
            for pool in conn.scalars(_ONE_POOLS, _window(stock, day)).all():
                if pool not in seen:
                    seen.add(pool)
                    waiting.append((pool, False))
    return len(seen)


def _window(stock: int, day: date) -> dict[str, object]:
    last = day + timedelta(days=KEPT)
    return {"stock": stock, "first": day.isoformat(), "last": last.isoformat()}


Way = Callable[[Connection, Roots], int]
TYPICAL: dict[str, Way] = {
    "walk": walked,
    "stored carry-over": stored,
    "one by one": one_by_one,
    "whole answer": answered,
}
WORST: dict[str, Way] = {
    name: TYPICAL[name] for name in ("walk", "stored carry-over", "whole answer")
}


@pytest.mark.timeout(1800)
def test_recall_through_pools(engine: Engine) -> None:
    random = Random(2)
    coded = [
        LotKey(f"F{(m := random.randrange(MARKETS))}", "", LotKind.TRACE, "", f"T{m}")
        for _ in range(ASKED)
    ]
    source = [
        LotKey("G", "", LotKind.POOL, "GREENS", (DAY + timedelta(days=day)).isoformat())
        for day in range(DAYS)
    ]
    _measure(engine, "typical", [[lot] for lot in coded], TYPICAL)
    _measure(engine, "worst", [source] * 5, WORST)


def _measure(engine: Engine, name: str, recalls: list[list[LotKey]], ways: dict[str, Way]) -> None:
    medians = {}
    for way, ask in ways.items():
        times, found = [], 0
        for lots in [recalls[0], *recalls]:
            began = time.perf_counter()
            with snapshot(engine) as conn:
                found = ask(conn, roots.of_lots(conn, [lot.lot_id for lot in lots]))
            times.append(1000 * (time.perf_counter() - began))
        cuts = quantiles(times[1:], n=100)
        medians[way] = cuts[49]
        print(
            f"{name:8} {found:7,} lots  {way:18} p50 {cuts[49]:8.1f} ms  p99 {cuts[98]:8.1f} ms"
            f"  {cuts[49] / medians['walk']:6.2f} x walk"
        )
