"""What the worker counts and logs; nothing it does depends on it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog

from foodtrace_bus.cluster import Partition
from foodtrace_ledger.errors import sqlstate
from foodtrace_ops.metrics import counter, gauge, histogram
from foodtrace_streams.chunk import RawChunk
from foodtrace_streams.crash import Sort, sort_of
from foodtrace_streams.outcome import Outcome
from foodtrace_streams.troubles import Troubles, code_of

_LOG = structlog.get_logger("foodtrace.worker")


class Watcher:
    """Turns what happens to chunks into metrics and log lines."""

    def __init__(self, troubles: Troubles) -> None:
        """`troubles` is told what holds a partition up."""
        self._troubles = troubles

    def written(self, raw: RawChunk, outcome: Outcome, seconds: float) -> None:
        """A chunk is in."""
        self._troubles.over(raw)
        topic, written = raw.topic, outcome.written
        counter("foodtrace_ledger_events_total").labels(topic).inc(written.events)
        counter("foodtrace_ledger_lines_total").labels(topic).inc(written.lines)
        counter("foodtrace_ledger_duplicates_total").labels(topic).inc(written.duplicates)
        histogram("foodtrace_chunk_seconds").labels(topic).observe(seconds)
        histogram("foodtrace_chunk_records").labels(topic).observe(len(raw.records))
        if raw.records:
            age = time.time() - raw.records[0].timestamp / 1000
            histogram("foodtrace_visible_seconds").observe(max(0.0, age))
        self._asides(raw, outcome.asides)

    def retried(self, raw: RawChunk, error: Exception) -> None:
        """A chunk will be tried again."""
        self._troubles.add(raw, error)
        reason = sqlstate(error) or type(error).__name__
        counter("foodtrace_chunk_retries_total").labels(reason).inc()
        _LOG.warning(
            "chunk tried again",
            topic=raw.topic,
            partition=raw.partition,
            start=raw.start,
            reason=reason,
            problem=code_of(error),
            error=str(error).splitlines()[0][:300],
        )

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


def show_lag(lag: Mapping[Partition, int]) -> None:
    """State the records that the ledger hasn't read, of the partitions that this worker has."""
    shown = gauge("foodtrace_lag_records")
    # Those of partitions that went to another worker would stay as they were.
    shown.clear()
    for (topic, partition), records in lag.items():
        shown.labels(topic, str(partition)).set(records)


def show_queues(waiting: int, stopped: int) -> None:
    """State the bytes that wait for the ledger, and how many partitions are stopped for them."""
    gauge("foodtrace_queue_bytes").set(waiting)
    gauge("foodtrace_paused_partitions").set(stopped)


@contextmanager
def passing(what: str) -> Iterator[None]:
    """For a step that isn't vital: an error that passes by itself is logged, not raised."""
    try:
        yield
    except Exception as error:
        if sort_of(error) is not Sort.PASSES:
            raise
        _LOG.warning(what, error=str(error)[:300])
