"""Fault scripts as values: what happens to a log on its way into the ledger, made by Hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from foodtrace.events import KINDS, Event
from support.ledger import void
from support.ledger_market import GOODS
from support.ledger_masters import MASTERS

LINES = st.sampled_from([None, None, 1, 2])


@st.composite
def voids(draw: st.DrawFn) -> Event:
    number, kind = draw(st.integers(0, 4)), draw(st.sampled_from(sorted(KINDS)))
    target = draw(st.integers(0, 4).filter(lambda other: kind != "void" or other != number))
    return void(
        number,
        ("erp", kind, str(target)),
        line=draw(LINES),
        source=draw(st.sampled_from(["erp", "erp", "ops", "other"])),
        revision=draw(st.sampled_from([0, 0, 1])),
    )


EVENTS: st.SearchStrategy[Event] = st.one_of(*GOODS, *MASTERS, voids(), voids())


@dataclass(frozen=True, slots=True)
class Step:
    """What happens next: some records of a partition come, from `back` records before the position;
    with `crash` the transaction is lost at its very end."""

    partition: int
    take: int
    back: int = 0
    crash: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """A log in two partitions (duplicates and late ones included) and how it is delivered."""

    log: tuple[tuple[Event, ...], tuple[Event, ...]]
    steps: tuple[Step, ...]

    @property
    def events(self) -> list[Event]:
        """Every record of the log."""
        return [*self.log[0], *self.log[1]]


STEPS = st.builds(Step, st.integers(0, 1), st.integers(1, 6), st.integers(0, 4), st.booleans())


@st.composite
def scripts(draw: st.DrawFn, max_size: int = 14) -> Script:
    """Events in any order, some of them twice, over two partitions."""
    events = draw(st.lists(EVENTS, max_size=max_size))
    targets = draw(st.lists(st.sampled_from(events), max_size=3)) if events else []
    # Numbers beyond those of other voids, so that most of these hold.
    events += [
        void(n, each, line=draw(LINES), source=each.envelope.source)
        for n, each in enumerate(targets, 9)
    ]
    copies = draw(st.lists(st.sampled_from(events), max_size=4)) if events else []
    log: Any = ([], [])
    for event in draw(st.permutations(events + copies)):
        log[draw(st.integers(0, 1))].append(event)
    return Script((tuple(log[0]), tuple(log[1])), tuple(draw(st.lists(STEPS, max_size=12))))
