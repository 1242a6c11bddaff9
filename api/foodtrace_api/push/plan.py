"""What is to be done with each event of a push before the bus is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from foodtrace.access import Caller, Mandated, check_push
from foodtrace.events import Event
from foodtrace.identity import content_digest
from foodtrace.problems import TheirFault
from foodtrace_api.push.reading import Read
from foodtrace_api.push.shapes import EventAnswer, Status, not_in
from foodtrace_bus.records import Record
from foodtrace_schemas.topics import topic_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Answers that stand already, records to be stored by index, and repeats within the call.

    `repeats` maps an index to the one of the first copy, whose fate it shares.
    """

    answers: Mapping[int, EventAnswer]
    records: Mapping[int, Record]
    ids: Mapping[int, UUID]
    kinds: Mapping[int, str]
    repeats: Mapping[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a plan is made by; `stored` are the digests that the ledger holds by event id."""

    caller: Caller
    mandated: Mandated
    stored: Mapping[UUID, set[bytes]]
    encode: Callable[[Event], bytes]
    prefix: str
    most_bytes: int


def plan(reads: Sequence[Read], rules: Rules) -> Plan:
    """Refuse what may not be, drop what is known, encode the rest.

    One id with another content than the ledger's or an earlier one's of this call is no duplicate:
    it goes in, and both are kept and flagged.
    """
    answers: dict[int, EventAnswer] = {}
    records: dict[int, Record] = {}
    ids: dict[int, UUID] = {}
    repeats: dict[int, int] = {}
    once = _Once(rules.stored)
    for read in reads:
        try:
            event = _allowed(read, rules)
            ids[read.index] = event_id = event.envelope.event_id
            first = once.first(event, read.index)
            if first is None:
                answers[read.index] = EventAnswer(
                    index=read.index, status=Status.DUPLICATE, event_id=event_id
                )
            elif first != read.index:
                repeats[read.index] = first
            else:
                records[read.index] = _record(event, rules)
        except TheirFault as fault:
            answers[read.index] = not_in(read.index, fault, Status.REFUSED)
    kinds = {read.index: read.event.kind for read in reads if read.event is not None}
    return Plan(answers=answers, records=records, ids=ids, kinds=kinds, repeats=repeats)


def _allowed(read: Read, rules: Rules) -> Event:
    if read.event is None:
        assert read.fault is not None
        raise read.fault
    check_push(rules.caller, read.event, rules.mandated)
    return read.event


class _Once:
    """Knows the contents seen; digests are computed only where an id comes a second time."""

    def __init__(self, stored: Mapping[UUID, set[bytes]]) -> None:
        self._stored = stored
        self._here: dict[UUID, list[tuple[int, Event]]] = {}

    def first(self, event: Event, index: int) -> int | None:
        """The index of the first copy of this content in the call; None if the ledger has it."""
        event_id = event.envelope.event_id
        if event_id in self._stored and content_digest(event) in self._stored[event_id]:
            return None
        earlier = self._here.setdefault(event_id, [])
        for place, other in earlier:
            if content_digest(other) == content_digest(event):
                return place
        earlier.append((index, event))
        return index


def _record(event: Event, rules: Rules) -> Record:
    value = rules.encode(event)
    if len(value) > rules.most_bytes:
        raise TheirFault("event.too-large", f"{len(value)} of {rules.most_bytes} bytes as Avro")
    return Record(
        topic=topic_of(event.kind, rules.prefix),
        key=str(event.envelope.event_id).encode("ascii"),
        value=value,
    )
