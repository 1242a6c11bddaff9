"""Documents as a door would take them: the events they are, and what would be refused, summed up.

What only a door knows isn't judged here: whether a key may report for a party, and whether an event
is there already.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from foodtrace.events import Event
from foodtrace.judge import judge
from foodtrace.problems import InvalidValue, TheirFault
from foodtrace_formats.files import Entry
from foodtrace_schemas import json_form

#: Places that a kind of refusal names.
PLACES = 3
_INDEX = re.compile(r"\[\d+\]")
_ROW = re.compile(r"^row \d+(, )?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something was refused: the entry's number, the field or cell, and the fact."""

    number: int
    path: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One way in which `count` places would be refused: code and field, `[]` for any line."""

    code: str
    field: str
    count: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """The events of a file, the entries they came from, and what would be refused of it."""

    events: tuple[Event, ...]
    entries: Mapping[UUID, Entry]
    refused: int
    refusals: tuple[Refusal, ...]


def examined(entries: Iterable[Entry], source: str, now: datetime) -> Examined:
    """Read every entry as the door does at `now`; `source` stands in where a document names none."""
    events: list[Event] = []
    origin: dict[UUID, Entry] = {}
    found: dict[tuple[str, str], list[Place]] = defaultdict(list)
    refused = 0
    for entry in entries:
        try:
            event = _event(entry, source, now)
        except TheirFault as fault:
            refused += 1
            for problem in _problems(fault):
                found[problem.code, _field(problem.path)].append(_place(entry, problem))
            continue
        events.append(event)
        origin.setdefault(event.envelope.event_id, entry)
    return Examined(
        events=tuple(events), entries=origin, refused=refused, refusals=tuple(_summed(found))
    )


def _event(entry: Entry, source: str, now: datetime) -> Event:
    if entry.document is None:
        assert entry.problem is not None
        raise entry.problem
    event = json_form.read(entry.document, source=source)
    judge(event, now)
    return event


def _problems(fault: TheirFault) -> tuple[TheirFault | InvalidValue, ...]:
    return fault.problems if isinstance(fault, json_form.Refused) else (fault,)


def _field(path: str) -> str:
    return _ROW.sub("", _INDEX.sub("[]", path))


def _place(entry: Entry, problem: TheirFault | InvalidValue) -> Place:
    here = entry.inside(problem.path) if entry.document is None else entry.locate(problem.path)
    return Place(number=entry.number, path=here, detail=problem.detail)


def _summed(found: Mapping[tuple[str, str], list[Place]]) -> Iterator[Refusal]:
    """The most frequent first."""
    for (code, field), places in sorted(found.items(), key=lambda each: (-len(each[1]), each[0])):
        shown = sorted(places, key=lambda each: (each.number, each.path, each.detail))[:PLACES]
        yield Refusal(code=code, field=field, count=len(places), places=tuple(shown))
