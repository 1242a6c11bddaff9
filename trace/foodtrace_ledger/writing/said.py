"""What a chunk says: each content of each event once, with the earliest copy's origin."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from foodtrace.effects import VoidFact
from foodtrace.events import Event
from foodtrace.identity import content_digest, event_id
from foodtrace_ledger.chunk import Origin, Taken

Said = dict[tuple[UUID, int], "Content"]


@dataclass(frozen=True, slots=True)
class Content:
    """One content of one event, as the records of this chunk say it."""

    event: Event
    digest: bytes
    origin: Origin
    payload: bytes
    schema_id: int

    @property
    def event_id(self) -> UUID:
        """The event it is said under."""
        return self.event.envelope.event_id

    @property
    def payload_digest(self) -> bytes:
        """SHA-256 of the bytes as received."""
        return sha256(self.payload).digest()

    @property
    def head_id(self) -> UUID:
        """The id of revision 0 of the same document."""
        envelope = self.event.envelope
        if envelope.revision == 0:
            return envelope.event_id
        return event_id(envelope.source, self.event.kind, envelope.source_event_id)

    def voids(self) -> tuple[VoidFact, ...]:
        """What it takes back; only voids do."""
        return self.event.effects().voids if self.event.kind == "void" else ()


def content_number(digest: bytes) -> int:
    """The first four bytes of a content digest as a signed integer: `content` of every fact."""
    return int.from_bytes(digest[:4], "big", signed=True)


def gather(taken: Iterable[Taken]) -> Said:
    """The contents of a chunk by event and content number."""
    said: Said = {}
    for entry in taken:
        digest = content_digest(entry.event)
        content = Content(entry.event, digest, entry.origin, entry.payload, entry.schema_id)
        key = (content.event_id, content_number(digest))
        known = said.get(key)
        if known is None or age(entry.origin) < age(known.origin):
            said[key] = content
    return said


def age(origin: Origin) -> tuple[object, ...]:
    """By this order the earliest copy of a content is its origin, the same in every replay."""
    return (origin.received_at, origin.topic, origin.partition, origin.offset)
