"""Sizes that doors, producers and fetchers have to agree on with the topics, in bytes."""

from __future__ import annotations

from foodtrace_bus.records import Record
from foodtrace_schemas.topics import DEADLETTER_TOPIC, MAX_DEADLETTER_BYTES, MAX_MESSAGE_BYTES

#: Frame of a batch, key and headers around one value, generously.
ENVELOPE_BYTES = 64 * 1024
#: The largest value a door accepts, so that its batch still fits its topic.
MAX_VALUE_BYTES = MAX_MESSAGE_BYTES - ENVELOPE_BYTES
#: `max_request_size` of producers.
MAX_REQUEST_BYTES = MAX_DEADLETTER_BYTES
#: What a fetcher asks of one partition at least, so that the largest batch comes in one piece.
MAX_FETCH_BYTES = MAX_DEADLETTER_BYTES + ENVELOPE_BYTES
#: What a worker asks of one partition at a time: so much may come in after the partition was
#: stopped. Apache Kafka hands out a larger batch all the same, whole and alone.
FETCH_BYTES = 1024 * 1024

#: Head of a batch and of the one record in it, at most.
_HEAD_BYTES = 61 + 36
_HEADER_BYTES = 10


def fits(record: Record) -> bool:
    """Whether a batch that holds this record alone is one that its topic takes."""
    size = _HEAD_BYTES + len(record.value or b"") + len(record.key or b"")
    size += sum(_HEADER_BYTES + len(name.encode()) + len(value) for name, value in record.headers)
    letter = record.topic.endswith(DEADLETTER_TOPIC)
    return size <= (MAX_DEADLETTER_BYTES if letter else MAX_MESSAGE_BYTES)
