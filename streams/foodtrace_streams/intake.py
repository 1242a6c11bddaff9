"""The door for outside topics: the checks of the HTTP door, then on to the ledger's own topics.

A source writes into `in.{source}` and nowhere else, so the topic says who speaks. What passes is
published to the topic of its kind under its event id, before the position moves: a crash between
the two publishes again, and the ledger takes an event id once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Protocol

from sqlalchemy import Engine

from foodtrace.events import Event
from foodtrace.problems import InvalidValue
from foodtrace_bus.errors import BusAway
from foodtrace_bus.records import PublishError, Record, Result
from foodtrace_ledger.chunk import Aside, Chunk, Taken
from foodtrace_ledger.share import Share
from foodtrace_ledger.writer import write_chunk
from foodtrace_schemas.topics import source_of, topic_of
from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.outcome import Outcome, outcome_of
from foodtrace_streams.threads import in_thread
from foodtrace_streams.verdict import Decoding, aside, judged, judged_with_care

#: Header that says from where an event came in: topic, partition and offset.
ORIGIN_HEADER = "foodtrace.origin"


class Publisher(Protocol):
    """What publishes: the bus."""

    async def publish(self, records: Sequence[Record]) -> list[Result]: ...


class Intake:
    """Takes chunks of outside topics."""

    def __init__(
        self,
        consumer: str,
        engine: Engine,
        threads: Executor,
        decoding: Decoding,
        publisher: Publisher,
        *,
        prefix: str,
        kinds: Iterable[str],
        share: Share | None = None,
    ) -> None:
        """`kinds` are those that a source may send by itself; `share` limits what may go aside."""
        self._consumer = consumer
        self._engine = engine
        self._threads = threads
        self._decoding = decoding
        self._publisher = publisher
        self._prefix = prefix
        self._kinds = frozenset(kinds)
        self._share = share

    async def __call__(self, raw: RawChunk, *, last: bool) -> Outcome:
        """One attempt at one chunk; raises BusAway when not all of it could be published."""
        judge = judged_with_care if last else judged
        chunk = await in_thread(
            self._threads,
            lambda: judge(raw, self._consumer, self._decoding, self.check, evident=False),
        )
        asides, published = await self._publish(raw, chunk)
        # Whatever a record claims, the topic says who sent it.
        source = source_of(raw.topic, self._prefix)
        rest = replace(chunk, entries=tuple(replace(one, source=source) for one in asides))
        written = await in_thread(
            self._threads,
            lambda: write_chunk(self._engine, rest, forgive=last, share=self._share, more=raw.more),
        )
        return outcome_of(rest, replace(written, events=published))

    def check(self, topic: str, event: Event) -> None:
        """Raise InvalidValue unless the topic's source may say this; depends on the event alone."""
        source = source_of(topic, self._prefix)
        if event.envelope.source != source:
            detail = f"the topic is that of {source}, the event says {event.envelope.source}"
            raise InvalidValue("event.wrong-source", detail, "envelope.source")
        if event.kind not in self._kinds:
            raise InvalidValue("event.unknown-kind", event.kind, "kind")

    async def _publish(self, raw: RawChunk, chunk: Chunk) -> tuple[tuple[Aside, ...], int]:
        taken = [entry for entry in chunk.entries if isinstance(entry, Taken)]
        asides = [entry for entry in chunk.entries if isinstance(entry, Aside)]
        told = await self._publisher.publish([self._record(entry) for entry in taken])
        for one in told:
            if isinstance(one, PublishError) and one.retry:
                raise BusAway(f"{one.topic}: {one.detail}")
        refused = {
            entry.origin.offset: one
            for entry, one in zip(taken, told, strict=True)
            if isinstance(one, PublishError)
        }
        asides += [
            aside(raw, record, refused[record.offset].code, refused[record.offset].detail)
            for record in raw.records
            if record.offset in refused
        ]
        asides.sort(key=lambda entry: entry.origin.offset)
        return tuple(asides), len(taken) - len(refused)

    def _record(self, entry: Taken) -> Record:
        origin = entry.origin
        where = f"{origin.topic}/{origin.partition}/{origin.offset}"
        return Record(
            topic=topic_of(entry.event.kind, self._prefix),
            key=str(entry.event.envelope.event_id).encode(),
            value=entry.payload,
            headers=((ORIGIN_HEADER, where.encode()),),
        )
