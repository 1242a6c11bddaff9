"""The composition root of the door: settings → engine → bus → routes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from time import monotonic

from anyio import CapacityLimiter
from fastapi import FastAPI

from foodtrace_api.contracts import Contracts
from foodtrace_api.document import documented
from foodtrace_api.routes import include_all
from foodtrace_api.start import connect
from foodtrace_api.web import errors
from foodtrace_api.web.bucket import Buckets
from foodtrace_api.web.counting import Counting
from foodtrace_api.web.door import Door
from foodtrace_api.web.guard import Guard
from foodtrace_api.web.load import Load, show_pushes
from foodtrace_api.web.reach import Reach
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.producer import Bus
from foodtrace_bus.room import Reserved, Room
from foodtrace_ledger.engine import make_engine
from foodtrace_office.registry import RegistryRows
from foodtrace_ops.settings import Settings

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

#: Pushes that are read and encoded at the same time; more wait their turn.
PUSHES_AT_ONCE = 3
#: Dead letters that are dealt with at the same time; each holds a connection.
LETTERS_AT_ONCE = 3


def utc_now() -> datetime:
    """The only clock of the door."""
    return datetime.now(UTC)


def bus_of(settings: Settings) -> Bus:
    """The producer of the door; the in-memory broker knows no idempotent producers."""
    return Bus(
        settings.access(),
        client_id="foodtrace-api",
        idempotent=settings.broker_kind != "memory",
    )


def create_app(
    settings: Settings,
    clock: Callable[[], datetime] = utc_now,
    bus_of: Callable[[Settings], Bus] = bus_of,
) -> FastAPI:
    """The application; nothing is connected before it starts."""
    app = FastAPI(
        title="foodtrace",
        version=version("foodtrace"),
        summary="Food traceability: push events, follow a lot, recall, read a receipt",
        lifespan=_lifespan(settings, clock, bus_of),
        docs_url="/docs",
        redoc_url=None,
    )
    app.add_middleware(Guard, own_limit=("/v1/events",))
    app.add_middleware(Counting)
    errors.install(app)
    include_all(app)
    documented(app)
    return app


def _lifespan(
    settings: Settings, clock: Callable[[], datetime], bus_of: Callable[[Settings], Bus]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        engine = make_engine(
            settings.database_url.get_secret_value(),
            application="foodtrace-api",
            pool_size=settings.database_pool,
        )
        rows = RegistryRows(engine)
        bus = bus_of(settings)
        cluster = Cluster(settings.access())
        room = Room(cluster, settings.broker_reserve_bytes, monotonic)
        door = app.state.door = Door(
            settings=settings,
            engine=engine,
            bus=Reserved(bus, room),
            cluster=cluster,
            room=room,
            load=Load(settings.push_bytes, show_pushes),
            reach=Reach(cluster, settings.topic_prefix, monotonic),
            rows=rows,
            contracts=Contracts(rows),
            clock=clock,
            receipts=Buckets(settings.receipt_requests_per_minute),
            pushes=CapacityLimiter(PUSHES_AT_ONCE),
            letters=CapacityLimiter(LETTERS_AT_ONCE),
        )
        connecting = asyncio.create_task(connect(door, bus))
        try:
            yield
        finally:
            connecting.cancel()
            with suppress(asyncio.CancelledError):
                await connecting
            await bus.stop()
            await asyncio.to_thread(cluster.close)
            engine.dispose()

    return lifespan
