"""Writing chunks: events and lines a second, against a rival that writes row by row.

Trades and receipts of four lines with batch codes, in chunks of 500. `FOODTRACE_BENCH_EVENTS` sets
how many of each. The rival writes the same facts with one statement a row and no memory of lots.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
from sqlalchemy import Engine, text

from foodtrace.events import Event
from foodtrace.identity import content_digest
from foodtrace_ledger import arrays
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.writer import write_chunk
from foodtrace_ledger.writing.said import content_number
from support.ledger import chunk, empty
from support.ledger_load import LINES, receipts, trades

EVENTS = int(os.environ.get("FOODTRACE_BENCH_EVENTS", "10000"))
RIVAL_EVENTS = max(1, EVENTS // 20)
CHUNK = 500


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


def timed(name: str, number: int, work: Callable[[], object]) -> float:
    """Print and return the documents a second; the garbage of making the load doesn't count."""
    gc.collect()
    gc.freeze()
    began, cpu = time.perf_counter(), time.process_time()
    work()
    seconds, busy = time.perf_counter() - began, time.process_time() - cpu
    rate = number / seconds
    print(
        f"{name:34} {rate:8,.0f} events/s {LINES * rate:8,.0f} lines/s"
        f"   our CPU {1e6 * busy / number:5.0f} us an event"
    )
    return rate


def write(
    engine: Engine, events: Sequence[Event], topic: str, partition: int = 0, size: int = CHUNK
) -> None:
    for start in range(0, len(events), size):
        part = events[start : start + size]
        write_chunk(engine, chunk(part, start=start, topic=topic, partition=partition))


@pytest.mark.timeout(1800)
def test_write(engine: Engine, database: str) -> None:
    print()
    sold, bought = list(trades(EVENTS)), list(receipts(EVENTS))
    rate = timed("trades", EVENTS, lambda: write(engine, sold, "trade"))
    timed("the same again (duplicates)", EVENTS, lambda: write(engine, sold, "trade", 1))
    timed("receipts", EVENTS, lambda: write(engine, bought, "receipt"))
    empty(engine, large=True)
    for size in (50, 200, 1000):
        few = sold[: EVENTS // 4]
        timed(f"trades, chunks of {size}", len(few), lambda: write(engine, few, "trade", size=size))  # noqa: B023
        empty(engine, large=True)
    timed("trades, two writers", EVENTS, lambda: _two(engine, sold))
    empty(engine, large=True)
    some = sold[:RIVAL_EVENTS]
    rival = timed("rival, row by row", len(some), lambda: row_by_row(database, some))
    print(f"chunks write {rate / rival:.1f} times as fast as rows")


def _two(engine: Engine, events: Sequence[Event]) -> None:
    """Two partitions at once, as two lanes of one worker do it."""
    with ThreadPoolExecutor(2) as pool:
        halves = [(events[::2], 0), (events[1::2], 1)]
        for done in [pool.submit(write, engine, half, "trade", p) for half, p in halves]:
            done.result()


def row_by_row(url: str, events: Sequence[Event]) -> None:
    """Event, content, lots, claims, links and movements, each with a statement of its own."""
    connection = psycopg2.connect(url)
    with connection, connection.cursor() as cursor:
        for first in range(0, len(events), CHUNK):
            for event in events[first : first + CHUNK]:
                _rows_of(cursor, event)
            connection.commit()
    connection.close()


def _one(cursor: psycopg2.extensions.cursor, statement: str, values: Sequence[object]) -> int:
    cursor.execute(statement, values)
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])


_EVENT = """INSERT INTO ledger.event (event_id, kind, source, source_event_id, revision, arrived,
    contradicted, superseded, dead, dead_lines, top_revision)
    VALUES (%s, %s, %s, %s, 0, true, false, false, false, '{}', 0)
    ON CONFLICT (event_id) DO UPDATE SET arrived = true RETURNING id"""
_CONTENT = """INSERT INTO ledger.event_content (event, content, digest, log, topic, partition,
    "offset", received_at, payload_digest, schema_id, payload, occurred_at, business_date)
    VALUES (%s, %s, %s, 'l', 't', 0, 0, now(), '', 1, '', %s, %s) ON CONFLICT DO NOTHING"""
_LOT = """INSERT INTO ledger.lot (lot_id, holder, location, kind, product, code)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (lot_id) DO UPDATE SET code = excluded.code RETURNING id"""
_BATCH = """INSERT INTO ledger.batch (batch_id, manufacturer, product, code)
    VALUES (%s, %s, %s, %s)
    ON CONFLICT (batch_id) DO UPDATE SET code = excluded.code RETURNING id"""
_CLAIM = """INSERT INTO ledger.claim (event, content, line, lot, role, batch, product_name,
    production_date, expiry_date, basis, day, product)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_LINK = "INSERT INTO ledger.link (parent, child, event, line, basis) VALUES (%s, %s, %s, %s, %s)"
_MOVEMENT = """INSERT INTO ledger.movement (lot, event, content, line, day, direction, dimension,
    amount) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"""


def _rows_of(cursor: psycopg2.extensions.cursor, event: Event) -> None:
    said, digest, effects = event.envelope, content_digest(event), event.effects()
    number = _one(
        cursor, _EVENT, (str(said.event_id), event.kind, said.source, said.source_event_id)
    )
    content = content_number(digest)
    cursor.execute(_CONTENT, (number, content, digest, said.occurred_at, said.business_date))
    ids: dict[object, int] = {}
    for claim in effects.claims:
        key = claim.lot
        columns = (str(key.lot_id), key.holder, key.location, key.kind, key.product, key.code)
        ids[key] = _one(cursor, _LOT, columns)
        assert claim.batch is not None
        of = claim.batch
        batch = _one(cursor, _BATCH, (str(of.batch_id), of.manufacturer, of.product, of.code))
        dates = (claim.product_name, claim.production_date, claim.expiry_date, claim.basis)
        where = (number, content, claim.line, ids[key], claim.role, batch)
        cursor.execute(_CLAIM, (*where, *dates, said.business_date, claim.product))
    for link in effects.links:
        cursor.execute(_LINK, (ids[link.parent], ids[link.child], number, link.line, link.basis))
    for move in effects.movements:
        amounts = (move.direction, move.dimension, move.amount)
        at = (ids[move.lot], number, content, move.line, said.business_date)
        cursor.execute(_MOVEMENT, (*at, *amounts))


def test_literals_against_lists(engine: Engine) -> None:
    """One literal a column, or a list that the driver spells out: 2,000 rows of five columns."""
    rows = 2_000
    numbers = list(range(rows))
    codes = [f"code {n}" for n in numbers]
    columns = "cast(%s AS bigint[]), cast(%s AS bigint[]), cast(%s AS text[])"
    statement = f"SELECT count(*) FROM unnest({columns})"
    print()
    with engine.connect() as conn:
        cursor = conn.connection.cursor()
        for name, values in (
            ("lists", lambda: (numbers, numbers, codes)),
            (
                "literals",
                lambda: (arrays.numbers(numbers), arrays.numbers(numbers), arrays.texts(codes)),
            ),
        ):
            began = time.perf_counter()
            for _ in range(20):
                cursor.execute(statement, values())
            print(f"{name:10} {50 * (time.perf_counter() - began):6.2f} ms a statement")
        conn.execute(text("SELECT 1"))
