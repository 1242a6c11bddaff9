"""Dead letters of a source's own topic, as the worker would write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from foodtrace_api.push.examples import TRADE
from foodtrace_bus.topics import ensure_topics
from foodtrace_ledger.chunk import Aside, Chunk, Origin
from foodtrace_ledger.engine import make_engine
from foodtrace_ledger.share import Share
from foodtrace_ledger.writer import write_chunk
from foodtrace_ops.settings import Settings

#: The source whose letters they are.
SOURCE = TRADE["envelope"]["source"]


def put_aside(settings: Settings, *values: bytes | None, **more: Any) -> list[str]:
    """Letters of the source's own topic, a second apart; gives their names."""
    ensure_topics(settings.brokers, settings.topic_prefix, outside_sources=(SOURCE,))
    facts: dict[str, Any] = {"code": "avro.too-short", "source": SOURCE, "start": 0} | more
    topic, start = f"{settings.topic_prefix}in.{SOURCE}", facts.pop("start")
    share: Share | None = facts.pop("share", None)
    first = datetime(2026, 5, 21, tzinfo=UTC)
    origins = [
        Origin(
            log="log",
            topic=topic,
            partition=0,
            offset=start + n,
            received_at=first + timedelta(seconds=start + n),
        )
        for n in range(len(values))
    ]
    entries = tuple(
        Aside(origin=origin, detail="as it is", key=b"k", value=value, **facts)
        for origin, value in zip(origins, values, strict=True)
    )
    engine = make_engine(settings.database_url.get_secret_value())
    where = {"log": "log", "topic": topic, "partition": 0, "start": start}
    made = Chunk(consumer="foodtrace.intake", end=start + len(values), entries=entries, **where)
    try:
        write_chunk(engine, made, share=share)
    finally:
        engine.dispose()
    return [f"log/{topic}/0/{start + n}" for n in range(len(values))]
