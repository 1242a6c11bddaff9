"""From the bytes of one event to an event, with what the key knows filled in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from foodtrace.access import STAFF, Caller
from foodtrace.events import Event
from foodtrace.events.void import OPS_SOURCE
from foodtrace.judge import judge
from foodtrace.problems import TheirFault
from foodtrace_schemas import json_form


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What became of the bytes at `index`: an event, or the fault why not."""

    index: int
    event: Event | None = None
    fault: TheirFault | None = None


def read_all(items: Iterable[bytes], caller: Caller, now: datetime, most_bytes: int) -> list[Read]:
    """Each item by itself: one that can't be read doesn't touch the others."""
    return [_read(index, item, caller, now, most_bytes) for index, item in enumerate(items)]


def _read(index: int, item: bytes, caller: Caller, now: datetime, most_bytes: int) -> Read:
    source = caller.source or (OPS_SOURCE if caller.role in STAFF else None)
    try:
        if len(item) > most_bytes:
            raise TheirFault("event.too-large", f"{len(item)} of {most_bytes} bytes")
        event = json_form.read(item, source=source, reporter=caller.reporter)
        judge(event, now)
    except TheirFault as fault:
        return Read(index=index, fault=fault)
    return Read(index=index, event=event)
