"""What a lane does with a chunk: tries, tries again what passes, and lets all else end the process."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.crash import LAST_ATTEMPT, Sort, sort_of
from foodtrace_streams.outcome import Outcome

#: Pauses between attempts, in seconds: the first, and the longest.
FIRST_PAUSE_S = 0.05
LONGEST_PAUSE_S = 2.0
#: How long an attempt may take before it no longer counts among those that run at once.
PLACE_S = 1.0


class Attempt(Protocol):
    """One way to bring a chunk into the ledger; called again with the same chunk when it failed."""

    async def __call__(self, raw: RawChunk, *, last: bool) -> Outcome:
        """Bring it in; with `last`, put aside whatever record makes it fail."""
        ...


class Observer(Protocol):
    """Who is told what happened; nothing depends on it."""

    def written(self, raw: RawChunk, outcome: Outcome, seconds: float) -> None:
        """A chunk is in."""
        ...

    def retried(self, raw: RawChunk, error: Exception) -> None:
        """A chunk will be tried again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What `Work` needs beside the attempt itself, each a function of the chunk at hand.

    `attempts` tells how often it failed in processes before this one, `count` adds one to that,
    `free` ends a frozen worker that holds the chunk's locks, `current` tells the valid term, `mark`
    notes for the next process that this one was at work on it.
    """

    attempts: Callable[[RawChunk], int]
    count: Callable[[RawChunk], Awaitable[None]]
    free: Callable[[RawChunk, Exception], Awaitable[None]]
    current: Callable[[], int]
    mark: Callable[[RawChunk], AbstractContextManager[None]]


class Work:
    """The crash rule applied to one kind of chunk."""

    def __init__(
        self, attempt: Attempt, ways: Ways, observer: Observer, places: asyncio.Semaphore
    ) -> None:
        """`places` bounds how many attempts run at once, those of other kinds of chunks included."""
        self._attempt = attempt
        self._ways = ways
        self._observer = observer
        self._places = places

    async def __call__(self, raw: RawChunk) -> bool:
        """Bring the chunk in; False when its term ended before that.

        Raises what neither passes nor is the fault of a record, counted before if it has no name.
        """
        last = self._ways.attempts(raw) + 1 >= LAST_ATTEMPT
        error = await self._try(raw, last=last)
        pause = FIRST_PAUSE_S
        while error is not None:
            self._observer.retried(raw, error)
            await self._ways.free(raw, error)
            # Spread, so that workers that met once don't meet again.
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(2 * pause, LONGEST_PAUSE_S)
            if raw.term != self._ways.current():
                return False
            error = await self._try(raw, last=last)
        return True

    async def _try(self, raw: RawChunk, *, last: bool) -> Exception | None:
        began = time.monotonic()
        try:
            outcome = await self._placed(raw, last=last)
        except Exception as error:
            sort = sort_of(error)
            if sort is Sort.PASSES:
                return error
            if sort is Sort.CRASH:
                await self._ways.count(raw)
            raise
        self._observer.written(raw, outcome, time.monotonic() - began)
        return None

    async def _placed(self, raw: RawChunk, *, last: bool) -> Outcome:
        """One attempt, which keeps its place only as long as attempts usually take.

        A partition that is stuck in the database must not keep the others from it.
        """
        async with self._places:
            attempt = asyncio.ensure_future(self._marked(raw, last=last))
            await asyncio.wait({attempt}, timeout=PLACE_S)
        return await attempt

    async def _marked(self, raw: RawChunk, *, last: bool) -> Outcome:
        with self._ways.mark(raw):
            return await self._attempt(raw, last=last)
