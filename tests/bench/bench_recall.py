"""Recall of a batch on a generated ledger: time of the walk and of the whole answer, and a rival.

`FOODTRACE_BENCH_BATCHES` sets the size (about 65 lots a batch, and one batch in 10,000 hands). The
rival walks with one recursive CTE over the same rows, and gives reachability alone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from itertools import islice
from random import Random
from statistics import quantiles
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text

from foodtrace.events import Event
from foodtrace.lots import BatchKey
from foodtrace_ledger import roots
from foodtrace_ledger.affected import affected
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.walker import downstream
from foodtrace_ledger.writer import write_chunk
from support.ledger import chunk, goods, receipt, trade, voucher

BATCHES = int(os.environ.get("FOODTRACE_BENCH_BATCHES", "2000"))
WHOLESALERS, SHOPS = 4, 15
GIANT = (20, 500)
ASKED = 300

RIVAL = text("""
    WITH RECURSIVE reached (lot) AS (
        SELECT DISTINCT lot FROM ledger.live_claim WHERE batch = ANY(:batches)
        UNION
        SELECT k.child FROM reached r JOIN ledger.live_link k ON k.parent = r.lot
    )
    SELECT count(*) FROM reached
""")


def spread(batch: str, wholesalers: int, shops: int, random: Random) -> Iterator[Event]:
    """A batch from its maker over wholesalers to shops, some of which sell at retail."""
    maker = f"M{batch[-2:]}"

    def line(amount: int) -> object:
        return goods(amount=amount, batch=batch, manufacturer=maker)

    for w in range(wholesalers):
        hub = f"W{random.randrange(10**6)}"
        yield voucher(f"{batch}-{w}", maker, line(10 * shops), receiver=hub)  # type: ignore[arg-type]
        for s in range(shops):
            shop = f"S{random.randrange(10**6)}"
            yield trade(f"{batch}-{w}-{s}", hub, shop, line(10))  # type: ignore[arg-type]
            if s % 3 == 0:
                yield receipt(f"{batch}-{w}-{s}", shop, line(1))  # type: ignore[arg-type]


def load() -> Iterator[Event]:
    random = Random(1)
    for number in range(BATCHES):
        yield from spread(f"B{number:06}", WHOLESALERS, SHOPS, random)
    yield from spread("GIANT00", *GIANT, random)


def batch_id(code: str) -> UUID:
    return BatchKey(f"M{code[-2:]}", "CHEESE", code).batch_id


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    events, start = load(), 0
    began = time.perf_counter()
    while part := list(islice(events, 1000)):
        write_chunk(made, chunk(part, start=start))
        start += len(part)
    with made.execution_options(isolation_level="AUTOCOMMIT").connect() as conn:
        conn.execute(text("VACUUM ANALYZE"))
        lots = conn.execute(text("SELECT count(*) FROM ledger.lot")).scalar_one()
        links = conn.execute(text("SELECT count(*) FROM ledger.link")).scalar_one()
    seconds = time.perf_counter() - began
    print(f"\nledger: {lots:,} lots, {links:,} links, {start:,} events in {seconds:.0f} s")
    yield made
    made.dispose()


def walked(conn: Connection, code: str) -> int:
    return len(downstream(conn, roots.of_batches(conn, [batch_id(code)])))


def answered(conn: Connection, code: str) -> int:
    return affected(conn, roots.of_batches(conn, [batch_id(code)])).lot_count


def rival(conn: Connection, code: str) -> int:
    found = text("SELECT id FROM ledger.batch WHERE batch_id = :batch_id")
    number = conn.execute(found, {"batch_id": batch_id(code)}).scalar_one()
    return int(conn.execute(RIVAL, {"batches": [number]}).scalar_one())


WAYS: dict[str, Callable[[Connection, str], int]] = {
    "walk": walked,
    "recursive CTE": rival,
    "whole answer": answered,
}


@pytest.mark.timeout(1800)
def test_recall(engine: Engine) -> None:
    random = Random(2)
    typical = [f"B{random.randrange(BATCHES):06}" for _ in range(ASKED)]
    for name, codes in (("typical", typical), ("giant", ["GIANT00"] * 20)):
        for way, ask in WAYS.items():
            times, lots = [], 0
            with snapshot(engine) as conn:
                ask(conn, codes[0])
            for code in codes:
                began = time.perf_counter()
                with snapshot(engine) as conn:
                    lots = ask(conn, code)
                times.append(1000 * (time.perf_counter() - began))
            cuts = quantiles(times, n=100)
            print(
                f"{name:8} {lots:6,} lots  {way:14} p50 {cuts[49]:7.1f} ms  p99 {cuts[98]:7.1f} ms"
            )
