"""A chunk is written once and for all: position, idempotency, crashes, dead letters."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text
from sqlalchemy import event as hooks

from foodtrace_ledger import dump
from foodtrace_ledger.chunk import Aside
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.errors import ChunkLost, LogReplaced
from foodtrace_ledger.positions import begin, raise_attempts, read_positions
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writer import Written, write_chunk
from foodtrace_ledger.writing import apply, bisect
from support.ledger import chunk, dumped, empty, goods, origin, push, receipt, taken, trade
from support.streams import until


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = make_engine(database)
    yield made
    made.dispose()


SALES = tuple(trade(n, "A", f"B{n}", goods("X", n + 1)) for n in range(6))


def test_facts_and_position_are_written_together(engine: Engine) -> None:
    assert write_chunk(engine, chunk(SALES)) == Written(events=6, lines=6)
    (position,) = read_positions(engine, "ledger")
    assert (position.topic, position.partition, position.next_offset) == ("trade", 0, 6)
    assert dumped(engine) == dump.of_events(SALES)


def test_a_redelivered_chunk_changes_nothing(engine: Engine) -> None:
    write_chunk(engine, chunk(SALES))
    before = dumped(engine)
    assert write_chunk(engine, chunk(SALES)) == Written(skipped=6)
    assert write_chunk(engine, chunk(SALES[2:], start=2)) == Written(skipped=4)
    assert dumped(engine) == before


def test_a_chunk_that_overlaps_the_position_adds_only_what_is_new(engine: Engine) -> None:
    write_chunk(engine, chunk(SALES[:4]))
    assert write_chunk(engine, chunk(SALES[2:], start=2)) == Written(events=2, lines=2, skipped=2)
    assert dumped(engine) == dump.of_events(SALES)


def test_a_second_copy_at_another_offset_is_a_duplicate(engine: Engine) -> None:
    write_chunk(engine, chunk(SALES))
    before = dumped(engine)
    assert write_chunk(engine, chunk(SALES, start=6)) == Written(duplicates=6)
    assert write_chunk(engine, chunk(SALES, partition=1)) == Written(duplicates=6)
    assert dumped(engine) == before


def test_a_copy_within_one_chunk_counts_once(engine: Engine) -> None:
    assert write_chunk(engine, chunk(SALES + SALES)) == Written(events=6, lines=6, duplicates=6)
    assert dumped(engine) == dump.of_events(SALES)


def test_the_origin_is_the_earliest_copy_whatever_comes_first(engine: Engine) -> None:
    write_chunk(engine, chunk(SALES, partition=1))
    write_chunk(engine, chunk(SALES, partition=0))
    with snapshot(engine) as conn:
        assert {row[5] for row in dump.origins(conn)} == {0}


def test_a_chunk_without_entries_advances(engine: Engine) -> None:
    write_chunk(engine, chunk([], start=0, end=7))
    write_chunk(engine, chunk(SALES, start=7, end=20))
    assert read_positions(engine)[0].next_offset == 20


def test_a_chunk_beyond_the_position_is_a_lost_one(engine: Engine) -> None:
    with pytest.raises(ChunkLost, match="is at 0, the chunk starts at 3"):
        write_chunk(engine, chunk(SALES, start=3))
    write_chunk(engine, chunk(SALES[:2]))
    with pytest.raises(ChunkLost):
        write_chunk(engine, chunk(SALES, start=3))
    assert read_positions(engine)[0].next_offset == 2


def test_a_log_that_begins_later_is_stated_first(engine: Engine) -> None:
    begin(engine, "ledger", "log-1", "trade", 0, 3)
    begin(engine, "ledger", "log-1", "trade", 0, 99)
    assert write_chunk(engine, chunk(SALES[3:], start=3)).events == 3


def test_another_log_under_the_same_name_is_refused(engine: Engine) -> None:
    write_chunk(engine, chunk(SALES))
    with pytest.raises(LogReplaced, match="read log log-1, the chunk is of log-2"):
        write_chunk(engine, chunk(SALES, start=6, log="log-2"))


def test_what_was_rolled_back_is_forgotten(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash before the commit leaves neither rows nor memories of ids that were never made."""

    def crash(*_args: object) -> None:
        raise RuntimeError("crash")

    hooks.listen(engine, "commit", crash)
    with pytest.raises(RuntimeError):
        write_chunk(engine, chunk(SALES))
    hooks.remove(engine, "commit", crash)
    assert dumped(engine) == frozenset()
    write_chunk(engine, chunk(SALES))
    assert dumped(engine) == dump.of_events(SALES)


