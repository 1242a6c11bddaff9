"""What the worker counts and logs; nothing it does depends on it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable

import structlog

from foodtrace_ledger.errors import sqlstate
from foodtrace_ops.metrics import counter, gauge, histogram
from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.outcome import Outcome

_LOG = structlog.get_logger("foodtrace.worker")

#: Gives the end of a partition as far as the fetcher knows it; None where it can't be told.
EndOf = Callable[[str, int], int | None]


class Watcher:
    """Turns what happens to chunks into metrics and log lines."""

    def __init__(self, end_of: EndOf) -> None:
        """`end_of` tells how far a partition reaches, for the lag."""
        self._end_of = end_of

    def written(self, raw: RawChunk, outcome: Outcome, seconds: float) -> None:
        """A chunk is in."""
        topic, written = raw.topic, outcome.written
        counter("foodtrace_ledger_events_total").labels(topic).inc(written.events)
        counter("foodtrace_ledger_lines_total").labels(topic).inc(written.lines)
        counter("foodtrace_ledger_duplicates_total").labels(topic).inc(written.duplicates)
        histogram("foodtrace_chunk_seconds").labels(topic).observe(seconds)
        histogram("foodtrace_chunk_records").labels(topic).observe(len(raw.records))
        if raw.records:
            age = time.time() - raw.records[0].timestamp / 1000
            histogram("foodtrace_visible_seconds").observe(max(0.0, age))
        self._lag(raw)
        self._asides(raw, outcome.asides)

    def retried(self, raw: RawChunk, error: Exception) -> None:
        """A chunk will be tried again."""
        reason = sqlstate(error) or type(error).__name__
        counter("foodtrace_chunk_retries_total").labels(reason).inc()
        _LOG.warning(
            "chunk tried again",
            topic=raw.topic,
            partition=raw.partition,
            start=raw.start,
            reason=reason,
            error=str(error).splitlines()[0][:300],
        )

    def _lag(self, raw: RawChunk) -> None:
        end = self._end_of(raw.topic, raw.partition)
        if end is not None:
            lag = gauge("foodtrace_lag_records").labels(raw.topic, str(raw.partition))
            lag.set(max(0, end - raw.end))

    def _asides(self, raw: RawChunk, codes: Counter[str]) -> None:
        for code, number in codes.items():
            counter("foodtrace_asides_total").labels(raw.topic, code).inc(number)
        if codes:
            _LOG.warning(
                "records put aside",
                topic=raw.topic,
                partition=raw.partition,
                start=raw.start,
                end=raw.end,
                codes=dict(codes),
            )
