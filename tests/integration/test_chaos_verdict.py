"""The verdict of a chaos run notices whatever a run could have done wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from foodtrace.events import Event
from foodtrace.identity import content_digest
from foodtrace_ledger.engine import make_engine
from support.chaos.outside import Intended
from support.chaos.verdict import Truth, Verdict, hold_against
from support.ledger import goods, push, receipt, trade

TOPIC = "trade"
PART = (TOPIC, 0)


@dataclass
class Case:
    """A ledger that took some events in, and what the logs say of them."""

    engine: Engine
    truth: Truth
    intended: Intended

    def judged(self, accepted: int = 0) -> Verdict:
        """The verdict, with so many accepted events that never came into a log."""
        verdict = Verdict(kills=3)
        ids = self.truth.ids | {uuid4() for _ in range(accepted)}
        hold_against(verdict, self.truth, self.engine, self.intended, ids)
        return verdict

    def do(self, statement: str) -> None:
        """Change the ledger behind its back."""
        with self.engine.begin() as conn:
            assert conn.execute(text(statement)).rowcount


@pytest.fixture
def case(database: str) -> Iterator[Case]:
    engine = make_engine(database)
    events: list[Event] = [trade(n, "a", f"b{n % 3}", goods(f"L{n}")) for n in range(6)]
    events += [receipt(n, "b1", goods(f"L{n}")) for n in range(3)]
    push(engine, *events)
    truth = Truth(
        events={(event.envelope.event_id, content_digest(event)): event for event in events},
        ends={PART: len(events)},
    )
    yield Case(engine, truth, Intended())
    engine.dispose()


def test_a_ledger_that_has_everything_once_is_fine(case: Case) -> None:
    verdict = case.judged()
    assert verdict.wrong == []
    assert verdict.line() == (
        "verdict ok events=9 kills=3 lost=0 doubled=0 lineage=equal stall_max_s=0.0 recovery_s=0.0"
    )


def _one_more(case: Case) -> None:
    event = trade(99, "a", "b", goods("L99"))
    case.truth.events[event.envelope.event_id, content_digest(event)] = event


def _one_less(case: Case) -> None:
    case.truth.events.pop(next(iter(case.truth.events)))


def _never(case: Case) -> None:
    case.intended.never |= set(list(case.truth.ids)[:1])


@pytest.mark.parametrize(
    ("done", "lost", "doubled", "lineage"),
    [
        (_one_more, 1, 0, "differs"),
        (_one_less, 0, 1, "differs"),
        (_never, 0, 0, "equal"),
        (lambda case: case.do("UPDATE ledger.movement SET amount = amount + 1"), 0, 0, "differs"),
        (lambda case: case.do("DELETE FROM ledger.link"), 0, 0, "differs"),
        (lambda case: case.do("UPDATE ledger.position SET next_offset = 7"), 0, 0, "equal"),
        (lambda case: case.truth.ends.update({(TOPIC, 1): 5}), 0, 0, "equal"),
        (lambda case: case.truth.letters.add((TOPIC, 0, 4)), 1, 0, "equal"),
        (lambda case: case.intended.poison.add(b"poison-1"), 0, 0, "equal"),
        (lambda case: case.truth.strange.append("odd"), 0, 0, "equal"),
        (lambda case: case.intended.deadly.add(uuid4()), 0, 0, "equal"),
        (lambda case: case.truth.deadly.add((TOPIC, 0, 4)), 0, 0, "equal"),
        (lambda case: case.intended.grown.update({TOPIC: 2}), 0, 0, "equal"),
        (lambda case: case.truth.leaves[PART].append(bytes(32)), 0, 0, "equal"),
    ],
)
def test_whatever_is_wrong_is_found(
    case: Case, done: Callable[[Case], None], lost: int, doubled: int, lineage: str
) -> None:
    done(case)
    verdict = case.judged()
    assert (verdict.lost, verdict.doubled, verdict.lineage) == (lost, doubled, lineage)
    assert verdict.wrong
    assert verdict.line().startswith("verdict failed ")


def test_an_accepted_event_that_is_in_no_log_is_lost(case: Case) -> None:
    assert case.judged(accepted=2).lost == 2
