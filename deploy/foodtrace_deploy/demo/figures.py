"""What the demo measures: recalls over HTTP, time until an event is visible, memory of each part."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter
from typing import Any
from uuid import uuid4

from foodtrace_client import Client
from foodtrace_deploy.stack import health, state
from foodtrace_deploy.stack.folder import DataFolder

#: How often each recall is asked again: at least, and at most while seconds are left for it.
LEAST, MOST = 20, 200
SECONDS = 1.5
#: How many events are sent one by one to see when they are visible.
PROBES = 20
PROBE_SOURCE = "demo-probe"


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Milliseconds of `count` tries."""

    count: int
    p50: float
    p99: float

    def as_object(self) -> dict[str, float | int]:
        """For JSON, rounded to hundredths of a millisecond."""
        return {"count": self.count, "p50": round(self.p50, 2), "p99": round(self.p99, 2)}


def times_of(milliseconds: list[float]) -> Times:
    """Median and 99th percentile; raises StatisticsError for fewer than two."""
    cuts = quantiles(milliseconds, n=100, method="inclusive")
    return Times(count=len(milliseconds), p50=cuts[49], p99=cuts[98])


def recall_times(client: Client, batches: Mapping[str, str]) -> dict[str, Times]:
    """How long each recall takes over HTTP, by its name; the first page of affected sellers."""
    return {name: _recall_times(client, batch) for name, batch in batches.items()}


def _recall_times(client: Client, batch: str) -> Times:
    began = perf_counter()
    taken: list[float] = []
    while len(taken) < LEAST or (len(taken) < MOST and perf_counter() - began < SECONDS):
        taken.append(_timed(lambda: client.affected("batch", batch)))
    return times_of(taken)


def visible_times(staff: Client) -> Times:
    """How long after its answer a pushed event is in the ledger, for events pushed one by one."""
    return times_of([_visible_after(staff) for _probe in range(PROBES)])


def _visible_after(staff: Client) -> float:
    after = staff.push([_probe_event()]).after
    if after is None:
        raise ValueError("the door gave no token for an event it accepted")
    return _timed(lambda: staff.wait(after))


def memory(data: Path) -> dict[str, int]:
    """Resident bytes of each part of the stack on that data folder."""
    told = state.read(DataFolder(data).state_file)
    return {part.name: part.memory for part in health.parts(told)} if told else {}


def _timed(ask: Callable[[], Any]) -> float:
    began = perf_counter()
    ask()
    return (perf_counter() - began) * 1000


def _probe_event() -> Mapping[str, Any]:
    """A place that nobody trades at, described anew, so that nothing else changes."""
    now = datetime.now(UTC)
    return {
        "kind": "location",
        "envelope": {
            "source": PROBE_SOURCE,
            "source_event_id": str(uuid4()),
            "occurred_at": now.isoformat(),
            "business_date": now.date().isoformat(),
        },
        "location": "DEMO-PROBE",
        "name": "可见时间探针",
        "location_kind": "probe",
    }
