"""Dead letters as they stand: the records, what was done about each, and how many wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from foodtrace.letters import LetterPlace
from foodtrace_ledger.sqlfile import sql

OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was done about a letter; `acted_at` is the clock of who acted, `noted_at` append time."""

    action: str
    reason: str | None
    corrected: UUID | None
    actor: str | None
    event_id: UUID
    acted_at: datetime
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A record that was put aside; `settled` None says that it waits."""

    place: LetterPlace
    received_at: datetime
    code: str
    detail: str
    path: str | None
    schema_id: int | None
    value_bytes: int
    published: bool
    source: str | None
    requeued_from: str | None
    settled: Settled | None

    @property
    def state(self) -> str:
        """`open`, or what was done."""
        return OPEN if self.settled is None else self.settled.action


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything that came with the record, as it was."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which letters; None means any. `state` is `open` or an action."""

    code: str | None = None
    topic: str | None = None
    source: str | None = None
    state: str | None = None

    def asked(self) -> dict[str, str | None]:
        """As parameters."""
        return {
            "code": self.code,
            "topic": self.topic,
            "source": self.source,
            "state": self.state,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How many letters of one code and source wait; the source None isn't known for sure."""

    code: str
    source: str | None
    letters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """Where a consumer stopped because too many of the latest records went aside."""

    consumer: str
    topic: str
    partition: int
    offset: int
    code: str
    detail: str


def page(
    conn: Connection, wanted: Wanted, last: Mapping[str, Any], limit: int
) -> tuple[list[Letter], int]:
    """At most `limit` letters behind `last` (the latest first), and how many there are in all."""
    rows = conn.execute(sql("letter_page"), {**wanted.asked(), **last, "limit": limit}).all()
    total = conn.execute(sql("letter_total"), wanted.asked()).scalar_one()
    return [_letter(row) for row in rows], total


def find(conn: Connection, place: LetterPlace) -> tuple[Letter, Contents] | None:
    """One letter with its bytes; None where there is none."""
    row = conn.execute(sql("letter_one"), _where(place)).one_or_none()
    if row is None:
        return None
    headers = tuple((name, bytes.fromhex(value)) for name, value in row.headers)
    return _letter(row), Contents(key=_bytes(row.key), value=_bytes(row.value), headers=headers)


def came_back(conn: Connection, place: LetterPlace) -> list[LetterPlace]:
    """The letters that this one became when it was pushed again."""
    rows = conn.execute(sql("letter_came_back"), {"letter": place.text})
    return [LetterPlace(**row._mapping) for row in rows]


def acts(conn: Connection, place: LetterPlace) -> int:
    """How many actions on the letter are known, those that were taken back included."""
    return int(conn.execute(sql("letter_acts"), _where(place)).scalar_one())


def waiting(conn: Connection) -> list[Waiting]:
    """The open letters by code and source."""
    return [Waiting(**row._mapping) for row in conn.execute(sql("letters_open"))]


def unpublished(conn: Connection) -> int:
    """How many letters haven't reached their topic yet."""
    return int(conn.execute(sql("letters_unpublished")).scalar_one())


def halts(conn: Connection) -> list[Halt]:
    """Where a worker stands still, until its position passes that place."""
    return [Halt(**row._mapping) for row in conn.execute(sql("read_halts"))]


def _where(place: LetterPlace) -> dict[str, Any]:
    return {
        "log": place.log,
        "topic": place.topic,
        "partition": place.partition,
        "offset": place.offset,
    }


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        place=LetterPlace(log=row.log, topic=row.topic, partition=row.partition, offset=row.offset),
        received_at=row.received_at,
        code=row.code,
        detail=row.detail,
        path=row.path,
        schema_id=row.schema_id,
        value_bytes=row.value_bytes,
        published=row.published,
        source=row.source,
        requeued_from=row.requeued_from,
        settled=None if row.action is None else _settled(row),
    )


def _settled(row: Row[Any]) -> Settled:
    return Settled(
        action=row.action,
        reason=row.reason,
        corrected=row.corrected,
        actor=row.actor,
        event_id=row.resolution,
        acted_at=row.acted_at,
        noted_at=row.noted_at,
    )


def _bytes(value: memoryview | bytes | None) -> bytes | None:
    return None if value is None else bytes(value)
