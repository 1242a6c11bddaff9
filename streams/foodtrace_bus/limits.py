"""Sizes that doors, producers and fetchers have to agree on with the topics, in bytes."""

from __future__ import annotations

from foodtrace_schemas.topics import MAX_DEADLETTER_BYTES, MAX_MESSAGE_BYTES

#: Frame of a batch, key and headers around one value, generously.
ENVELOPE_BYTES = 64 * 1024
#: The largest value a door accepts, so that its batch still fits its topic.
MAX_VALUE_BYTES = MAX_MESSAGE_BYTES - ENVELOPE_BYTES
#: `max_request_size` of producers: what they refuse to send.
MAX_REQUEST_BYTES = MAX_DEADLETTER_BYTES
#: What a fetcher asks of one partition at least, so that the largest batch comes in one piece.
MAX_FETCH_BYTES = MAX_DEADLETTER_BYTES + ENVELOPE_BYTES
