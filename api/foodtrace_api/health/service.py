"""Asks each part once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import text as statement
from sqlalchemy.exc import SQLAlchemyError

from foodtrace.problems import PROBLEMS, FoodtraceError
from foodtrace_api.health.shapes import Alert, PartState, Ready, TopicLag, Workers
from foodtrace_api.web.door import Door
from foodtrace_api.web.positions import Spot, is_ours, reached
from foodtrace_bus.cluster import UNKNOWN, Unknown
from foodtrace_ledger import letters, migrate
from foodtrace_ledger.letters import Halt, Waiting
from foodtrace_office import migrate as office_migrate

Lags = Mapping[Spot, int]
_HEARD = statement("SELECT max(received_at) FROM ledger.heard")


def ready(door: Door) -> Ready:
    """The state of every part; blocking, some milliseconds."""
    database = _database(door)
    broker = _broker(door)
    return Ready(
        ready=database.ok and broker.ok,
        database=database,
        broker=broker,
        workers=_workers(door) if database.ok else _UNKNOWN,
        warnings=_warnings(door) if database.ok else [],
    )


def _warnings(door: Door) -> list[Alert]:
    with door.engine.connect() as connection:
        halted = letters.halts(connection)
        waiting = sum(each.letters for each in letters.waiting(connection))
    alerts = [_alert(one.code, one.detail) for one in halted if is_ours(door, one.consumer)]
    return [*alerts, *([_alert("ledger.dead-letters-open", str(waiting))] if waiting else [])]


def _alert(code: str, detail: str) -> Alert:
    text = PROBLEMS[code]
    return Alert(code=code, zh=text.zh, en=text.en, detail=detail)


def letters_open(door: Door) -> list[Waiting]:
    """The dead letters that wait, for metrics; none where the database is away."""
    try:
        with door.engine.connect() as connection:
            return letters.waiting(connection)
    except SQLAlchemyError:
        return []


def halted(door: Door) -> list[Halt]:
    """The partitions at which the workers stopped, for metrics."""
    try:
        with door.engine.connect() as connection:
            return [one for one in letters.halts(connection) if is_ours(door, one.consumer)]
    except SQLAlchemyError:
        return []


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
