"""Asks each part once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from foodtrace.problems import FoodtraceError
from foodtrace_api.health.shapes import PartState, Ready, TopicLag, Workers
from foodtrace_api.web.door import Door
from foodtrace_api.web.positions import Spot, reached
from foodtrace_bus.cluster import UNKNOWN, Unknown
from foodtrace_ledger import migrate
from foodtrace_office import migrate as office_migrate

Lags = Mapping[Spot, int]
_HEARD = text("SELECT max(received_at) FROM ledger.heard")


def ready(door: Door) -> Ready:
    """The state of every part; blocking, some milliseconds."""
    database = _database(door)
    broker = _broker(door)
    return Ready(
        ready=database.ok and broker.ok,
        database=database,
        broker=broker,
        workers=_workers(door) if database.ok else _UNKNOWN,
    )


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


def _database(door: Door) -> PartState:
    try:
        migrate.check(door.engine)
        door.contracts.ids()
    except FoodtraceError as error:
        return PartState(ok=False, detail=str(error))
    except SQLAlchemyError as error:
        return PartState(ok=False, detail=f"away: {type(error).__name__}")
    detail = f"ledger {migrate.head()}, office {office_migrate.head()}"
    return PartState(ok=True, detail=detail)


def _broker(door: Door) -> PartState:
    try:
        brokers = door.cluster.brokers()
    except FoodtraceError as error:
        return PartState(ok=False, detail=error.detail)
    return PartState(ok=True, detail=f"{brokers} of them, {door.settings.broker_kind}")


_UNKNOWN = Workers(heard_at=None, behind=UNKNOWN, topics=[])


def _workers(door: Door) -> Workers:
    with door.engine.connect() as connection:
        heard = connection.execute(_HEARD).scalar_one()
    told = lags(door)
    if isinstance(told, str):
        return replace(_UNKNOWN, heard_at=heard)
    read = reached(door)
    topics = sorted({topic for topic, _ in told})
    return Workers(
        heard_at=heard,
        behind=sum(told.values()),
        topics=[_topic(topic, told, read) for topic in topics],
    )


def _topic(topic: str, told: Lags, read: Mapping[Spot, int]) -> TopicLag:
    own = {spot: count for spot, count in told.items() if spot[0] == topic}
    return TopicLag(
        topic=topic,
        partitions=len(own),
        read=sum(spot in read for spot in own),
        behind=sum(own.values()),
    )