_WAITS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
  AND clock_timestamp() - query_start > 4 * cast(:timeout AS interval)
"""


def test_a_chunk_waits_for_one_that_writes_the_same_lots(engine: Engine, database: str) -> None:
    """Both know their positions: the second gives up no sooner than the first may stand still."""
    hasty = make_engine(database, settings={"lock_timeout": "50ms"})
    ready, go_on = threading.Event(), threading.Event()

    def hold(_conn: object) -> None:
        ready.set()
        go_on.wait()

    hooks.listen(engine, "commit", hold)
    try:
        with ThreadPoolExecutor(2) as pool, hasty.connect() as looking:
            # Who does what is told as of the transaction's first look.
            looking.execution_options(isolation_level="AUTOCOMMIT")
            try:
                first = pool.submit(write_chunk, engine, chunk(SALES[:3]))
                assert ready.wait(60)
                second = pool.submit(write_chunk, hasty, chunk(SALES[3:], partition=1))
                waits = text(_WAITS)
                until(
                    "it waits for longer than its session would",
                    lambda: second.done() or looking.scalar(waits, {"timeout": "50ms"}),
                )
            finally:
                go_on.set()
            assert first.result() == Written(events=3, lines=3)
            assert second.result() == Written(events=3, lines=3)
    finally:
        hooks.remove(engine, "commit", hold)
        hasty.dispose()
    assert dumped(engine) == dump.of_events(SALES)


def test_memories_of_another_ledger_are_dropped(engine: Engine) -> None:
    push(engine, *SALES)
    empty(engine)
    push(engine, *SALES)
    assert dumped(engine) == dump.of_events(SALES)


def test_attempts_are_counted_until_the_position_moves(engine: Engine) -> None:
    where = ("ledger", "log-1", "trade", 0)
    assert [raise_attempts(engine, *where) for _ in range(3)] == [1, 2, 3]
    write_chunk(engine, chunk(SALES))
    assert read_positions(engine)[0].attempts == 0


@pytest.mark.parametrize("forgive", [False, True])
def test_attempts_stay_counted_until_the_last_piece_of_a_chunk(
    engine: Engine, forgive: bool
) -> None:
    """A last try goes record by record: where another partition's crash breaks it off, the culprit
    behind it must not end two more workers."""
    for _ in range(2):
        raise_attempts(engine, "ledger", "log-1", "trade", 0)
    for offset, attempts in ((0, 2), (1, 2), (2, 0)):
        piece = chunk(SALES[offset : offset + 1], start=offset)
        write_chunk(engine, piece, forgive=forgive, more=offset < 2)
        (place,) = read_positions(engine)
        assert (place.next_offset, place.attempts) == (offset + 1, attempts)


ASIDE = Aside(
    origin=origin("trade", 0, 0),
    code="avro.broken",
    detail="bad \x00 and \ud800",
    path="lines[0]\x00",
    schema_id=2**32 - 1,
    key=b"\x00k",
    value=b"\xff\x00",
    headers=(("h\x00\ud800", b"\x00"), ("h", b"")),
)


def test_what_goes_aside_is_kept_with_everything_that_came_with_it(engine: Engine) -> None:
    assert write_chunk(engine, chunk([ASIDE, *SALES])) == Written(events=6, lines=6, asides=1)
    write_chunk(engine, chunk([ASIDE], start=0))
    with engine.connect() as conn:
        row = conn.execute(text("SELECT * FROM ledger.dead_letter")).one()
    assert (row.code, row.schema_id, row.published) == ("avro.broken", 2**32 - 1, False)
    assert (bytes(row.key), bytes(row.value)) == (b"\x00k", b"\xff\x00")
    assert row.detail == "bad \\x00 and \\ud800"
    assert row.headers == [["h\\x00\\ud800", "00"], ["h", ""]]


def poisoned(number: int, detail: str) -> object:
    """A sale whose text PostgreSQL can't take; as if a rule of the domain had a hole."""
    good = trade(number, "A", "B")
    object.__setattr__(good.envelope, "trade_no", detail)
    return good


