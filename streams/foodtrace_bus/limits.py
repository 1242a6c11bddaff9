"""Sizes that producers, topics and fetchers have to agree on, in bytes."""

from __future__ import annotations

#: `max.message.bytes` of every topic: the largest record batch a broker takes.
MAX_MESSAGE_BYTES = 4 * 1024 * 1024
#: Frame of a batch, key and headers around one value, generously.
ENVELOPE_BYTES = 64 * 1024
#: The largest value a door accepts, so that its batch still fits its topic.
MAX_VALUE_BYTES = MAX_MESSAGE_BYTES - ENVELOPE_BYTES
#: A dead letter carries the original bytes and says in headers what is wrong with them.
MAX_DEAD_LETTER_BYTES = MAX_MESSAGE_BYTES + ENVELOPE_BYTES
#: `max_request_size` of producers: what they refuse to send.
MAX_REQUEST_BYTES = MAX_DEAD_LETTER_BYTES
