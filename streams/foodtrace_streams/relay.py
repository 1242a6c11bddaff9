"""Publishes the ledger's dead letters to their topic.

Dead letters are rows that were written with the read position, so none is lost or doubled there.
One worker at a time relays, under a PostgreSQL advisory lock of its session. A crash between topic
and mark publishes a letter again, under the same key: its origin.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor

from sqlalchemy import Engine, select, tuple_, update

from foodtrace.problems import OurFault
from foodtrace_bus.deadletters import DeadLetter, dead_letter_record
from foodtrace_bus.errors import BusAway
from foodtrace_bus.records import PublishError
from foodtrace_ledger.tables.dead import dead_letter as row
from foodtrace_ops.metrics import counter
from foodtrace_streams.crash import Sort, sort_of
from foodtrace_streams.intake import Publisher
from foodtrace_streams.threads import in_thread
from foodtrace_streams.turn import Turn

#: The lock that says who relays ("dead" in ASCII).
ADVISORY_LOCK = 0x64656164
#: Letters in memory at once; each may hold 4 MiB.
BATCH = 20
#: How often to look for new letters, and for the lock, in seconds.
LOOK_EVERY_S = 1.0

_KEY = (row.c.log, row.c.topic, row.c.partition, row.c.offset)


class Relay:
    """Looks for letters that aren't published yet, as long as it holds the lock."""

    def __init__(self, engine: Engine, threads: Executor, publisher: Publisher, topic: str) -> None:
        """`topic` is where the letters go."""
        self._threads = threads
        self._publisher = publisher
        self._topic = topic
        self._turn = Turn(engine, ADVISORY_LOCK)

    async def run(self) -> None:
        """Relay until cancelled; raises what neither passes nor is foreseen."""
        while True:
            try:
                more = await self.relay()
            except Exception as error:
                if sort_of(error) is not Sort.PASSES:
                    raise
                await in_thread(self._threads, self._turn.forget)
                more = False
            if not more:
                await asyncio.sleep(LOOK_EVERY_S)

    async def relay(self) -> bool:
        """Publish and mark one batch; whether there may be more."""
        letters = await in_thread(self._threads, self._waiting)
        told = await self._publisher.publish(
            [dead_letter_record(self._topic, letter) for letter in letters]
        )
        for one in told:
            if isinstance(one, PublishError):
                if one.retry:
                    raise BusAway(f"{one.topic}: {one.detail}")
                raise OurFault(one.code, f"dead letter: {one.detail}")
        if letters:
            await in_thread(self._threads, lambda: self._mark(letters))
            counter("foodtrace_deadletters_relayed_total").inc(len(letters))
        return len(letters) == BATCH

    def close(self) -> None:
        """Give the lock back."""
        self._turn.forget()

    def _waiting(self) -> list[DeadLetter]:
        session = self._turn.session()
        if session is None:
            return []
        rows = session.execute(
            select(row).where(~row.c.published).order_by(row.c.received_at, *_KEY[1:]).limit(BATCH)
        )
        return [
            DeadLetter(
                log=one.log,
                topic=one.topic,
                partition=one.partition,
                offset=one.offset,
                received_at=one.received_at,
                code=one.code,
                detail=one.detail,
                path=one.path,
                schema_id=one.schema_id,
                key=_bytes(one.key),
                value=_bytes(one.value),
                headers=tuple((name, bytes.fromhex(value)) for name, value in one.headers),
            )
            for one in rows
        ]

    def _mark(self, letters: list[DeadLetter]) -> None:
        keys = [(one.log, one.topic, one.partition, one.offset) for one in letters]
        session = self._turn.session()
        assert session is not None, "letters came from it"
        session.execute(update(row).where(tuple_(*_KEY).in_(keys)).values(published=True))


def _bytes(value: memoryview | bytes | None) -> bytes | None:
    return None if value is None else bytes(value)
