"""Whether everything that was read is evidence by now, and what keeps it from that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from foodtrace_api.web.door import Door
from foodtrace_ledger import evidence as ledger
from foodtrace_office import evidence as office

#: Records that came in longer ago than this without being signed are told, in seconds.
OVERDUE_S = 600.0
#: Partitions that are named; of more their number is told.
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """A partition's tree: its records, those that a signed checkpoint covers, and its age.

    `age_s` counts from the last checkpoint, None where nothing was signed; `as_of` is the append
    time of the latest record.
    """

    topic: str
    partition: int
    size: int
    signed: int
    age_s: float | None
    as_of: datetime


def covered(connection: Connection) -> list[Covered]:
    """Every tree, by topic and partition."""
    trees = ledger.latest_leaves(connection)
    signed = office.latest(connection, trees)
    return [
        Covered(
            topic=topic,
            partition=partition,
            size=tree.size,
            signed=min(last.size, tree.size) if last else 0,
            age_s=last.age_s if last else None,
            as_of=tree.as_of,
        )
        for (log, topic, partition), tree in sorted(trees.items(), key=lambda one: one[0][1:])
        for last in (signed.get((log, topic, partition)),)
    ]


def known(door: Door) -> list[Covered]:
    """The same for metrics; none where the database is away."""
    try:
        with door.engine.connect() as connection:
            return covered(connection)
    except SQLAlchemyError:
        return []


def unsigned(connection: Connection) -> int:
    """The records that wait for a signed checkpoint."""
    return sum(one.size - one.signed for one in covered(connection))


def warnings(door: Door, connection: Connection) -> Iterator[tuple[str, str]]:
    """What somebody has to look into, as problem codes with what is at hand."""
    without = ledger.incomplete(connection, door.settings.consumer)
    if without:
        yield "evidence.incomplete", _named(without)
    trees = covered(connection)
    if trees and not office.public_keys(connection):
        yield "evidence.no-key", ""
        return
    since = datetime.now(UTC) - timedelta(seconds=OVERDUE_S)
    late = [
        (one.topic, one.partition) for one in trees if one.size > one.signed and one.as_of < since
    ]
    if late:
        yield "evidence.unsigned", _named(late)


def _named(spots: list[tuple[str, int]]) -> str:
    names = ", ".join(f"{topic}/{partition}" for topic, partition in spots[:_NAMED])
    more = len(spots) - _NAMED
    return f"{names} +{more}" if more > 0 else names
