"""A leaf: what the evidence keeps of one record of the log.

Encoded, a leaf is UTF-8 text of eight lines, so that anybody can compute it with a shell:

```
foodtrace leaf 1
<topic as written, prefix included>
<partition, decimal>
<offset, decimal>
<the broker's append time, milliseconds since 1970 UTC, decimal>
<SHA-256 of the key, 64 hex digits; - where the record has no key>
<SHA-256 of the value, 64 hex digits; - where the record has no value>
<SHA-256 of the headers, 64 hex digits>
```

Each line ends in a newline. The digest of headers is over, for each header in order: the length of
its name (4 bytes, big-endian) and the name in UTF-8, then 00 where it has no value, or 01, the
length of the value (4 bytes, big-endian) and the value. Which log the topic was (its id) stands in
the checkpoint's origin, not here. The number in the first line changes with the form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from foodtrace.evidence.tree import HASH_BYTES
from foodtrace.problems import InvalidValue

VERSION = 1
_TITLE = f"foodtrace leaf {VERSION}\n"
_NONE = "-"
_NO_HEADERS_HEX = sha256(b"").hexdigest()
# What Kafka lets a topic's name be; above all, nothing that would end a line.
_TOPIC = re.compile(r"[A-Za-z0-9._-]{1,249}")
_DIGITS = "(0|[1-9][0-9]{0,18})"
_MOMENT = "(0|-?[1-9][0-9]{0,18})"
_DIGEST = "[0-9a-f]{64}"
_MAYBE = f"({_NONE}|{_DIGEST})"
_ENCODED = re.compile(
    f"{_TITLE}({_TOPIC.pattern})\n{_DIGITS}\n{_DIGITS}\n{_MOMENT}\n"
    f"{_MAYBE}\n{_MAYBE}\n({_DIGEST})\n"
)

#: Headers as a reader hands them over, in the order in which they were written.
Headers = Sequence[tuple[str, bytes | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """One record by its place, its append time (ms since 1970 UTC) and three SHA-256 digests.

    `key_digest` and `value_digest` are None where the record has no key or value, which differs
    from an empty one. Raises InvalidValue `evidence.malformed` for what no record can be.
    """

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key_digest: bytes | None
    value_digest: bytes | None
    headers_digest: bytes

    def __post_init__(self) -> None:
        if not _TOPIC.fullmatch(self.topic):
            raise InvalidValue("evidence.malformed", ascii(self.topic[:80]), "topic")
        if self.partition < 0 or self.offset < 0:
            raise InvalidValue("evidence.malformed", "less than 0", "offset")
        for digest in (self.key_digest, self.value_digest, self.headers_digest):
            if digest is not None and len(digest) != HASH_BYTES:
                raise InvalidValue("evidence.malformed", f"{len(digest)} bytes", "digest")

    def encoded(self) -> bytes:
        """The canonical form that is hashed, see the module."""
        return _encoded(
            f"{self.topic}\n{self.partition}\n{self.offset}\n{self.timestamp_ms}",
            _NONE if self.key_digest is None else self.key_digest.hex(),
            _NONE if self.value_digest is None else self.value_digest.hex(),
            self.headers_digest.hex(),
        )

    def hash(self) -> bytes:
        """SHA-256 of 00 and the encoded leaf (RFC 6962, 2.1)."""
        return sha256(b"\x00" + self.encoded()).digest()


def leaf_of(
    topic: str,
    partition: int,
    offset: int,
    timestamp_ms: int,
    key: bytes | None,
    value: bytes | None,
    headers: Headers,
) -> Leaf:
    """The leaf of a record as it stands in the log, frame included."""
    return Leaf(
        topic=topic,
        partition=partition,
        offset=offset,
        timestamp_ms=timestamp_ms,
        key_digest=None if key is None else sha256(key).digest(),
        value_digest=None if value is None else sha256(value).digest(),
        headers_digest=headers_digest(headers),
    )


def read_leaf(text: str) -> Leaf:
    """The leaf that `Leaf.encoded` wrote; raises InvalidValue `evidence.malformed`.

    Accepts that one spelling alone, so a text and its leaf stand for each other.
    """
    found = _ENCODED.fullmatch(text)
    if found is None:
        raise InvalidValue("evidence.malformed", ascii(text[:80]), "leaf")
    topic, partition, offset, timestamp, key, value, headers = found.groups()
    return Leaf(
        topic=topic,
        partition=int(partition),
        offset=int(offset),
        timestamp_ms=int(timestamp),
        key_digest=None if key == _NONE else bytes.fromhex(key),
        value_digest=None if value == _NONE else bytes.fromhex(value),
        headers_digest=bytes.fromhex(headers),
    )


def leaf_hash(
    topic: str,
    partition: int,
    offset: int,
    timestamp_ms: int,
    key: bytes | None,
    value: bytes | None,
    headers: Headers,
) -> bytes:
    """The same as `leaf_of(...).hash()` in half the time: every record of every log goes this way."""
    encoded = _encoded(
        f"{topic}\n{partition}\n{offset}\n{timestamp_ms}",
        _NONE if key is None else sha256(key).hexdigest(),
        _NONE if value is None else sha256(value).hexdigest(),
        headers_digest(headers).hex() if headers else _NO_HEADERS_HEX,
    )
    return sha256(b"\x00" + encoded).digest()


def headers_digest(headers: Headers) -> bytes:
    """SHA-256 over the headers in their order, as the module states."""
    whole = sha256()
    for name, value in headers:
        coded = name.encode()
        whole.update(len(coded).to_bytes(4, "big") + coded)
        if value is None:
            whole.update(b"\x00")
        else:
            whole.update(b"\x01" + len(value).to_bytes(4, "big"))
            whole.update(value)
    return whole.digest()


def _encoded(place: str, key: str, value: str, headers: str) -> bytes:
    return f"{_TITLE}{place}\n{key}\n{value}\n{headers}\n".encode()
