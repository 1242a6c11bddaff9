"""Asks each part once."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from foodtrace.problems import PROBLEMS, FoodtraceError
from foodtrace_api.health.evidence import warnings as about_evidence
from foodtrace_api.health.ownership import disk_states, named, too_full
from foodtrace_api.health.shapes import Alert, PartState, Ready, Workers
from foodtrace_api.health.workers import NOTHING_KNOWN, workers
from foodtrace_api.web.door import Door
from foodtrace_api.web.positions import is_ours
from foodtrace_ledger import letters, migrate
from foodtrace_ledger.letters import Halt, Waiting
from foodtrace_office import migrate as office_migrate


def ready(door: Door) -> Ready:
    """The state of every part; blocking, some milliseconds."""
    database = _database(door)
    broker = _broker(door)
    told = workers(door) if database.ok else NOTHING_KNOWN
    return Ready(
        ready=database.ok and broker.ok,
        database=database,
        broker=broker,
        workers=told,
        disks=disk_states(door) if broker.ok else [],
        warnings=[*(_warnings(door) if database.ok else []), *_about_brokers(door, told)],
    )


def _about_brokers(door: Door, told: Workers) -> list[Alert]:
    alerts = []
    if told.unowned:
        alerts.append(_alert("worker.no-owner", named(told.unowned)))
    fault = too_full(door)
    if fault is not None:
        alerts.append(_alert(fault.code, fault.detail))
    elif near := door.room.warning():
        alerts.append(_alert("bus.disk-low", near))
    return alerts


def _warnings(door: Door) -> list[Alert]:
    with door.engine.connect() as connection:
        halted = letters.halts(connection)
        waiting = sum(each.letters for each in letters.waiting(connection))
        evidence = [_alert(code, detail) for code, detail in about_evidence(door, connection)]
    alerts = [_alert(one.code, one.detail) for one in halted if is_ours(door, one.consumer)]
    alerts += evidence
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


def _database(door: Door) -> PartState:
    try:
        migrate.check(door.engine)
        office = office_migrate.check(door.engine)
        door.contracts.ids()
    except FoodtraceError as error:
        return PartState(ok=False, detail=str(error))
    except SQLAlchemyError as error:
        return PartState(ok=False, detail=f"away: {type(error).__name__}")
    return PartState(ok=True, detail=f"ledger {migrate.head()}, office {office}")


def _broker(door: Door) -> PartState:
    try:
        brokers = door.cluster.brokers()
    except FoodtraceError as error:
        return PartState(ok=False, detail=error.detail)
    return PartState(ok=True, detail=f"{brokers} of them, {door.settings.broker_kind}")
