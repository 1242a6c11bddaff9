"""A ledger of the first revision: emptied by the upgrade, and equal to a new one once read again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text

from foodtrace.events import Event
from foodtrace_ledger import dump, migrate
from foodtrace_ledger.chunk import Aside
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.errors import LogReplaced
from foodtrace_ledger.positions import read_positions
from foodtrace_ledger.writer import write_chunk
from support.ledger import LOG, chunk, dumped, goods, origin, receipt, trade, void

EVENTS: list[Event] = [
    trade(1, "A", "B", goods("X", 3), trade_no="T1"),
    receipt(1, "B", goods("X", 1)),
    void(1, ("erp", "receipt", "1")),
]

# What the first revision held of a trade, a receipt and an unreadable record, as its writer put it.
OLD = """
INSERT INTO ledger.event (event_id, kind, source, source_event_id, revision, arrived, contradicted,
    superseded, dead, dead_lines) VALUES
    ('00000000-0000-8000-8000-000000000001', 'trade', 'erp', '1', 0, true, false, false, false, '{}');
INSERT INTO ledger.event_content (event, content, digest, log, topic, partition, "offset",
    received_at, payload_digest, schema_id, payload, occurred_at, business_date)
    VALUES (1, 1, '', 'log-1', 'trade', 0, 0, now(), '', 1, '', now(), '2026-05-21');
INSERT INTO ledger.lot (lot_id, holder, location, kind, product, code)
    VALUES ('00000000-0000-8000-8000-000000000002', 'A', '', 'trace', '', 'X');
INSERT INTO ledger.claim (event, content, line, lot, role, basis)
    VALUES (1, 1, 1, 1, 'taken', 'declared');
INSERT INTO ledger.movement (event, content, line, lot, day, direction, dimension, amount, meeting,
    told) VALUES (1, 1, 1, 1, '2026-05-21', 'sold', '袋', 3000000, 77, 'g');
INSERT INTO ledger.paper (event, content, line, lot, kind, number, verification)
    VALUES (1, 1, 1, 1, 'test_report', 'D1', 'declared');
INSERT INTO ledger.master (event, content, line, subject_kind, subject, name, attributes)
    VALUES (1, 1, 0, 'party', 'A', '甲', '{}');
INSERT INTO ledger.retail_total VALUES (1, '2026-05-21', '袋', false, 1000000);
INSERT INTO ledger.heard VALUES ('erp', 'trade', 0, now());
INSERT INTO ledger.position (consumer, topic, partition, log, next_offset, attempts)
    VALUES ('ledger', 'trade', 0, 'log-1', 4, 2), ('ledger.intake', 'in.erp', 0, 'log-2', 9, 0);
INSERT INTO ledger.dead_letter (log, topic, partition, "offset", received_at, consumer, code, detail,
    headers, published) VALUES
    ('log-1', 'trade', 0, 3, now(), 'ledger', 'record.unreadable', 'as it was', '[]', true);
"""


@pytest.fixture
def upgraded(empty_database: str) -> Iterator[Engine]:
    migrate.upgrade(empty_database, "0001")
    engine = make_engine(empty_database)
    with engine.begin() as conn:
        conn.exec_driver_sql(OLD)
        before = ledger_id(conn)
    migrate.upgrade(empty_database)
    with engine.connect() as conn:
        assert ledger_id(conn) != before
    yield engine
    engine.dispose()


def ledger_id(conn: Connection) -> str:
    return str(conn.execute(text("SELECT ledger_id FROM ledger.instance")).scalar_one())


def unreadable(offset: int) -> Aside:
    return Aside(
        origin=origin("trade", 0, offset),
        code="record.unreadable",
        detail="as it is read again",
        path=None,
        schema_id=None,
        key=None,
        value=b"?",
        headers=(),
    )


def test_an_upgraded_ledger_that_read_the_log_again_equals_a_new_one(upgraded: Engine) -> None:
    assert dumped(upgraded) == frozenset()
    write_chunk(upgraded, chunk([*EVENTS, unreadable(3)]))
    assert dumped(upgraded) == dump.of_events(EVENTS)


def test_what_went_aside_is_not_published_a_second_time(upgraded: Engine) -> None:
    write_chunk(upgraded, chunk([*EVENTS, unreadable(3)]))
    with upgraded.connect() as conn:
        rows = conn.execute(text("SELECT detail, published FROM ledger.dead_letter")).all()
    assert [tuple(row) for row in rows] == [("as it was", True)]


def test_the_workers_begin_again_at_the_start_of_the_same_log(upgraded: Engine) -> None:
    places = {p.consumer: (p.log, p.next_offset, p.attempts) for p in read_positions(upgraded)}
    assert places == {"ledger": (LOG, 0, 0), "ledger.intake": ("log-2", 9, 0)}
    with pytest.raises(LogReplaced):
        write_chunk(upgraded, chunk(EVENTS, log="another"))
