"""The last try at a place that ended workers before: record by record, in a child process.

A record at which our code merely fails goes aside there like any other. One that takes the process
with it (out of memory, a fault in a C library) takes the child only, and goes aside as ours when it
has done so `DEATHS` times in a row. A healthy record never does: workers that are killed for other
reasons cost no more than this slower way through one chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace

from foodtrace_ledger.writer import Written
from foodtrace_streams.child import Child
from foodtrace_streams.chunk import RawChunk, size_of
from foodtrace_streams.outcome import Outcome
from foodtrace_streams.work import Attempt

#: Children that have to die of one record, one after another, before it goes aside. More than one:
#: whoever kills processes at random may hit a child.
DEATHS = 3

#: Notes for the next start what is being worked on.
Mark = Callable[[RawChunk], AbstractContextManager[None]]


class Careful:
    """An attempt that leaves its last try to a child process."""

    def __init__(self, attempt: Attempt, mark: Mark) -> None:
        """`attempt` is the usual way; the child makes the same for itself."""
        self._attempt = attempt
        self._mark = mark

    async def __call__(self, raw: RawChunk, *, last: bool) -> Outcome:
        """One attempt at one chunk."""
        if not last or not raw.records:
            return await self._attempt(raw, last=last)
        outcome, child = Outcome(written=Written()), None
        try:
            for single in singles(raw):
                deaths: list[str] = []
                done = None
                while done is None and len(deaths) < DEATHS:
                    child = child or await Child.start()
                    with self._mark(single):
                        done = await child.attempt(single)
                    if done is None:
                        deaths.append(await child.how_it_ended())
                        child = None
                if done is None:
                    done = await self._attempt(_doomed(single, deaths), last=True)
                outcome = Outcome(
                    written=outcome.written + done.written, asides=outcome.asides + done.asides
                )
        finally:
            if child is not None:
                child.kill()
        return outcome


def singles(raw: RawChunk) -> Iterator[RawChunk]:
    """The chunk as consecutive ones of one record each; holes lie inside of them."""
    edges = [raw.start, *(record.offset for record in raw.records[1:]), raw.end]
    for record, start, end in zip(raw.records, edges, edges[1:], strict=False):
        size, more = size_of(record), end < raw.end
        yield replace(raw, start=start, end=end, records=(record,), size=size, more=more)


def _doomed(single: RawChunk, deaths: list[str]) -> RawChunk:
    (record,) = single.records
    how = f"ended its process {len(deaths)} times in a row: {', '.join(deaths)}"
    return replace(single, doomed={record.offset: how})