@pytest.mark.parametrize("poison", ["nul\x00", "surrogate\ud800"])
def test_poison_goes_aside_and_everything_beside_it_goes_in(engine: Engine, poison: str) -> None:
    bad = [poisoned(n, poison) for n in (100, 101)]
    mixed = [SALES[0], bad[0], *SALES[1:], bad[1], ASIDE]
    entries = chunk(mixed)  # type: ignore[arg-type]
    last = replace(ASIDE, origin=origin("trade", 0, len(mixed) - 1))
    entries = replace(entries, entries=(*entries.entries[:-1], last))
    written = write_chunk(engine, entries)
    assert written == Written(events=6, lines=6, asides=3)
    assert dumped(engine) == dump.of_events(SALES)
    with engine.connect() as conn:
        rows = conn.execute(text('SELECT "offset", code FROM ledger.dead_letter ORDER BY 1')).all()
    assert [tuple(row) for row in rows] == [
        (1, "ledger.refused"),
        (7, "ledger.refused"),
        (8, "avro.broken"),
    ]
    with pytest.raises(ValueError, match=r"NUL|surrogates"):
        write_chunk(engine, chunk([bad[0]], start=9), isolate=False)  # type: ignore[list-item]


def test_a_crash_at_one_record_is_forgiven_only_when_asked(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = apply.apply

    def failing(conn: object, consumer: str, entries: list[object], learnt: object) -> Written:
        if taken(SALES[3], 3) in entries:
            raise KeyError("a bug of ours")
        return real(conn, consumer, entries, learnt)  # type: ignore[arg-type]

    monkeypatch.setattr(bisect, "apply", failing)
    with pytest.raises(KeyError):
        write_chunk(engine, chunk(SALES))
    assert dumped(engine) == frozenset()
    assert write_chunk(engine, chunk(SALES), forgive=True) == Written(events=5, lines=5, asides=1)
    with engine.connect() as conn:
        code = conn.execute(text("SELECT code FROM ledger.dead_letter")).scalar_one()
    assert code == "ledger.crashed"


def test_receipts_are_summed_by_lot_and_day(engine: Engine) -> None:
    sold = [receipt(n, "A", goods("X", 2), goods("X", 1, line_no=2)) for n in range(3)]
    push(engine, *sold, topic="receipt")
    with engine.connect() as conn:
        total = conn.execute(text("SELECT amount FROM ledger.retail_total")).scalar_one()
        number = conn.execute(text("SELECT receipts FROM ledger.retail_count")).scalar_one()
    assert (total, number) == (9_000_000, 3)


@pytest.mark.parametrize(
    ("session", "waits"), [("0", "0"), ("50ms", "10s"), ("2s", "10s"), ("1min", "1min")]
)
def test_nobody_waits_for_writers_shorter_than_before(
    engine: Engine, session: str, waits: str
) -> None:
    with engine.begin() as conn:
        conn.execute(text(f"SET LOCAL lock_timeout = '{session}'"))
        conn.execute(sql("wait_for_writers"), {"most_ms": 10_000})
        assert conn.scalar(text("SHOW lock_timeout")) == waits
