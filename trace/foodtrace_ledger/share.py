"""When too many of a partition's latest records went aside: stop, rather than drain it into letters.

A function of the records and the settings alone, whatever chunks they came in and however often a
worker began anew: the offsets that went aside stand in the ledger, and no clock is read. A place in
the log that holds no record (a transaction's marker) counts as one that didn't go aside.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from foodtrace.problems import InvalidValue
from foodtrace_ledger.chunk import Chunk
from foodtrace_ledger.sqlfile import sql

Spot = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of the `window` latest offsets of a partition at most `most` may go aside.

    `seen`: by topic and partition the offset up to which nothing counts, since somebody has looked.
    """

    window: int
    most: int
    seen: Mapping[Spot, int] = field(default_factory=dict)


def share_of(window: int, limit: float, seen: str = "") -> Share:
    """From settings: `limit` is a share of the window, `seen` is TOPIC/PARTITION/OFFSET,...

    Raises InvalidValue for a `seen` of another form. Of two places of one partition the later counts.
    """
    places: dict[Spot, int] = {}
    for one in filter(None, seen.split(",")):
        try:
            topic, partition, offset = one.split("/")
            spot = (topic, int(partition))
            places[spot] = max(int(offset), places.get(spot, -1))
        except ValueError as error:
            raise InvalidValue("dead-letter.no-place", one[:80], "asides_seen") from error
    return Share(window=window, most=int(window * limit), seen=places)


def first_over(asides: Iterable[int], share: Share, *, start: int, seen: int = -1) -> int | None:
    """The first offset from `start` on at which the limit is passed, None where it never is.

    `asides` are the offsets that went aside, ascending, from `start - window + 1` on at least.
    """
    latest: deque[int] = deque()
    for offset in asides:
        if offset <= seen:
            continue
        latest.append(offset)
        while latest[0] <= offset - share.window:
            latest.popleft()
        if offset >= start and len(latest) > share.most:
            return offset
    return None


def passed_at(conn: Connection, chunk: Chunk, start: int, share: Share) -> int | None:
    """Where the limit is passed by what the open transaction has written from `start` on."""
    where = {
        "log": chunk.log,
        "topic": chunk.topic,
        "partition": chunk.partition,
        "first": start - share.window + 1,
        "end": chunk.end,
    }
    offsets = conn.execute(sql("aside_offsets"), where).scalars()
    seen = share.seen.get((chunk.topic, chunk.partition), -1)
    return first_over(offsets, share, start=start, seen=seen)


def note_halt(conn: Connection, chunk: Chunk, offset: int, detail: str) -> None:
    """Keep where the consumer stops, for whoever asks why; it holds while the position is there."""
    row = {
        "consumer": chunk.consumer,
        "log": chunk.log,
        "topic": chunk.topic,
        "partition": chunk.partition,
        "offset": offset,
        "code": "ledger.too-many-asides",
        "detail": detail,
    }
    conn.execute(sql("note_halt"), row)
