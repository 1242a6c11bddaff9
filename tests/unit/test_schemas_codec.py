"""Events to framed Avro and back."""

from __future__ import annotations

from hypothesis import given

from foodtrace.events import KINDS, Event
from foodtrace_schemas.codec import decode, encode
from foodtrace_schemas.contracts import schema_text
from support.any_events import events

IDS = {number: schema_text(kind) for number, kind in enumerate(KINDS, start=1)}
ID_OF = {kind: number for number, kind in enumerate(KINDS, start=1)}


@given(events())
def test_any_event_comes_back_as_it_went(event: Event) -> None:
    found = decode(encode(event, ID_OF[event.kind]), IDS.get)
    assert found.event == event
    assert found.schema_id == ID_OF[event.kind]
