"""Fault scripts as values: what happens to a log on its way into the ledger, made by Hypothesis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from foodtrace.events import Event
from foodtrace.events.line import Line
from foodtrace.events.party import Party, PartyKind
from foodtrace.events.side import Side
from foodtrace.events.transformation import Transformation
from foodtrace.events.voucher import Voucher
from support.ledger import goods, receipt, trade, void
from support.small import envelope

HOLDERS = st.sampled_from("ABC")
NUMBERS = st.integers(0, 3)
REVISIONS = st.sampled_from([0, 0, 0, 1, 2])
KINDS = ("trade", "receipt", "void", "voucher", "transformation", "party")


@st.composite
def lines(draw: st.DrawFn, first: int = 1) -> tuple[Line, ...]:
    """One or two lines, under a trace code, a batch code or none."""
    made = []
    for line_no in range(first, first + draw(st.integers(1, 2))):
        code, batch = draw(st.sampled_from([("X", None), ("Y", "B1"), (None, "B1"), (None, None)]))
        amount = draw(st.integers(1, 3))
        made.append(goods(code, amount, line_no=line_no, batch=batch))
    return tuple(made)


@st.composite
def trades(draw: st.DrawFn) -> Event:
    seller = draw(HOLDERS)
    buyer = draw(HOLDERS.filter(lambda other: other != seller))
    revision = draw(REVISIONS)
    voucher = draw(st.sampled_from([(), ("V1",)]))
    return trade(
        draw(NUMBERS), seller, buyer, *draw(lines()), revision=revision, voucher_numbers=voucher
    )


@st.composite
def receipts(draw: st.DrawFn) -> Event:
    return receipt(draw(NUMBERS), draw(HOLDERS), *draw(lines()), revision=draw(REVISIONS))


@st.composite
def transformations(draw: st.DrawFn) -> Event:
    number, revision = draw(NUMBERS), draw(REVISIONS)
    return Transformation(
        envelope=envelope("transformation", str(number), revision=revision),
        holder=Side(party=draw(HOLDERS)),
        process="mixing",
        inputs=draw(lines()),
        outputs=draw(lines(first=3)),
    )


@st.composite
def vouchers(draw: st.DrawFn) -> Event:
    number, revision = draw(NUMBERS), draw(REVISIONS)
    return Voucher(
        envelope=envelope("voucher", str(number), revision=revision, document_number=f"V{number}"),
        issuer=Side(party=draw(HOLDERS)),
        lines=draw(lines()),
    )


@st.composite
def parties(draw: st.DrawFn) -> Event:
    number, revision = draw(NUMBERS), draw(REVISIONS)
    return Party(
        envelope=envelope("party", str(number), revision=revision),
        party=draw(HOLDERS),
        name=draw(st.sampled_from(["甲", "乙"])),
        party_kind=PartyKind.ENTERPRISE,
    )


@st.composite
def voids(draw: st.DrawFn) -> Event:
    number, kind = draw(st.integers(0, 4)), draw(st.sampled_from(KINDS))
    target = draw(st.integers(0, 4).filter(lambda other: kind != "void" or other != number))
    return void(
        number,
        ("erp", kind, str(target)),
        line=draw(st.sampled_from([None, None, 1, 2])),
        source=draw(st.sampled_from(["erp", "erp", "ops", "other"])),
        revision=draw(st.sampled_from([0, 0, 1])),
    )


EVENTS = trades() | receipts() | receipts() | transformations() | vouchers() | parties() | voids()


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
    copies = draw(st.lists(st.sampled_from(events), max_size=4)) if events else []
    log: Any = ([], [])
    for event in draw(st.permutations(events + copies)):
        log[draw(st.integers(0, 1))].append(event)
    return Script((tuple(log[0]), tuple(log[1])), tuple(draw(st.lists(STEPS, max_size=12))))
