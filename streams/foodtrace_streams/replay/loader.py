"""Loads ranges of the log into a ledger that is built or brought up beside the live one.

The same steps as a worker's, in larger chunks: `judged` and `write_chunk`, for outside topics the
intake, whose records aren't sent on again. Partitions are read side by side; PostgreSQL and Python
take turns on them. A long load is shared out among processes (`crew`).
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace

from sqlalchemy import Engine

from foodtrace.events import KINDS
from foodtrace.events.resolution import Resolution
from foodtrace.evidence import leaf_of
from foodtrace_bus.access import Access
from foodtrace_bus.limits import fits
from foodtrace_bus.reader import Reader
from foodtrace_bus.records import PublishError, Record, Result, Stored
from foodtrace_bus.schemas_topic import SchemasTopic
from foodtrace_ledger.errors import is_transient
from foodtrace_ledger.rebuild.letters import Kept
from foodtrace_ledger.writer import write_chunk
from foodtrace_schemas.topics import schemas_topic
from foodtrace_streams.chunk import RawChunk, RawRecord, cut
from foodtrace_streams.decode import decoding
from foodtrace_streams.intake import Intake
from foodtrace_streams.replay.ranges import Range, Reads
from foodtrace_streams.schemas import SchemaBook
from foodtrace_streams.verdict import aside, judged

#: Records and bytes of one transaction at most.
CHUNK_RECORDS = 2_000
CHUNK_BYTES = 4 * 1024 * 1024
#: Partitions under way at once; more gain nothing beside Python's one interpreter lock.
THREADS = 3
#: How long what may pass is tried again, in seconds.
PATIENCE_S = 60.0
_FIRST_PAUSE_S = 0.05
_LOOK_S = 0.2

#: Told how many offsets more are done.
Tell = Callable[[int], None]


class _NotSent:
    """Publishes nothing: what an outside topic brought in stands in our own topics already."""

    async def publish(self, records: Sequence[Record]) -> list[Result]:
        """What the bus would say of records that it had never to be asked for."""
        return [
            Stored(topic=one.topic, partition=0, offset=0)
            if fits(one)
            else PublishError(topic=one.topic, code="event.too-large", detail="", retry=False)
            for one in records
        ]


class Loader:
    """Writes into the ledger of `engine` whatever ranges it is given."""

    def __init__(
        self, engine: Engine, access: Access, reads: Reads, *, threads: int = THREADS
    ) -> None:
        """`engine` stays the caller's; it needs one connection a thread."""
        self._engine = engine
        self._access = access
        self._threads = threads
        self._schemas = SchemasTopic(access, schemas_topic(reads.prefix))
        self._decoding = decoding(SchemaBook(self._schemas.read))
        self._reads = reads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="intake")
        self._intake = Intake(
            reads.intake,
            engine,
            self._pool,
            self._decoding,
            _NotSent(),
            prefix=reads.prefix,
            kinds=set(KINDS) - {Resolution.kind},
        )

    def close(self) -> None:
        """Disconnect."""
        self._schemas.close()
        self._pool.shutdown()

    def load(self, ranges: Iterable[Range], kept: Kept, tell: Tell) -> None:
        """Bring all of the ranges in; what was written before an error stays, and goes on from there.

        Raises what a worker would end by, BusAway among them.
        """
        waiting = deque(ranges)
        stop = threading.Event()
        with ThreadPoolExecutor(self._threads, thread_name_prefix="load") as threads:
            works = [
                threads.submit(self._work, waiting, kept, tell, stop)
                for _ in range(min(self._threads, len(waiting)))
            ]
            try:
                pending = set(works)
                while pending:
                    done, pending = wait(pending, timeout=_LOOK_S)
                    for one in done:
                        one.result()
            finally:
                stop.set()

    def _work(self, waiting: deque[Range], kept: Kept, tell: Tell, stop: threading.Event) -> None:
        with Reader(self._access, batch_records=CHUNK_RECORDS) as reader:
            while not stop.is_set():
                try:
                    one = waiting.popleft()
                except IndexError:
                    return
                self.bring(reader, one, kept.get((one.topic, one.partition), {}), tell, stop)

    def bring(
        self,
        reader: Reader,
        one: Range,
        kept: Mapping[int, str],
        tell: Tell,
        stop: threading.Event | None = None,
    ) -> None:
        """Bring one range in, but for its offsets that stay aside; raises as `load`."""
        for batch in reader.batches(one.topic, one.partition, one.start, one.end):
            parts = cut(
                batch.records,
                batch.start,
                batch.end,
                most_records=CHUNK_RECORDS,
                most_bytes=CHUNK_BYTES,
            )
            for start, end, records, size in parts:
                if stop is not None and stop.is_set():
                    return
                raw = RawChunk(
                    topic=one.topic,
                    partition=one.partition,
                    log=one.log,
                    start=start,
                    end=end,
                    records=records,
                    size=size,
                    term=0,
                )
                self._chunk(raw, one.consumer, kept)
                tell(end - start)

    def _chunk(self, raw: RawChunk, consumer: str, kept: Mapping[int, str]) -> None:
        write = self._written(raw, consumer, kept)
        deadline, pause = time.monotonic() + PATIENCE_S, _FIRST_PAUSE_S
        while True:
            try:
                write()
            except Exception as error:
                if not is_transient(error) or time.monotonic() > deadline:
                    error.add_note(f"at {raw.topic}/{raw.partition}, {raw.start} to {raw.end}")
                    raise
                time.sleep(pause)
                pause *= 2
            else:
                return

    def _written(
        self, raw: RawChunk, consumer: str, kept: Mapping[int, str]
    ) -> Callable[[], object]:
        """What writes the chunk, judged once however often it is tried."""
        rest = raw
        if kept:
            records = tuple(one for one in raw.records if one.offset not in kept)
            rest = replace(raw, records=records)
        if self._reads.is_outside(raw.topic):
            # The letters that are kept were taken over from the live ledger.
            return lambda: asyncio.run(self._intake(rest, last=False))
        chunk = judged(rest, consumer, self._decoding)
        if len(rest.records) < len(raw.records):
            asides = [
                replace(aside(raw, one, kept[one.offset], ""), leaf=_leaf(raw, one))
                for one in raw.records
                if one.offset in kept
            ]
            entries = sorted((*chunk.entries, *asides), key=lambda entry: entry.origin.offset)
            chunk = replace(chunk, entries=tuple(entries))
        return lambda: write_chunk(self._engine, chunk)


def _leaf(raw: RawChunk, one: RawRecord) -> bytes:
    where = (raw.topic, raw.partition, one.offset, one.timestamp)
    return leaf_of(*where, one.key, one.value, one.headers).hash()
