"""How far each consumer has read: the ledger owns the position, not the broker."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from foodtrace_ledger.sqlfile import sql


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The next offset a consumer needs of a partition, and how often it failed there."""

    consumer: str
    log: str
    topic: str
    partition: int
    next_offset: int
    attempts: int


def read_positions(source: Engine | Connection, consumer: str | None = None) -> list[Position]:
    """The positions of one consumer, or of all, by topic and partition."""
    if isinstance(source, Engine):
        with source.connect() as conn:
            return read_positions(conn, consumer)
    rows = source.execute(sql("read_positions"), {"consumer": consumer})
    return [Position(**row._mapping) for row in rows]


def partitions_read(source: Engine | Connection, prefix: str) -> dict[str, int]:
    """Topics with that prefix of which records were read, each with the number of partitions that
    it has to have at least."""
    numbers: dict[str, int] = {}
    for one in read_positions(source):
        if one.topic.startswith(prefix) and one.next_offset > 0:
            numbers[one.topic] = max(numbers.get(one.topic, 0), one.partition + 1)
    return numbers


def raise_attempts(engine: Engine, consumer: str, log: str, topic: str, partition: int) -> int:
    """Count one more failure at the present position and return how many there were.

    The writer sets it back to 0 when the position moves by a whole chunk, or the last piece of one.
    """
    where = {"consumer": consumer, "log": log, "topic": topic, "partition": partition}
    with engine.begin() as conn:
        return int(conn.execute(sql("raise_attempts"), where).scalar_one())


def count_death(
    engine: Engine, consumer: str, log: str, topic: str, partition: int, offset: int
) -> int:
    """Count that a process was killed while it worked at `offset`; gives how often it failed there.

    0 where the position has moved on since: the kill came after the commit, and means nothing.
    """
    where = {"consumer": consumer, "log": log, "topic": topic, "partition": partition}
    with engine.begin() as conn:
        if offset == 0:
            conn.execute(sql("begin_position"), where | {"offset": 0})
        return int(conn.execute(sql("count_death"), where | {"offset": offset}).scalar() or 0)


def begin(engine: Engine, consumer: str, log: str, topic: str, partition: int, offset: int) -> None:
    """State where a partition begins that was never read; changes nothing once it was.

    Without it a partition begins at offset 0, and a first chunk beyond that is a lost one.
    """
    row = {"consumer": consumer, "log": log, "topic": topic, "partition": partition}
    with engine.begin() as conn:
        conn.execute(sql("begin_position"), row | {"offset": offset})
