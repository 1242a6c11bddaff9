"""The projection: a chunk of any ledger topic becomes facts and read position, in one transaction."""

from __future__ import annotations

from concurrent.futures import Executor
from functools import partial

from sqlalchemy import Engine

from foodtrace_ledger.share import Share
from foodtrace_ledger.writer import write_chunk
from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.outcome import Outcome, outcome_of
from foodtrace_streams.threads import in_thread
from foodtrace_streams.verdict import Decoding, judged, judged_with_care


class Project:
    """Judges and writes chunks; everything that takes time happens in a thread."""

    def __init__(
        self,
        consumer: str,
        engine: Engine,
        threads: Executor,
        decoding: Decoding,
        share: Share | None = None,
    ) -> None:
        """`consumer` is the name under which the ledger keeps the positions; `share` limits what
        may go aside."""
        self._consumer = consumer
        self._engine = engine
        self._threads = threads
        self._decoding = decoding
        self._share = share

    async def __call__(self, raw: RawChunk, *, last: bool) -> Outcome:
        """One attempt at one chunk."""
        return await in_thread(self._threads, partial(self._steps, raw, last=last))

    def _steps(self, raw: RawChunk, *, last: bool) -> Outcome:
        judge = judged_with_care if last else judged
        chunk = judge(raw, self._consumer, self._decoding)
        written = write_chunk(self._engine, chunk, forgive=last, share=self._share, more=raw.more)
        return outcome_of(chunk, written)
