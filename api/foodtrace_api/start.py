"""What the door does as soon as the bus answers: connect, restore the registry, announce contracts.

The schemas topic is what workers read, so our contracts stand there before any event is written
with them; and it is what gives the registry back if the office was lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import structlog
from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from foodtrace.problems import OurFault
from foodtrace_api.web.door import Door
from foodtrace_bus.producer import Bus
from foodtrace_bus.records import PublishError
from foodtrace_bus.schemas_topic import SchemaRow, SchemasTopic, schema_record
from foodtrace_office.registry import Registered
from foodtrace_schemas.registry import Registered as Row
from foodtrace_schemas.topics import schemas_topic

log = structlog.get_logger(__name__)

#: Seconds between two tries to reach the bus and the database.
AGAIN_S = 1.0


async def connect(door: Door, bus: Bus) -> None:
    """Until it is done; questions are answered meanwhile, pushes are told to come again."""
    started = False
    while True:
        try:
            if not started:
                await bus.start()
                started = True
            await announce(door)
        except (OurFault, SQLAlchemyError) as error:
            log.warning("start.waiting", detail=str(error))
            await asyncio.sleep(AGAIN_S)
        else:
            log.info("start.ready")
            return


async def announce(door: Door) -> None:
    """Restore, register and publish; raises OurFault when the bus is away or disagrees."""
    told = await to_thread.run_sync(_told, door)
    await to_thread.run_sync(_restore, door, told)
    ours = await to_thread.run_sync(door.contracts.register)
    await publish_rows(door, _missing(await to_thread.run_sync(door.rows.all), told))
    door.contracts.announced(ours)


async def publish_rows(door: Door, rows: Sequence[Row]) -> None:
    """Put rows on the schemas topic; raises OurFault unless all of them are stored."""
    topic = schemas_topic(door.settings.topic_prefix)
    records = [schema_record(topic, _row(each)) for each in rows]
    for result in await door.bus.publish(records):
        if isinstance(result, PublishError):
            raise OurFault(result.code, result.detail)


def _told(door: Door) -> list[SchemaRow]:
    topic = schemas_topic(door.settings.topic_prefix)
    with SchemasTopic(door.settings.access(), topic) as schemas:
        return [row for row in schemas.read() if not row.deleted]


def _restore(door: Door, told: Iterable[SchemaRow]) -> None:
    rows = [
        Registered(
            subject=row.subject, version=row.version, schema_id=row.schema_id, text=row.schema
        )
        for row in told
    ]
    try:
        restored = door.rows.restore(rows)
    except ValueError as error:
        raise OurFault("registry.contradiction", str(error)) from error
    if restored:
        log.info("registry.restored", versions=restored)


def _missing(rows: Iterable[Registered], told: Iterable[SchemaRow]) -> list[Registered]:
    known = {(row.subject, row.version) for row in told}
    return [row for row in rows if (row.subject, row.version) not in known]


def _row(each: Row) -> SchemaRow:
    return SchemaRow(
        subject=each.subject, version=each.version, schema_id=each.schema_id, schema=each.text
    )
