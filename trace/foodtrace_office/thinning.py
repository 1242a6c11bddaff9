"""Drops signed checkpoints that nobody needs any more, by the rule of `foodtrace.evidence.thinning`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC

from sqlalchemy import ColumnElement, Connection, and_, delete, func, select, update

from foodtrace.evidence.thinning import Mark, superfluous
from foodtrace_office.evidence import Spot
from foodtrace_office.tables import checkpoint

#: Checkpoints of a partition that are looked at at once, the oldest first.
AT_ONCE = 50_000


def hand_out(connection: Connection, spot: Spot, sizes: Iterable[int]) -> None:
    """Note that somebody outside holds these checkpoints, so that they are never dropped."""
    where = (_of(spot), checkpoint.c.size.in_(list(sizes)), ~checkpoint.c.handed_out)
    connection.execute(update(checkpoint).where(*where).values(handed_out=True))


def thin(connection: Connection, spot: Spot, *, at_once: int = AT_ONCE) -> int:
    """Drop what isn't needed of a partition's checkpoints, by this database's clock; how many.

    Of more than `at_once` that nobody holds the others are left for the next time.
    """
    now = connection.execute(select(func.clock_timestamp())).scalar_one().astimezone(UTC)
    # Those that somebody holds aren't counted in: as many of them would be all that is ever seen.
    free = and_(_of(spot), ~checkpoint.c.handed_out)
    query = select(checkpoint.c.size, checkpoint.c.signed_at).where(free)
    marks = [
        Mark(size=row.size, signed_at=row.signed_at.astimezone(UTC))
        for row in connection.execute(query.order_by(checkpoint.c.size).limit(at_once))
    ]
    sizes = superfluous(marks, now)
    if not sizes:
        return 0
    # Handed out since they were looked at: those stay.
    where = and_(free, checkpoint.c.size.in_(sorted(sizes)))
    return connection.execute(delete(checkpoint).where(where)).rowcount


def _of(spot: Spot) -> ColumnElement[bool]:
    log, topic, partition = spot
    where = (checkpoint.c.log == log, checkpoint.c.topic == topic)
    return and_(*where, checkpoint.c.partition == partition)
