"""A ledger built anew beside the live one: equal whatever came in whatever order, and told apart
where one row isn't."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from foodtrace.events import Event
from foodtrace_ledger import dump, migrate
from foodtrace_ledger.chunk import Aside
from foodtrace_ledger.engine import make_engine, snapshot
from foodtrace_ledger.rebuild import beside, digest, indexes
from foodtrace_ledger.schemas import NEXT
from foodtrace_ledger.tables import metadata
from foodtrace_ledger.writer import write_chunk
from foodtrace_ledger.writing.copying import copy
from support.ledger import chunk, dumped, empty, goods, origin, receipt, trade, void
from support.ledger_scripts import Script, scripts

Log = tuple[tuple[Event | Aside, ...], ...]


@pytest.fixture(scope="module")
def live(module_database: str) -> Iterator[Engine]:
    made = make_engine(module_database)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def rebuilt(module_database: str, live: Engine) -> Iterator[Engine]:
    beside.make(module_database, live)
    made = beside.engine_of(module_database, NEXT, copies=True)
    yield made
    made.dispose()


def with_asides(script: Script, places: list[tuple[int, int]]) -> Log:
    """The script's log with unreadable records in it."""
    log: list[list[Event | None]] = [list(part) for part in script.log]
    for partition, place in places:
        log[partition].insert(place % (len(log[partition]) + 1), None)
    return tuple(
        tuple(_aside(partition, n) if one is None else one for n, one in enumerate(part))
        for partition, part in enumerate(log)
    )


def _aside(partition: int, offset: int) -> Aside:
    return Aside(
        origin=origin("trade", partition, offset),
        code="avro.damaged",
        detail="so",
        key=b"k\n\\",
        value=b"\0",
        headers=(("h", b"\t"),),
    )


def differences(live: Engine, rebuilt: Engine) -> list[digest.Difference]:
    """What isn't equal."""
    with live.connect() as ours, rebuilt.connect() as theirs:
        return [one for one in digest.compared(ours, theirs) if one is not None]


def write_all(engine: Engine, log: Log, size: int) -> None:
    """The whole log in chunks of that size."""
    for partition, part in enumerate(log):
        for start in range(0, len(part), size):
            write_chunk(engine, chunk(part[start : start + size], start=start, partition=partition))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    scripts(),
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 20)), max_size=3),
    st.integers(1, 4),
)
def test_a_rebuilt_ledger_equals_the_live_one(
    live: Engine, rebuilt: Engine, script: Script, places: list[tuple[int, int]], size: int
) -> None:
    empty(live)
    empty(rebuilt)
    log = with_asides(script, places)
    write_all(live, log, size)
    # As a replay does it: large chunks, another order of partitions, COPY, no secondary index.
    for partition in (1, 0):
        write_chunk(rebuilt, chunk(log[partition], partition=partition))
    assert differences(live, rebuilt) == []
    assert dumped(rebuilt) == dumped(live) == dump.of_events(script.events)
    with snapshot(live) as ours, snapshot(rebuilt) as theirs:
        assert dump.origins(ours) == dump.origins(theirs)


WORLD: Log = (
    (
        trade(1, "A", "B", goods("X", 3), trade_no="T1"),
        receipt(1, "B", goods("X", 1)),
        void(1, ("erp", "receipt", "1")),
        trade(1, "A", "B", goods("X", 4), trade_no="T1"),
    ),
    (receipt(2, "B", goods("X", 1), goods(None, 2, line_no=2)), _aside(1, 1)),
)


def test_what_a_dying_server_lost_is_not_remembered(live: Engine, rebuilt: Engine) -> None:
    empty(live)
    empty(rebuilt)
    log: Log = tuple((trade(n, "A", "B", goods("X", 3), goods("Y", 1, line_no=2)),) for n in (1, 2))
    write_all(live, log, 1)
    write_chunk(rebuilt, chunk(log[0]))
    # As after a crash: the last commits are gone, since none of them was waited for, and so is
    # every session.
    with live.begin() as conn:
        for table in metadata.sorted_tables:
            if table.name != "instance":
                conn.exec_driver_sql(f"DELETE FROM {NEXT}.{table.name}")
        ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        assert conn.scalars(
            text(f"{ended} WHERE application_name = :name AND datname = current_database()"),
            {"name": beside.APPLICATION},
        ).all()
    for partition in (1, 0):
        write_chunk(rebuilt, chunk(log[partition], partition=partition))
    assert differences(live, rebuilt) == []


