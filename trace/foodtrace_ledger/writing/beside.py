"""What stands beside the facts: records that went aside, and when each source was heard."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection

from foodtrace.letters import REQUEUED_HEADER, read_letter
from foodtrace_ledger import arrays
from foodtrace_ledger.chunk import Aside, Taken
from foodtrace_ledger.sqlfile import sql

DETAIL_LIMIT = 2_000


def write_asides(conn: Connection, consumer: str, asides: Sequence[Aside]) -> None:
    """Keep the records that went aside, with everything that came with them."""
    if not asides:
        return
    origins = [aside.origin for aside in asides]
    columns = {
        "log": arrays.texts(origin.log for origin in origins),
        "topic": arrays.texts(origin.topic for origin in origins),
        "partition": arrays.numbers(origin.partition for origin in origins),
        "offset": arrays.numbers(origin.offset for origin in origins),
        "received_at": arrays.moments(origin.received_at for origin in origins),
        "code": arrays.texts(aside.code for aside in asides),
        "detail": arrays.texts(storable(aside.detail)[:DETAIL_LIMIT] for aside in asides),
        "path": arrays.texts(None if a.path is None else storable(a.path) for a in asides),
        "schema_id": arrays.numbers(aside.schema_id for aside in asides),
        "key": arrays.blobs(aside.key for aside in asides),
        "value": arrays.blobs(aside.value for aside in asides),
        "headers": arrays.texts(_headers(aside) for aside in asides),
        "source": arrays.texts(aside.source for aside in asides),
        "requeued_from": arrays.texts(_requeued_from(aside) for aside in asides),
    }
    conn.execute(sql("insert_dead_letter"), columns | {"consumer": consumer})


def storable(text: str) -> str:
    """A text that PostgreSQL takes: NUL and lone surrogates written as escapes."""
    clean = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return clean.replace("\x00", "\\x00")


def _headers(aside: Aside) -> str:
    pairs = [[storable(name), (value or b"").hex()] for name, value in aside.headers]
    return json.dumps(pairs, ensure_ascii=False)


def _requeued_from(aside: Aside) -> str | None:
    """The letter that this record was before it was pushed again.

    A requeued record goes to its own topic, so a header that names another one is nobody's word.
    """
    told = dict(aside.headers).get(REQUEUED_HEADER)
    try:
        place = read_letter((told or b"").decode("utf-8"))
    except ValueError:
        return None
    origin = aside.origin
    return place.text if (place.log, place.topic) == (origin.log, origin.topic) else None


def write_heard(conn: Connection, taken: Iterable[Taken]) -> None:
    """Note the latest append time of each source in this partition."""
    latest: dict[tuple[str, str, int], datetime] = {}
    for entry in taken:
        key = (entry.event.envelope.source, entry.origin.topic, entry.origin.partition)
        latest[key] = max(entry.origin.received_at, latest.get(key, entry.origin.received_at))
    if not latest:
        return
    sources, topics, partitions = zip(*sorted(latest), strict=True)
    columns = {
        "source": arrays.texts(sources),
        "topic": arrays.texts(topics),
        "partition": arrays.numbers(partitions),
        "received_at": arrays.moments(latest[key] for key in sorted(latest)),
    }
    conn.execute(sql("hear"), columns)
