"""What inspections make of a subject: a state machine as a table, and its fold over findings.

Only a confirmed or final failure condemns; a failed screening suspends (停售待复检) until a re-test,
a confirmed or a final examination passes. 食品安全法 88: a failed rapid test of produce may be
re-tested within 4 hours, not by the rapid method again; what differs is a note, not a refusal, since
we know when it was reported and not when it was asked for; the re-examination's conclusion is final
(stage final here). An inconclusive one changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from foodtrace.codes import canonical
from foodtrace.events.inspection import Stage, Verdict


class State(StrEnum):
    """What holds for a subject: open (nobody examined it), suspended (not to be sold), cleared (the
    last examination passed and nothing stands against it), condemned (confirmed to fail)."""

    OPEN = "open"
    SUSPENDED = "suspended"
    CLEARED = "cleared"
    CONDEMNED = "condemned"


#: (stage, verdict) -> state before -> state after; what isn't named stays as it is.
TRANSITIONS: Mapping[tuple[Stage, Verdict], Mapping[State, State]] = MappingProxyType(
    {
        (Stage.SCREENING, Verdict.PASSED): {State.OPEN: State.CLEARED},
        (Stage.SCREENING, Verdict.FAILED): {
            State.OPEN: State.SUSPENDED,
            State.CLEARED: State.SUSPENDED,
        },
        (Stage.RE_TEST, Verdict.PASSED): {
            State.OPEN: State.CLEARED,
            State.SUSPENDED: State.CLEARED,
        },
        (Stage.RE_TEST, Verdict.FAILED): {
            State.OPEN: State.SUSPENDED,
            State.CLEARED: State.SUSPENDED,
        },
        (Stage.CONFIRMED, Verdict.PASSED): {
            State.OPEN: State.CLEARED,
            State.SUSPENDED: State.CLEARED,
        },
        (Stage.CONFIRMED, Verdict.FAILED): {
            State.OPEN: State.CONDEMNED,
            State.SUSPENDED: State.CONDEMNED,
            State.CLEARED: State.CONDEMNED,
        },
        (Stage.FINAL, Verdict.PASSED): {
            State.OPEN: State.CLEARED,
            State.SUSPENDED: State.CLEARED,
            State.CONDEMNED: State.CLEARED,
        },
        (Stage.FINAL, Verdict.FAILED): {
            State.OPEN: State.CONDEMNED,
            State.SUSPENDED: State.CONDEMNED,
            State.CLEARED: State.CONDEMNED,
        },
    }
)

_RANK = {
    stage: rank
    for rank, stage in enumerate((Stage.SCREENING, Stage.RE_TEST, Stage.CONFIRMED, Stage.FINAL))
}
# Of two alike the severe one is heard last.
_SEVERITY = {Verdict.INCONCLUSIVE: 0, Verdict.PASSED: 1, Verdict.FAILED: 2}
_RAPID = frozenset(canonical(name) for name in ("rapid", "快检", "快速检测"))


@dataclass(frozen=True, slots=True)
class RetestRule:
    """From which day it holds, and the time within which a re-test is to be had."""

    since: date
    within: timedelta


#: Versions of the re-test rule, oldest first.
RETEST: tuple[RetestRule, ...] = (RetestRule(date(1990, 1, 1), timedelta(hours=4)),)


class Note(StrEnum):
    """What is remarkable about a re-test."""

    LATE = "retest_late"
    SAME_METHOD = "retest_same_method"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One finding about one subject; `at` is when it was made, `retest_of` the event it repeats."""

    event_id: UUID
    at: datetime
    method: str
    stage: Stage
    verdict: Verdict
    retest_of: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A finding in its turn, the state after it, and what is remarkable about it."""

    found: Found
    state: State
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What the findings of a subject make of it; `steps` in the order in which they count."""

    state: State
    steps: tuple[Step, ...] = ()

    @property
    def since(self) -> Found | None:
        """The finding that brought the present state, None for an open subject."""
        before = State.OPEN
        brought: Found | None = None
        for step in self.steps:
            if step.state is not before:
                brought = step.found
            before = step.state
        return brought

    def at(self, moment: datetime) -> State:
        """The state at a moment; a finding counts from when it was made."""
        held = [step.state for step in self.steps if step.found.at <= moment]
        return held[-1] if held else State.OPEN


def judge(findings: Iterable[Found]) -> Judged:
    """Fold the findings of one subject, in whatever order they come and however often.

    They count by when they were made, a repetition never before what it repeats; at one moment by
    stage, and of one stage the failure last. A final failure is not undone by a second final: of two
    last words the severe one stays.
    """
    every = list(dict.fromkeys(findings))
    moments = _moments(every)
    state, steps, last_failed, settled = State.OPEN, list[Step](), None, False
    for found in sorted(every, key=lambda each: _key(each, moments)):
        if not (settled and found.verdict is Verdict.PASSED):
            state = TRANSITIONS.get((found.stage, found.verdict), {}).get(state, state)
        settled = settled or (found.stage, found.verdict) == (Stage.FINAL, Verdict.FAILED)
        steps.append(Step(found=found, state=state, notes=tuple(_notes(found, last_failed))))
        if (found.stage, found.verdict) == (Stage.SCREENING, Verdict.FAILED):
            last_failed = found
    return Judged(state=state, steps=tuple(steps))


def _moments(findings: Sequence[Found]) -> Mapping[UUID, datetime]:
    """When each event counts: no earlier than any that it repeats, also by way of others."""
    moments: dict[UUID, datetime] = {}
    for found in findings:
        moments[found.event_id] = max(found.at, moments.get(found.event_id, found.at))
    repeats = {(f.event_id, f.retest_of) for f in findings if f.retest_of in moments}
    # Each round carries a moment one repetition further; more rounds than events are a circle.
    for _ in moments:
        later = {
            (again, moments[before])
            for again, before in repeats
            if before is not None and moments[before] > moments[again]
        }
        if not later:
            break
        for again, moment in later:
            moments[again] = max(moments[again], moment)
    return moments


def _key(found: Found, moments: Mapping[UUID, datetime]) -> tuple[datetime, int, int, str]:
    rank, severity = _RANK[found.stage], _SEVERITY[found.verdict]
    return moments[found.event_id], rank, severity, repr(found)


def _notes(found: Found, failed: Found | None) -> Iterator[Note]:
    if found.stage is not Stage.RE_TEST:
        return
    if failed is not None and found.at - failed.at > _within(failed.at.date()):
        yield Note.LATE
    method = canonical(found.method)
    if method in _RAPID or (failed is not None and method == canonical(failed.method)):
        yield Note.SAME_METHOD


def _within(day: date) -> timedelta:
    return next((rule for rule in reversed(RETEST) if rule.since <= day), RETEST[0]).within


def picture() -> str:
    """The table as a Mermaid state diagram, for the docs."""
    ways: dict[tuple[State, State], list[str]] = {}
    for (stage, verdict), moves in TRANSITIONS.items():
        for before, after in moves.items():
            ways.setdefault((before, after), []).append(f"{stage} {verdict}")
    lines = [
        f"    {before} --> {after}: {', '.join(reasons)}"
        for (before, after), reasons in sorted(ways.items())
    ]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {State.OPEN}", *lines])
