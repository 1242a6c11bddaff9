"""The `after` token: which positions of the log the ledger must have passed to know of a push.

It is no secret and no promise: it only says how long to wait, so it isn't signed.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping

import msgspec

from foodtrace.problems import TheirFault

_LIMIT = 4096
_VERSION = 1

#: (topic without prefix, partition) → the offset behind the last record.
Vector = Mapping[tuple[str, int], int]


def vector_of(stored: Iterable[tuple[str, int, int]]) -> dict[tuple[str, int], int]:
    """The vector behind records given as (topic without prefix, partition, offset)."""
    vector: dict[tuple[str, int], int] = {}
    for topic, partition, offset in stored:
        spot = (topic, partition)
        vector[spot] = max(vector.get(spot, 0), offset + 1)
    return vector


def token_of(vector: Vector) -> str:
    """The vector as a short text for URLs."""
    topics: dict[str, dict[int, int]] = {}
    for (topic, partition), end in sorted(vector.items()):
        topics.setdefault(topic, {})[partition] = end
    raw = msgspec.msgpack.encode((_VERSION, topics))
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def read_token(token: str) -> dict[tuple[str, int], int]:
    """The vector of a token; raises TheirFault when it isn't one of ours."""
    if len(token) > _LIMIT:
        raise TheirFault("request.bad-token", "too long", "after")
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        version, topics = msgspec.msgpack.decode(raw, type=tuple[int, dict[str, dict[int, int]]])
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise TheirFault("request.bad-token", "unreadable", "after") from error
    if version != _VERSION:
        raise TheirFault("request.bad-token", f"version {version}", "after")
    return {
        (topic, partition): end
        for topic, partitions in topics.items()
        for partition, end in partitions.items()
    }


def missing(vector: Vector, reached: Vector) -> dict[tuple[str, int], int]:
    """How many records the ledger still has to take, by partition; empty when it has them all."""
    return {
        spot: end - reached.get(spot, 0)
        for spot, end in vector.items()
        if end > reached.get(spot, 0)
    }
