"""The tree that the ledger keeps is that of the log, however the log came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from itertools import accumulate, pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from foodtrace.evidence import (
    Frontier,
    chained,
    consistency_path,
    inclusion_path,
    root,
    verify_consistency,
    verify_inclusion,
)
from foodtrace_ledger import dump, evidence, migrate
from foodtrace_ledger.chunk import Aside, Chunk
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.errors import is_transient
from foodtrace_ledger.evidence_leaves import offset_at
from foodtrace_ledger.writer import write_chunk
from foodtrace_ledger.writing import evidence as writing
from support.evident import TOPIC, Logged, evident, leaves, logged
from support.ledger import CONSUMER, LOG, empty, origin

# A log by the gaps before its records: 0 follows at once, more leaves holes (transaction markers).
GAPS = st.lists(st.sampled_from([0, 0, 0, 0, 1, 40]), max_size=150)
CUTS = st.lists(st.integers(1, 70), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def engine(module_database: str) -> Iterator[Engine]:
    made = make_engine(module_database)
    yield made
    made.dispose()


@pytest.fixture(autouse=True)
def fresh(engine: Engine) -> None:
    empty(engine)


def log_of(gaps: Sequence[int]) -> tuple[Logged, ...]:
    return logged(accumulate(gap + (n > 0) for n, gap in enumerate(gaps)))


def end_of(log: Sequence[Logged]) -> int:
    return log[-1].offset + 1 if log else 0


def stretches(end: int, cuts: Sequence[int]) -> Iterator[tuple[int, int]]:
    """`[0, end)` in parts of these lengths, over and over."""
    edges = [0]
    while edges[-1] < end:
        edges.append(min(end, edges[-1] + cuts[len(edges) % len(cuts)]))
    yield from pairwise(edges)


def kept(engine: Engine) -> frozenset[tuple[object, ...]]:
    with snapshot(engine) as conn:
        return dump.evidence(conn)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(GAPS, CUTS, st.data())
def test_any_cutting_and_any_repetition_gives_the_tree_of_the_log(
    engine: Engine, gaps: list[int], cuts: list[int], data: st.DataObject
) -> None:
    log = log_of(gaps)
    end = end_of(log)
    empty(engine)
    write_chunk(engine, evident(log, 0, end))
    at_once = kept(engine)
    empty(engine)
    for start, stop in stretches(end, cuts):
        write_chunk(engine, evident(log, start, stop))
        if data.draw(st.booleans()):
            # A worker that took over reads some of it again, and sees a little further.
            write_chunk(engine, evident(log, max(0, start - 40), min(end, stop + 3)))
    assert kept(engine) == at_once
    hashes = leaves(log)
    with snapshot(engine) as conn:
        head = evidence.head(conn, TOPIC, 0)
        if not hashes:
            assert head is None
            return
        assert head is not None
        assert (head.size, head.next_offset, head.last_offset) == (len(hashes), end, end - 1)
        assert (head.root, head.link) == (root(hashes), chained(hashes))
        told = [(tile.offsets, tile.hashes) for tile in evidence.tiles(conn, TOPIC, 0)]
        assert [one for offsets, _ in told for one in offsets] == [one.offset for one in log]
        assert [one for _, part in told for one in part] == hashes
        index = data.draw(st.integers(0, len(hashes) - 1))
        size = data.draw(st.integers(index + 1, len(hashes)))
        path = inclusion_path(index, size, evidence.hash_at(conn, TOPIC, 0))
        assert verify_inclusion(hashes[index], index, size, path, root(hashes[:size]))


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(GAPS)
def test_every_leaf_is_found_by_its_offset_and_nothing_else_is(
    engine: Engine, gaps: list[int]
) -> None:
    log = log_of(gaps)
    empty(engine)
    write_chunk(engine, evident(log, 0, end_of(log) + 5))
    index = {record.offset: n for n, record in enumerate(log)}
    with snapshot(engine) as conn:
        for offset in range(end_of(log) + 7):
            assert evidence.leaf_index_of(conn, TOPIC, 0, offset) == index.get(offset)
        assert [offset_at(conn, TOPIC, 0, each) for each in range(len(log))] == list(index)
        for beyond in (-1, len(log)):
            with pytest.raises(IndexError):
                offset_at(conn, TOPIC, 0, beyond)


def test_partitions_grow_in_any_order_and_apart(engine: Engine) -> None:
    log = logged(range(70))
    for partition, start, stop in [(1, 0, 40), (0, 0, 70), (2, 0, 1), (1, 40, 70)]:
        write_chunk(engine, evident(log, start, stop, partition=partition))
    with snapshot(engine) as conn:
        found = {head.partition: (head.size, head.root) for head in evidence.heads(conn)}
    assert found == {
        partition: (size, root(leaves(log[:size], partition=partition)))
        for partition, size in {0: 70, 1: 70, 2: 1}.items()
    }


def grown(engine: Engine, hashes: Sequence[bytes], step: int) -> None:
    """A tree over these leaves, without records in the ledger."""
    for start in range(0, len(hashes), step):
        part = hashes[start : start + step]
        entries = tuple(
            Aside(origin=origin(TOPIC, 0, offset), code="", detail="", leaf=leaf)
            for offset, leaf in enumerate(part, start)
        )
        chunk = Chunk(
            consumer=CONSUMER,
            log=LOG,
            topic=TOPIC,
            partition=0,
            start=start,
            end=start + len(part),
            entries=entries,
            evident=True,
        )
        with engine.begin() as conn:
            writing.write(conn, chunk, entries, start)


def test_a_large_tree_is_proven_with_few_rows(engine: Engine) -> None:
    hashes = [sha256(b"%d" % number).digest() for number in range(34_000)]
    grown(engine, hashes, 1_700)
    sizes = (1, 31, 32, 1_024, 1_025, 9_999, 32_768, 33_999, 34_000)
    frontier, roots = Frontier(), {}
    for leaf in hashes:
        frontier.append(leaf)
        roots[frontier.size] = frontier.root() if frontier.size in sizes else b""
    with snapshot(engine) as plain:
        # As in a ledger that has been there for a while.
        conn = plain.execution_options(prepared=True)
        for size in sizes:
            assert evidence.root_of(conn, TOPIC, 0, size) == roots[size]
            hash_at = evidence.hash_at(conn, TOPIC, 0)
            for index in {0, size // 2, size - 1}:
                path = inclusion_path(index, size, hash_at)
                assert verify_inclusion(hashes[index], index, size, path, roots[size])
        for old, new in pairwise(sizes):
            path = consistency_path(old, new, evidence.hash_at(conn, TOPIC, 0))
            assert verify_consistency(old, new, roots[old], roots[new], path)
        with pytest.raises(KeyError):
            evidence.root_of(conn, TOPIC, 0, 34_001)
        told = evidence.recomputed(conn, TOPIC, 0, 33_999)
        assert told == (roots[33_999], chained(hashes[:33_999]), 33_998)
        (rows,) = conn.execute(
            text(
                "SELECT (SELECT count(*) FROM ledger.evidence_tile),"
                " (SELECT array_agg(height || '/' || index ORDER BY height, index)"
                "  FROM ledger.evidence_node WHERE height > 10)"
            )
        )
    assert tuple(rows) == (34_000 // 32, ["15/0"])


def test_two_workers_on_one_partition_make_one_tree(engine: Engine) -> None:
    log = logged(range(240))

    def work(cuts: list[int]) -> None:
        for start, stop in stretches(240, cuts):
            while True:
                try:
                    write_chunk(engine, evident(log, start, stop))
                    break
                except Exception as error:
                    if not is_transient(error):
                        raise

    # The positions begin with the first chunk of either: make them before both reach for them.
    write_chunk(engine, evident(log, 0, 0 + 1))
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(work, cuts) for cuts in ([7, 30, 2], [11, 3])]:
            done.result()
    with snapshot(engine) as conn:
        head = evidence.head(conn, TOPIC, 0)
    assert head is not None
    assert (head.size, head.root) == (240, root(leaves(log)))


def test_a_chunk_that_fails_leaves_the_tree_as_it_was(engine: Engine) -> None:
    log = logged(range(60))
    write_chunk(engine, evident(log, 0, 40))
    before = kept(engine)
    worse = evident(log, 40, 60)
    broken = replace(worse.entries[3], code=None)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="code"):
        write_chunk(engine, replace(worse, entries=(*worse.entries[:3], broken)))
    assert kept(engine) == before
    write_chunk(engine, worse)
    with snapshot(engine) as conn:
        assert evidence.root_of(conn, TOPIC, 0, 60) == root(leaves(log))


def test_a_partition_that_was_begun_without_a_tree_goes_on_without(engine: Engine) -> None:
    log = logged(range(90))
    plain = replace(evident(log, 0, 50), evident=False)
    write_chunk(engine, plain)
    write_chunk(engine, evident(log, 50, 90))
    write_chunk(engine, evident(log, 0, 90, partition=1))
    with snapshot(engine) as conn:
        assert evidence.head(conn, TOPIC, 0) is None
        assert evidence.leaf_index_of(conn, TOPIC, 0, 60) is None
        assert evidence.incomplete(conn, CONSUMER) == [(TOPIC, 0)]
        assert evidence.incomplete(conn, "another") == []


def test_a_ledger_of_the_revision_before_keeps_everything_and_goes_on(empty_database: str) -> None:
    migrate.upgrade(empty_database, "0003")
    older = make_engine(empty_database)
    with older.begin() as conn:
        conn.execute(
            text(
                "INSERT INTO ledger.position (consumer, topic, partition, log, next_offset)"
                " VALUES (:consumer, :topic, 0, :log, 50), (:consumer, :topic, 1, :log, 0)"
            ),
            {"consumer": CONSUMER, "topic": TOPIC, "log": LOG},
        )
    migrate.upgrade(empty_database)
    log = logged(range(90))
    write_chunk(older, evident(log, 50, 90))
    write_chunk(older, evident(log, 0, 90, partition=1))
    with snapshot(older) as conn:
        assert evidence.incomplete(conn, CONSUMER) == [(TOPIC, 0)]
        assert [head.partition for head in evidence.heads(conn)] == [1]
    # Read again from the beginning, it has the same tree as if it had always been there.
    with older.begin() as conn:
        conn.execute(text("UPDATE ledger.position SET next_offset = 0"))
    write_chunk(older, evident(log, 0, 90))
    with snapshot(older) as conn:
        assert evidence.root_of(conn, TOPIC, 0, 90) == root(leaves(log))
        assert evidence.incomplete(conn, CONSUMER) == []
    older.dispose()


def test_another_consumer_of_the_same_ledger_doesnt_grow_a_tree_twice(engine: Engine) -> None:
    log = logged(range(80))
    write_chunk(engine, evident(log, 0, 50))
    other = [replace(evident(log, *part), consumer="later") for part in ((0, 20), (20, 80))]
    for chunk in other:
        write_chunk(engine, chunk)
    with snapshot(engine) as conn:
        assert evidence.root_of(conn, TOPIC, 0, 80) == root(leaves(log))
        assert evidence.incomplete(conn, "later") == evidence.incomplete(conn, CONSUMER) == []


@pytest.mark.parametrize("index", [0, 1, 2])
def test_one_changed_byte_of_a_tile_is_found(engine: Engine, index: int) -> None:
    log = logged(range(100))
    write_chunk(engine, evident(log, 0, 100))
    with snapshot(engine) as conn:
        wanted = evidence.recomputed(conn, TOPIC, 0, 100)
    assert wanted[0] == root(leaves(log))
    with engine.begin() as conn:
        conn.execute(
            text(
                "UPDATE ledger.evidence_tile SET hashes = set_byte(hashes, 700,"
                " get_byte(hashes, 700) # 1) WHERE index = :index"
            ),
            {"index": index},
        )
    with snapshot(engine) as conn:
        found = evidence.recomputed(conn, TOPIC, 0, 100)
        assert found[0] != wanted[0]
        assert found[1] != wanted[1]
        assert evidence.recomputed(conn, TOPIC, 0, 32 * index) == (
            root(leaves(log[: 32 * index])),
            chained(leaves(log[: 32 * index])),
            32 * index - 1 if index else None,
        )
