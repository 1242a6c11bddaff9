"""What the routes work with: made once in the composition root, handed on with every request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from anyio import CapacityLimiter
from fastapi import Request
from sqlalchemy import Engine

from foodtrace_api.contracts import Contracts
from foodtrace_api.web.bucket import Buckets
from foodtrace_api.web.load import Load
from foodtrace_api.web.reach import Reach
from foodtrace_bus.cluster import Cluster
from foodtrace_bus.room import Publisher, Room
from foodtrace_office.registry import RegistryRows
from foodtrace_ops.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Everything outside that a route may touch."""

    settings: Settings
    engine: Engine
    bus: Publisher
    cluster: Cluster
    room: Room
    load: Load
    reach: Reach
    rows: RegistryRows
    contracts: Contracts
    clock: Callable[[], datetime]
    receipts: Buckets
    pushes: CapacityLimiter
    letters: CapacityLimiter


def door_of(request: Request) -> Door:
    """The door of the application that serves the request."""
    door: Door = request.app.state.door
    return door
