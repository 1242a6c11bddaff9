"""What was said under each event id: the row that decides whether its facts are new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Connection

from foodtrace.codes import canonical
from foodtrace.events.side import Side
from foodtrace.meeting import sides
from foodtrace_ledger import arrays
from foodtrace_ledger.sqlfile import sql
from foodtrace_ledger.writing.heads import Heads
from foodtrace_ledger.writing.meetings import numbered
from foodtrace_ledger.writing.said import Content, Said

_MANNERS = ("process", "cause", "reason", "purpose")


def write(conn: Connection, said: Said, heads: Heads) -> Said:
    """Write the contents and give those that this ledger didn't have."""
    rows = sorted((heads.ids[event_id], number, event_id) for event_id, number in said)
    if not rows:
        return {}
    contents = [said[event_id, number] for _, number, event_id in rows]
    columns = {
        "event": arrays.numbers(row[0] for row in rows),
        "content": arrays.numbers(row[1] for row in rows),
        **_origin(contents),
        **_document(contents),
        **_parties(contents),
    }
    result = conn.execute(sql("insert_event_content"), columns)
    fresh = {(row.event, row.content) for row in result if row.fresh}
    new = {
        (event_id, number): said[event_id, number]
        for event, number, event_id in rows
        if (event, number) in fresh
    }
    _contradict(conn, new, heads)
    return new


def _contradict(conn: Connection, new: Said, heads: Heads) -> None:
    """Mark the events that have two contents now."""
    times = Counter(event_id for event_id, _ in new)
    doubtful = [e for e, count in times.items() if count > 1 or e not in heads.made]
    if doubtful:
        conn.execute(
            sql("contradict"), {"id": arrays.numbers(heads.ids[event_id] for event_id in doubtful)}
        )


def _origin(contents: Sequence[Content]) -> dict[str, str]:
    origins = [content.origin for content in contents]
    return {
        "digest": arrays.blobs(content.digest for content in contents),
        "log": arrays.texts(origin.log for origin in origins),
        "topic": arrays.texts(origin.topic for origin in origins),
        "partition": arrays.numbers(origin.partition for origin in origins),
        "offset": arrays.numbers(origin.offset for origin in origins),
        "received_at": arrays.moments(origin.received_at for origin in origins),
        "payload_digest": arrays.blobs(content.payload_digest for content in contents),
        "schema_id": arrays.numbers(content.schema_id for content in contents),
        "payload": arrays.blobs(content.payload for content in contents),
    }


def _document(contents: Sequence[Content]) -> dict[str, str]:
    envelopes = [content.event.envelope for content in contents]
    codes = [getattr(content.event, "receipt_code", None) for content in contents]
    totals = [getattr(content.event, "total_amount", None) for content in contents]
    currencies = [getattr(content.event, "currency", None) for content in contents]
    return {
        "occurred_at": arrays.moments(envelope.occurred_at for envelope in envelopes),
        "business_date": arrays.days(envelope.business_date for envelope in envelopes),
        "document_type": arrays.texts(envelope.document_type for envelope in envelopes),
        "document_number": arrays.texts(_code(envelope.document_number) for envelope in envelopes),
        "trade_no": arrays.texts(_code(envelope.trade_no) for envelope in envelopes),
        "reporter": arrays.texts(_code(envelope.reporter) for envelope in envelopes),
        "receipt_code": arrays.texts(_code(code) for code in codes),
        "total_amount": arrays.texts(None if t is None else format(t, "f") for t in totals),
        "currency": arrays.texts(currencies),
        "meeting": arrays.numbers(_meeting(content) for content in contents),
        "order_reference": arrays.texts(_code(envelope.order_reference) for envelope in envelopes),
        "manner": arrays.texts(_manner(content) for content in contents),
        "minimum_yield": _yields(contents, "minimum_yield"),
        "maximum_yield": _yields(contents, "maximum_yield"),
    }


def _parties(contents: Sequence[Content]) -> dict[str, str]:
    pairs = [sides(content.event) for content in contents]
    return {
        "giver": arrays.texts(_holder(giver) for giver, _ in pairs),
        "giver_location": arrays.texts(_place(giver) for giver, _ in pairs),
        "taker": arrays.texts(_holder(taker) for _, taker in pairs),
        "taker_location": arrays.texts(_place(taker) for _, taker in pairs),
    }


def _meeting(content: Content) -> int | None:
    told = numbered(content.event)
    return None if told is None else told[0]


def _manner(content: Content) -> str | None:
    """How or why, as written; a kind says at most one of these."""
    said = (getattr(content.event, name, None) for name in _MANNERS)
    return next((str(each) for each in said if each is not None), None)


def _yields(contents: Sequence[Content], name: str) -> str:
    """The declared bounds of a process; no other kind has any."""
    bounds = (getattr(content.event, name, None) for content in contents)
    return arrays.texts(None if bound is None else format(bound, "f") for bound in bounds)


def _code(code: str | None) -> str | None:
    return None if code is None else canonical(code)


def _holder(side: Side | None) -> str | None:
    return None if side is None else side.holder


def _place(side: Side | None) -> str | None:
    return None if side is None else side.place