def altered() -> list[str]:
    """A change by hand for each table that holds something of `WORLD`."""
    return [
        "UPDATE ledger.claim SET product = product || '!' WHERE ctid = (SELECT min(ctid) FROM t)",
        "UPDATE ledger.movement SET amount = amount + 1 WHERE ctid = (SELECT min(ctid) FROM t)",
        "UPDATE ledger.lot SET holder = 'Z' WHERE ctid = (SELECT min(ctid) FROM t)",
        "UPDATE ledger.event SET dead = NOT dead WHERE ctid = (SELECT min(ctid) FROM t)",
        "UPDATE ledger.event_content SET payload = '\\x00' WHERE ctid = (SELECT min(ctid) FROM t)",
        "UPDATE ledger.link SET line = line + 1 WHERE ctid = (SELECT min(ctid) FROM t)",
        "UPDATE ledger.retail_total SET amount = 77",
        "UPDATE ledger.dead_letter SET value = NULL",
        "DELETE FROM ledger.retail_line",
        "DELETE FROM ledger.retail_count",
        "DELETE FROM ledger.voiding",
        "DELETE FROM ledger.heard",
        "DELETE FROM ledger.dead_letter",
        "INSERT INTO ledger.heard VALUES ('new', 'trade', 0, now())",
        "INSERT INTO ledger.movement SELECT * FROM ledger.movement LIMIT 1",
        "INSERT INTO ledger.batch_day VALUES ('2026-01-01', 1)",
    ]


@pytest.mark.parametrize("change", altered())
def test_one_row_changed_by_hand_is_found_and_named(
    live: Engine, rebuilt: Engine, change: str
) -> None:
    empty(live)
    empty(rebuilt)
    write_all(live, WORLD, 1)
    write_all(rebuilt, WORLD, 9)
    assert differences(live, rebuilt) == []
    table = re.findall(r"ledger\.(\w+)", change)[0]
    with live.begin() as conn:
        changed = conn.execute(text(change.replace("FROM t)", f"FROM ledger.{table})")))
        assert changed.rowcount > 0
    found = differences(live, rebuilt)
    assert table in {one.table for one in found}
    assert all(one.only_live or one.only_rebuilt for one in found)
    # The other way round it is the other one that has more.
    back = differences(rebuilt, live)
    assert [(one.only_rebuilt, one.only_live) for one in back] == [
        (one.only_live, one.only_rebuilt) for one in found
    ]


def test_what_is_only_of_one_ledger_is_not_compared(live: Engine, rebuilt: Engine) -> None:
    empty(live)
    empty(rebuilt)
    write_all(live, WORLD, 1)
    write_all(rebuilt, WORLD, 9)
    with live.begin() as conn:
        conn.execute(text("UPDATE ledger.dead_letter SET published = true, detail = 'else'"))
        # Sums that came back to nothing say the same as none.
        conn.execute(
            text("INSERT INTO ledger.retail_total VALUES (1, '2020-01-01', '袋', true, 0)")
        )
    assert differences(live, rebuilt) == []


def test_every_table_is_compared_by_all_that_is_public() -> None:
    compared = {table.name for table in digest.tables()}
    assert compared | digest.SKIPPED == {table.name for table in metadata.sorted_tables}
    own = {"event", "lot", "batch", "parent", "child", "void", "target", "head"}
    for table in digest.tables():
        said = digest.rows_of(table, [("trade", 0)])
        for column in table.columns:
            hidden = column.name in digest.OMITTED.get(table.name, ()) or column.name == "id"
            keyed = column.name in own and str(column.type) == "BIGINT"
            named = f'x."{column.name}"' in said.split(" AS text)")[0]
            assert named == (not hidden and not keyed), f"{table.name}.{column.name}"


def test_indexes_are_dropped_and_built_as_the_migrations_make_them(
    module_database: str, live: Engine, rebuilt: Engine
) -> None:
    empty(rebuilt)
    write_all(rebuilt, WORLD, 9)
    kept = {str(index.name) for table in metadata.sorted_tables for index in table.indexes}
    assert kept >= indexes.NEEDED
    with live.begin() as conn:
        lacking = indexes.missing(conn, NEXT)
        assert {str(index.name) for index in lacking} == kept - indexes.NEEDED
        assert lacking == indexes.secondary()
        for index in lacking:
            indexes.build(conn, NEXT, index)
        # Once more changes nothing: a replay that was killed in between goes on.
        indexes.build(conn, NEXT, lacking[0])
        assert indexes.missing(conn, NEXT) == []
        definitions = "SELECT indexdef FROM pg_indexes WHERE schemaname = '{}' ORDER BY 1"
        found = conn.exec_driver_sql(definitions.format(NEXT)).scalars().all()
        wanted = conn.exec_driver_sql(definitions.format("ledger")).scalars().all()
        assert [one.replace(f"{NEXT}.", "ledger.") for one in found] == wanted
        indexes.drop(conn, NEXT)
    assert migrate.current(live, NEXT) == migrate.head()


FIELDS = st.one_of(st.none(), st.integers(), st.text(), st.sampled_from(["\x02", "\\N", "\\.", ""]))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(FIELDS, FIELDS), max_size=4))
def test_whatever_a_field_holds_comes_through_copy(
    live: Engine, rows: list[tuple[object, ...]]
) -> None:
    kept = [tuple(None if v is None else str(v).replace("\0", "") for v in row) for row in rows]
    kept = [
        tuple(None if v is None else v.encode("utf-8", "ignore").decode() for v in row)
        for row in kept
    ]
    with live.connect() as conn:
        conn.exec_driver_sql("CREATE TEMP TABLE said (n serial, a text, b text)")
        if kept:
            copy(conn, "pg_temp", "said", ("a", "b"), kept)
        found = conn.exec_driver_sql("SELECT a, b FROM said ORDER BY n").all()
        conn.rollback()
    assert [tuple(row) for row in found] == kept
