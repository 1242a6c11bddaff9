"""The judgement of a sample: each share with its numerator, denominator and examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from heapq import nsmallest
from uuid import UUID

from foodtrace.events import Event
from foodtrace.readiness.rules import RULES, SPOTS, Effect, Population, Rule
from foodtrace.readiness.sample import Sample, Spot

#: Places that a share names.
EXAMPLES = 3


class Grade(StrEnum):
    """Of one share: fine (nothing lacks), some (up to the limit, or no fault), much (above it)."""

    FINE = "fine"
    SOME = "some"
    MUCH = "much"


class Verdict(StrEnum):
    """Of a sample: empty, vague (a recall can't be exact), unchecked (exact, but dates or papers
    can't be judged), exact."""

    EMPTY = "empty"
    VAGUE = "vague"
    UNCHECKED = "unchecked"
    EXACT = "exact"


@dataclass(frozen=True, slots=True, order=True)
class Example:
    """A place that lacks something: the source's own id of the document, and the field."""

    source_event_id: str
    kind: str
    path: str
    event_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`count` of `of` lack what the rule asks for; `examples` are those that sort first."""

    rule: Rule
    count: int
    of: int
    examples: tuple[Example, ...]

    @property
    def grade(self) -> Grade:
        """How bad that is."""
        limit = self.rule.limit
        if self.count == 0:
            return Grade.FINE
        return Grade.SOME if limit is None or self.count <= limit * self.of else Grade.MUCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What a sample lets a recall say.

    `events` hold and are told apart by kind in `kinds`; `repeated` came again unchanged, `void`
    ones are superseded or voided. `first_day` and `last_day` are business days, None when empty.
    """

    events: int
    repeated: int
    void: int
    kinds: tuple[tuple[str, int], ...]
    first_day: date | None
    last_day: date | None
    shares: tuple[Share, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst that follows from the shares above their limits."""
        if self.events == 0:
            return Verdict.EMPTY
        costs = {share.rule.effect for share in self.shares if share.grade is Grade.MUCH}
        if costs - {Effect.UNCHECKED}:
            return Verdict.VAGUE
        return Verdict.UNCHECKED if costs else Verdict.EXACT


def readiness(events: Iterable[Event]) -> Readiness:
    """Judge a set of events: what the recalls of their goods will be able to say."""
    sample = Sample(events)
    days = [event.envelope.business_date for event in sample.events]
    kinds = Counter(event.kind for event in sample.events)
    return Readiness(
        events=len(sample.events),
        repeated=sample.given - sample.different,
        void=sample.different - len(sample.events),
        kinds=tuple(sorted(kinds.items())),
        first_day=min(days, default=None),
        last_day=max(days, default=None),
        shares=tuple(_shares(sample)),
    )


def _shares(sample: Sample) -> Iterator[Share]:
    spots = {population: tuple(SPOTS[population](sample)) for population in Population}
    for rule in RULES.values():
        yield _share(rule, sample, spots[rule.population])


def _share(rule: Rule, sample: Sample, spots: Iterable[Spot]) -> Share:
    asked = 0
    lacking: list[Example] = []
    for spot in spots:
        said = rule.look(sample, spot)
        asked += said is not None
        if said:
            lacking.append(_example(spot))
    examples = tuple(nsmallest(EXAMPLES, lacking))
    return Share(rule=rule, count=len(lacking), of=asked, examples=examples)


def _example(spot: Spot) -> Example:
    envelope = spot.event.envelope
    return Example(envelope.source_event_id, spot.event.kind, spot.path, envelope.event_id)
