"""The rows of what is said of parties, products, locations and documents."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

from foodtrace_ledger.writing.columns import Row
from foodtrace_ledger.writing.spoken import Ids, Spoken


def _aliases(spoken: Spoken, _ids: Ids) -> Iterator[Row]:
    for f in spoken.effects.aliases:
        named = (f.subject_kind, f.subject, f.scheme, f.code)
        yield (*spoken.at, f.line, *named, f.valid_from, f.valid_to)


def _masters(spoken: Spoken, _ids: Ids) -> Iterator[Row]:
    day = spoken.event.envelope.business_date
    for f in spoken.effects.masters:
        facts = json.dumps(dict(f.attributes), ensure_ascii=False, sort_keys=True)
        yield (*spoken.at, f.line, f.subject_kind, f.subject, f.name, facts, day)


def _citations(spoken: Spoken, _ids: Ids) -> Iterator[Row]:
    for f in spoken.effects.citations:
        yield (*spoken.at, f.line, f.number)


def _occupancies(spoken: Spoken, _ids: Ids) -> Iterator[Row]:
    for f in spoken.effects.occupancies:
        yield (*spoken.at, f.line, f.location, f.occupant, f.since, f.until)


def _merges(spoken: Spoken, _ids: Ids) -> Iterator[Row]:
    for f in spoken.effects.merges:
        yield (*spoken.at, f.line, f.party, f.into, f.since)


def _resolutions(spoken: Spoken, _ids: Ids) -> Iterator[Row]:
    for f in spoken.effects.resolutions:
        place = (f.letter.log, f.letter.topic, f.letter.partition, f.letter.offset)
        corrected = None if f.corrected is None else f.corrected.hex
        yield (*spoken.at, f.line, *place, f.action, f.reason, corrected, f.actor)


MAKERS: dict[str, Callable[[Spoken, Ids], Iterable[Row]]] = {
    "alias": _aliases,
    "master": _masters,
    "citation": _citations,
    "occupancy": _occupancies,
    "party_merge": _merges,
    "resolution": _resolutions,
}
