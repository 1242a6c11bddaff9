"""What was signed and by which key: the part of the evidence that the log can't give back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Row,
    Select,
    Text,
    column,
    func,
    select,
    true,
    values,
)
from sqlalchemy.dialects.postgresql import insert

from foodtrace_office.evidence_keys import adopt_key as adopt_key
from foodtrace_office.evidence_keys import public_keys as public_keys
from foodtrace_office.tables import checkpoint, installation

_SIGNED = select(
    checkpoint,
    func.extract("epoch", func.clock_timestamp() - checkpoint.c.signed_at).label("age_s"),
)

#: A partition of a log: log id, topic, partition.
Spot = tuple[str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signed checkpoint of a partition; `note` is it word by word, `size` its leaves.

    `signed_at` is this database's clock and signed by nobody; `age_s` is how long ago that was.
    `handed_out` says that somebody outside holds it in a proof or a bundle.
    """

    log: str
    topic: str
    partition: int
    size: int
    note: str
    signed_at: datetime
    handed_out: bool
    age_s: float


def installation_id(connection: Connection) -> str:
    """Which installation this is: part of every checkpoint's origin."""
    return str(connection.execute(select(installation.c.id)).scalar_one())


def save(connection: Connection, spot: Spot, size: int, note: str) -> None:
    """Keep a checkpoint; one of that size that is there already stays."""
    log, topic, partition = spot
    row = {"log": log, "topic": topic, "partition": partition, "size": size, "note": note}
    connection.execute(insert(checkpoint).values(row).on_conflict_do_nothing())


def latest(connection: Connection, spots: Iterable[Spot]) -> dict[Spot, Signed]:
    """The largest checkpoint of each of these partitions that has one: one look at an index each."""
    wanted = values(
        column("log", Text), column("topic", Text), column("partition", Integer), name="wanted"
    )
    listed = list(spots)
    if not listed:
        return {}
    asked = wanted.data(listed)
    last = (
        _SIGNED.where(
            checkpoint.c.log == asked.c.log,
            checkpoint.c.topic == asked.c.topic,
            checkpoint.c.partition == asked.c.partition,
        )
        .order_by(checkpoint.c.size.desc())
        .limit(1)
        .lateral("last")
    )
    rows = connection.execute(select(last).select_from(asked.join(last, true())))
    found = map(_signed, rows)
    return {(one.log, one.topic, one.partition): one for one in found}


def last_sizes(connection: Connection) -> dict[Spot, int]:
    """The size of the largest checkpoint of every partition that ever had one."""
    spot = (checkpoint.c.log, checkpoint.c.topic, checkpoint.c.partition)
    rows = connection.execute(
        select(*spot, func.max(checkpoint.c.size).label("last")).group_by(*spot)
    )
    return {(row.log, row.topic, row.partition): row.last for row in rows}


def covering(connection: Connection, spot: Spot, index: int) -> Signed | None:
    """The largest checkpoint whose tree holds the leaf at `index`, None while there is none."""
    found = latest(connection, [spot]).get(spot)
    return found if found is not None and found.size > index else None


def of_size(connection: Connection, spot: Spot, size: int) -> Signed | None:
    """The checkpoint of exactly that size."""
    row = connection.execute(_of(spot).where(checkpoint.c.size == size)).one_or_none()
    return None if row is None else _signed(row)


def all_of(connection: Connection, spot: Spot, *, beyond: int = 0) -> list[Signed]:
    """Every checkpoint of a partition that is larger than `beyond`, by size."""
    query = _of(spot).where(checkpoint.c.size > beyond).order_by(checkpoint.c.size)
    return [_signed(row) for row in connection.execute(query)]


def newest(connection: Connection, spot: Spot, *, size: int, limit: int) -> list[Signed]:
    """The largest checkpoints of a partition up to that size, the largest first."""
    query = _of(spot).where(checkpoint.c.size <= size)
    rows = connection.execute(query.order_by(checkpoint.c.size.desc()).limit(limit))
    return [_signed(row) for row in rows]


def _of(spot: Spot) -> Select[Any]:
    log, topic, partition = spot
    where = checkpoint.c.log == log, checkpoint.c.topic == topic
    return _SIGNED.where(*where, checkpoint.c.partition == partition)


def _signed(row: Row[Any]) -> Signed:
    told = dict(row._mapping)
    return Signed(**told | {"age_s": float(told["age_s"])})
