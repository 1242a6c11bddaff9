"""How far the workers are, part by part, and who has which partition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import text as statement
from sqlalchemy.exc import SQLAlchemyError

from foodtrace_api.health.evidence import unsigned
from foodtrace_api.health.ownership import owned
from foodtrace_api.health.shapes import PartLag, TopicLag, Workers
from foodtrace_api.web.door import Door
from foodtrace_api.web.positions import Spot, reached
from foodtrace_bus.cluster import UNKNOWN, Unknown
from foodtrace_bus.owners import Owners, unowned
from foodtrace_ledger import letters
from foodtrace_schemas.topics import source_of

Lags = Mapping[Spot, int]
_HEARD = statement("SELECT max(received_at) FROM ledger.heard")

#: What is said while the database doesn't answer.
NOTHING_KNOWN = Workers(heard_at=None, behind=UNKNOWN, topics=[], parts=[], unowned=[])


def lags(door: Door) -> Lags | Unknown:
    """Records of each partition that the ledger hasn't taken; "unknown" where it can't be told."""
    # The position first: then what is in flight is counted rather high than low.
    positions = reached(door)
    ends = door.reach.now()
    if isinstance(ends, str):
        return UNKNOWN
    return {spot: max(0, end - positions.get(spot, 0)) for spot, end in ends.items()}


def known_lags(door: Door) -> Lags:
    """The same for metrics, which leave out what can't be told, for whichever reason."""
    try:
        told = lags(door)
    except SQLAlchemyError:
        return {}
    return {} if isinstance(told, str) else told


def workers(door: Door) -> Workers:
    """All of it at once; blocking, some milliseconds."""
    with door.engine.connect() as connection:
        heard = connection.execute(_HEARD).scalar_one()
    told = lags(door)
    parts = parts_of(door, told)
    if isinstance(told, str):
        return replace(NOTHING_KNOWN, heard_at=heard, parts=parts)
    read, having = reached(door), owned(door)
    topics = sorted({topic for topic, _ in told})
    return Workers(
        heard_at=heard,
        behind=sum(told.values()),
        topics=[_topic(topic, told, read, having) for topic in topics],
        parts=parts,
        unowned=[f"{topic}/{number}" for topic, number in unowned(told, having)],
    )


def parts_of(door: Door, told: Lags | Unknown) -> list[PartLag]:
    """What each part has still to do; raises SQLAlchemyError when the database is away."""
    with door.engine.connect() as connection:
        relayed = letters.unpublished(connection)
        signed = unsigned(connection)
    return [
        PartLag(part="ledger", behind=_sum(door, told, outside=False)),
        PartLag(part="intake", behind=_sum(door, told, outside=True)),
        PartLag(part="relay", behind=relayed),
        PartLag(part="signer", behind=signed),
    ]


def known_parts(door: Door, told: Lags) -> dict[str, int]:
    """The same for metrics, from the lags that are known."""
    try:
        parts = parts_of(door, told or UNKNOWN)
    except SQLAlchemyError:
        return {}
    return {each.part: each.behind for each in parts if not isinstance(each.behind, str)}


def _sum(door: Door, told: Lags | Unknown, *, outside: bool) -> int | Unknown:
    if isinstance(told, str):
        return UNKNOWN
    prefix = door.settings.topic_prefix
    return sum(
        count
        for (topic, _), count in told.items()
        if (source_of(topic, prefix) is not None) is outside
    )


def _topic(topic: str, told: Lags, read: Mapping[Spot, int], having: Owners | Unknown) -> TopicLag:
    own = {spot: count for spot, count in told.items() if spot[0] == topic}
    return TopicLag(
        topic=topic,
        partitions=len(own),
        read=sum(spot in read for spot in own),
        behind=sum(own.values()),
        owned=UNKNOWN if isinstance(having, str) else len(own) - len(unowned(own, having)),
    )
