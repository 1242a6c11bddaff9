"""What evidence costs: microseconds a record while it is written, bytes a record afterwards.

The same trades are written with their leaves and without, chunk by chunk in turns, since other work
on the machine disturbs both alike. `FOODTRACE_BENCH_EVENTS` sets how many.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

import pytest
from sqlalchemy import Engine, text

from foodtrace.evidence import inclusion_path, leaf_hash
from foodtrace_ledger import evidence
from foodtrace_ledger.chunk import Aside, Chunk
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.writer import write_chunk
from foodtrace_ledger.writing import evidence as writing
from support.ledger import CONSUMER, LOG, chunk, origin
from support.ledger_load import trades

EVENTS = int(os.environ.get("FOODTRACE_BENCH_EVENTS", "10000"))
LEAVES = 20 * EVENTS
MS = 1_763_000_000_000


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


def with_leaves(plain: Chunk) -> Chunk:
    """The chunk as `verdict` makes it for evidence."""
    entries = tuple(
        replace(
            entry,
            leaf=leaf_hash(
                plain.topic,
                plain.partition,
                entry.origin.offset,
                MS,
                b"0189f7e2-3a5b-8c00-9d00-000000000000",
                getattr(entry, "payload", b""),
                (),
            ),
        )
        for entry in plain.entries
    )
    return replace(plain, entries=entries, evident=True)


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("size", [500, 50, 1])
def test_write(engine: Engine, size: int) -> None:
    count = EVENTS if size > 1 else EVENTS // 20
    events = list(trades(2 * count))
    plain, proven = [0.0, 0.0], [0.0, 0.0]
    for start in range(0, count, size):
        for part, spent in ((0, plain), (1, proven)):
            made = chunk(
                events[2 * start + part :: 2][: min(size, count - start)],
                start=start,
                partition=part,
            )
            began, cpu = time.perf_counter(), time.process_time()
            write_chunk(engine, with_leaves(made) if part else made)
            spent[0] += time.perf_counter() - began
            spent[1] += time.process_time() - cpu
    (before, busy), (after, busier) = ([1e6 * s / count for s in each] for each in (plain, proven))
    print(
        f"\nchunks of {size:3}: {before:6.0f} us an event without, {after:6.0f} us with"
        f" (+{after - before:.1f}; our CPU {busy:.0f} and {busier:.0f}, +{busier - busy:.1f})"
    )


def grow(engine: Engine, hashes: Sequence[bytes], step: int) -> None:
    for start in range(0, len(hashes), step):
        part = hashes[start : start + step]
        entries = tuple(
            Aside(origin=origin("trade", 0, offset), code="", detail="", leaf=leaf)
            for offset, leaf in enumerate(part, start)
        )
        made = Chunk(
            consumer=CONSUMER,
            log=LOG,
            topic="trade",
            partition=0,
            start=start,
            end=start + len(part),
            entries=entries,
            evident=True,
        )
        with engine.begin() as conn:
            writing.write(conn, made, entries, start)


@pytest.mark.timeout(1800)
def test_size_and_proof(engine: Engine) -> None:
    hashes = [sha256(b"%d" % number).digest() for number in range(LEAVES)]
    began = time.perf_counter()
    grow(engine, hashes, 500)
    each = 1e6 * (time.perf_counter() - began) / LEAVES
    with snapshot(engine) as conn:
        (found,) = conn.execute(
            text(
                "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
                " WHERE relname IN ('evidence_tile', 'evidence_node', 'evidence_head')"
            )
        ).one()
        began = time.perf_counter()
        asked = 50
        for turn in range(asked):
            index = turn * LEAVES // asked
            inclusion_path(index, LEAVES, evidence.hash_at(conn, "trade", 0))
        proof = 1e3 * (time.perf_counter() - began) / asked
    print(
        f"\n{LEAVES:,} leaves: {each:.1f} us a leaf alone, {found / LEAVES:.1f} bytes a leaf,"
        f" {proof:.1f} ms an inclusion path"
    )
