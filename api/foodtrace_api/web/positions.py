"""How far the ledger has read, and waiting until it has read far enough."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Annotated

from anyio import to_thread
from fastapi import Query, Request

from foodtrace.problems import OurFault
from foodtrace_api.web.after import Vector, missing, read_token
from foodtrace_api.web.door import Door, door_of
from foodtrace_ledger.positions import read_positions

Spot = tuple[str, int]

# The ledger commits a chunk every few milliseconds under load.
_FIRST_PAUSE_S = 0.01
_LONGEST_PAUSE_S = 0.2


def reached(door: Door) -> dict[Spot, int]:
    """The next offset that the ledger needs, by full topic name and partition."""
    found: dict[Spot, int] = {}
    for row in read_positions(door.engine):
        if is_ours(door, row.consumer):
            spot = (row.topic, row.partition)
            found[spot] = max(found.get(spot, 0), row.next_offset)
    return found


def is_ours(door: Door, consumer: str) -> bool:
    """Whether the workers of this stack read under that name; the intake's has a suffix."""
    own = door.settings.consumer
    return consumer == own or consumer.startswith(f"{own}.")


async def wait_until_in(door: Door, vector: Vector) -> None:
    """Return once the ledger has passed every position; raises OurFault `answer.not-yet`.

    Bounded by the setting `after_wait_seconds`; the detail says how much is missing where.
    """
    deadline = monotonic() + door.settings.after_wait_seconds
    pause = _FIRST_PAUSE_S
    prefix = door.settings.topic_prefix
    while True:
        known = await to_thread.run_sync(reached, door)
        behind = missing(vector, {(t.removeprefix(prefix), p): n for (t, p), n in known.items()})
        if not behind:
            return
        left = deadline - monotonic()
        if left <= 0:
            places = ", ".join(f"{t}[{p}] {count}" for (t, p), count in sorted(behind.items()))
            raise OurFault("answer.not-yet", f"records still missing: {places}", "after")
        await asyncio.sleep(min(pause, left))
        pause = min(pause * 1.5, _LONGEST_PAUSE_S)


After = Annotated[
    str | None,
    Query(
        description="`after` of a push: the answer waits until that push is counted in,"
        " or is a problem `answer.not-yet` (504)"
    ),
]


async def after_push(request: Request, after: After = None) -> None:
    """What a route with ?after= does first."""
    if after:
        await wait_until_in(door_of(request), read_token(after))
