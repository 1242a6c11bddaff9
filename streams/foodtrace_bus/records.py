"""What goes onto the bus and what comes back for each record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One Kafka record to be stored; `value` is None only for a tombstone of a compacted topic."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """Where the brokers keep a record that all in-sync replicas have acknowledged."""

    topic: str
    partition: int
    offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishError:
    """A record that isn't known to be stored; `code` is one of `foodtrace.problems.PROBLEMS`.

    With `retry` the same record may be sent again: it may have been stored all the same, which is
    harmless, since an event's id makes the ledger take it once.
    """

    topic: str
    code: str
    detail: str
    retry: bool


Result = Stored | PublishError
