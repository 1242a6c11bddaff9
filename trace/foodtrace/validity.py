"""Which events hold: voids and revisions, as a function of the set of events alone.

- An event is superseded once a higher revision of (source, kind, source_event_id) is known.
- A void names an event if it isn't superseded and comes from the event's source or from ops.
- A void is dead when it is superseded or named by any void, whether that one is dead or not. So a
  void of a void undoes it, voids in a circle undo each other, and nothing depends on order; what
  was undone twice by mistake is said again by a new void.
- Any other event is dead when it is superseded, or named whole by a void that isn't dead. Its line
  is dead when a void that isn't dead names that line.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from foodtrace.events import Event
from foodtrace.events.void import OPS_SOURCE, Void


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The dead events, and per event its dead lines."""

    dead: frozenset[UUID]
    dead_lines: frozenset[tuple[UUID, int]]

    def holds(self, event_id: UUID, line: int) -> bool:
        """Whether a fact of that event and line counts."""
        return event_id not in self.dead and (event_id, line) not in self.dead_lines


def verdicts(events: Iterable[Event]) -> Verdicts:
    """Judge a set of events; the order in which they are given doesn't matter."""
    known = tuple(events)
    sources = {event.envelope.event_id: event.envelope.source for event in known}
    superseded = _superseded(known)
    voids = [
        event
        for event in known
        if isinstance(event, Void) and event.envelope.event_id not in superseded
    ]
    named = {void.target_event_id for void in voids if _whole(void) and _may(void, sources)}
    void_ids = {event.envelope.event_id for event in known if isinstance(event, Void)}
    dead_voids = void_ids & (named | superseded)
    counting = [void for void in voids if void.envelope.event_id not in dead_voids]
    rightful = [void for void in counting if _may(void, sources)]
    killed = {void.target_event_id for void in rightful if _whole(void)} - void_ids
    lines = {(v.target_event_id, v.target_line) for v in rightful if v.target_line is not None}
    return Verdicts(frozenset(superseded | dead_voids | killed), frozenset(lines))


def _whole(void: Void) -> bool:
    return void.target_line is None


def _may(void: Void, sources: dict[UUID, str]) -> bool:
    source = void.envelope.source
    return source == OPS_SOURCE or sources.get(void.target_event_id) == source


def _superseded(events: tuple[Event, ...]) -> set[UUID]:
    revisions: dict[tuple[str, str, str], set[tuple[int, UUID]]] = defaultdict(set)
    for event in events:
        envelope = event.envelope
        document = (envelope.source, event.kind, envelope.source_event_id)
        revisions[document].add((envelope.revision, envelope.event_id))
    return {
        event_id
        for known in revisions.values()
        for revision, event_id in known
        if revision < max(known)[0]
    }
