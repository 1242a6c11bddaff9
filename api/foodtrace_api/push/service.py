"""A push from its bytes to its answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from anyio import to_thread

from foodtrace.access import Caller
from foodtrace.problems import OurFault, TheirFault
from foodtrace_api.push.known import digests_of
from foodtrace_api.push.plan import Plan, Rules, plan
from foodtrace_api.push.reading import read_all
from foodtrace_api.push.rights import mandated_for
from foodtrace_api.push.shapes import EventAnswer, PushAnswer, Status, not_in
from foodtrace_api.web.after import Vector, token_of, vector_of
from foodtrace_api.web.door import Door
from foodtrace_bus.limits import MAX_VALUE_BYTES
from foodtrace_bus.records import Record, Result, Stored
from foodtrace_ops.metrics import counter, histogram


async def push(door: Door, caller: Caller, items: Sequence[bytes], before: Vector) -> PushAnswer:
    """Store what may and can be stored; the answer's token covers this push and `before`.

    Reading and encoding happen in a thread, a few pushes at a time, so that other requests are
    answered meanwhile and memory stays bounded.
    """
    async with door.pushes:
        made = await to_thread.run_sync(_plan, door, caller, items)
        with histogram("foodtrace_publish_seconds").time():
            results = await _publish(door, list(made.records.values()))
    stored = dict(zip(made.records, results, strict=True))
    answers = dict(made.answers) | _answered(made, stored)
    token = _token(door, stored, before)
    _count(made, answers)
    return _sum([answers[index] for index in range(len(items))], token)


def _plan(door: Door, caller: Caller, items: Sequence[bytes]) -> Plan:
    settings = door.settings
    reads = read_all(items, caller, door.clock(), settings.max_event_bytes)
    events = [read.event for read in reads if read.event is not None]
    rules = Rules(
        caller=caller,
        mandated=mandated_for(door.engine, caller, events),
        stored=digests_of(door.engine, {event.envelope.event_id for event in events}),
        encode=door.contracts.encode,
        prefix=settings.topic_prefix,
        most_bytes=min(settings.max_event_bytes, MAX_VALUE_BYTES),
    )
    return plan(reads, rules)


async def _publish(door: Door, records: Sequence[Record]) -> list[Result | OurFault]:
    if not records:
        return []
    try:
        return [*await door.bus.publish(records)]
    except OurFault as fault:
        return [fault] * len(records)


def _answered(made: Plan, stored: Mapping[int, Result | OurFault]) -> dict[int, EventAnswer]:
    answers = {
        index: _answer(index, made, result, Status.ACCEPTED) for index, result in stored.items()
    }
    for index, first in made.repeats.items():
        # A repeat of what couldn't be encoded was refused with the same words.
        result = stored.get(first)
        if result is not None:
            answers[index] = _answer(index, made, result, Status.DUPLICATE)
        else:
            answers[index] = replace(made.answers[first], index=index)
    return answers


def _answer(index: int, made: Plan, result: Result | OurFault, fine: Status) -> EventAnswer:
    event_id = made.ids[index]
    if isinstance(result, Stored):
        return EventAnswer(index=index, status=fine, event_id=event_id)
    if isinstance(result, OurFault):
        return not_in(index, result, Status.FAILED, event_id)
    if result.retry:
        return not_in(index, OurFault(result.code, result.detail), Status.FAILED, event_id)
    return not_in(index, TheirFault(result.code, result.detail), Status.REFUSED, event_id)


def _token(door: Door, stored: Mapping[int, Result | OurFault], before: Vector) -> str:
    prefix = door.settings.topic_prefix
    fresh = vector_of(
        (result.topic.removeprefix(prefix), result.partition, result.offset)
        for result in stored.values()
        if isinstance(result, Stored)
    )
    return token_of(
        {spot: max(before.get(spot, 0), fresh.get(spot, 0)) for spot in {*before, *fresh}}
    )


def _count(made: Plan, answers: Mapping[int, EventAnswer]) -> None:
    counts = Counter(
        (made.kinds.get(index, "unknown"), answer.status.value) for index, answer in answers.items()
    )
    pushed = counter("foodtrace_pushed_events_total")
    for labels, number in counts.items():
        pushed.labels(*labels).inc(number)


def _sum(answers: list[EventAnswer], token: str) -> PushAnswer:
    counts = Counter(answer.status for answer in answers)
    return PushAnswer(
        received=len(answers),
        accepted=counts[Status.ACCEPTED],
        duplicate=counts[Status.DUPLICATE],
        refused=counts[Status.REFUSED],
        failed=counts[Status.FAILED],
        after=token,
        answers=answers,
    )
