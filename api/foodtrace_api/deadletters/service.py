"""Reads dead letters from the ledger."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, text

from foodtrace.problems import PROBLEMS, NotFound
from foodtrace_api.deadletters.shapes import DeadLetter, DeadLetterPage, DeadLetterWhole
from foodtrace_api.web.cursor import cursor_of, read_cursor


class Place(NamedTuple):
    """Where a page ended."""

    received_at: datetime
    last_topic: str
    last_partition: int
    last_offset: int
    last_log: str


_COLUMNS = """log, topic, partition, "offset", received_at, code, detail, path, schema_id,
    coalesce(length(value), 0) AS value_bytes, published"""
_FILTER = """(cast(:code AS text) IS NULL OR code = :code)
    AND (cast(:topic AS text) IS NULL OR topic = :topic)"""
_ORDER = 'received_at, topic, partition, "offset", log'
_PAGE = text(f"""
    SELECT {_COLUMNS} FROM ledger.dead_letter
    WHERE {_FILTER} AND (cast(:received_at AS timestamptz) IS NULL OR
        ({_ORDER}) < (:received_at, :last_topic, :last_partition, :last_offset, :last_log))
    ORDER BY received_at DESC, topic DESC, partition DESC, "offset" DESC, log DESC
    LIMIT :limit
""")
_TOTAL = text(f"SELECT count(*) FROM ledger.dead_letter WHERE {_FILTER}")
_ONE = text(f"""
    SELECT {_COLUMNS}, key, value, headers FROM ledger.dead_letter
    WHERE log = :log AND topic = :topic AND partition = :partition AND "offset" = :offset
""")


def page(
    connection: Connection, code: str | None, topic: str | None, limit: int, cursor: str | None
) -> DeadLetterPage:
    """A page of dead letters, the latest first."""
    asked = {"code": code, "topic": topic}
    question = ["dead-letters", code, topic]
    last = _last(read_cursor(question, cursor, Place))
    rows = connection.execute(_PAGE, {**asked, **last, "limit": limit + 1}).all()
    shown = [_letter(row) for row in rows[:limit]]
    more = None if len(rows) <= limit else cursor_of(question, _place(shown[-1]))
    total = connection.execute(_TOTAL, asked).scalar_one()
    return DeadLetterPage(total=total, dead_letters=shown, next=more)


def one(connection: Connection, place: Mapping[str, Any]) -> DeadLetterWhole:
    """A dead letter with all that came with it; raises NotFound."""
    row = connection.execute(_ONE, dict(place)).one_or_none()
    if row is None:
        raise NotFound("dead-letter.unknown", str(dict(place)))
    return DeadLetterWhole(
        about=_letter(row),
        key=_base64(row.key),
        value=_base64(row.value),
        headers=[(name, _base64(bytes.fromhex(value)) or "") for name, value in row.headers],
    )


def _place(letter: DeadLetter) -> Place:
    return Place(letter.received_at, letter.topic, letter.partition, letter.offset, letter.log)


def _last(place: Place | None) -> dict[str, Any]:
    return dict.fromkeys(Place._fields) if place is None else place._asdict()


def _letter(row: Row[Any]) -> DeadLetter:
    meaning = PROBLEMS.get(row.code)
    return DeadLetter(
        log=row.log,
        topic=row.topic,
        partition=row.partition,
        offset=row.offset,
        received_at=row.received_at,
        code=row.code,
        zh=meaning.zh if meaning else row.code,
        en=meaning.en if meaning else row.code,
        detail=row.detail,
        path=row.path,
        schema_id=row.schema_id,
        value_bytes=row.value_bytes,
        published=row.published,
    )


def _base64(value: bytes | memoryview | None) -> str | None:
    return None if value is None else base64.b64encode(bytes(value)).decode("ascii")
