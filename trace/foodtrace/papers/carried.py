"""Which papers a lot has: those that came with it, and those that reach it from upstream."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from foodtrace.papers.operations import Operation, Passage, paper_passes

L = TypeVar("L", bound=Hashable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached(Generic[L]):
    """A paper as a document shows it with goods of `lot`.

    `delivery` tells which document line that is (as in `Step`); `home` is the province (two digits
    of GB/T 2260) it comes from; `covered` is (dimension, millionths), what it is good for.
    """

    lot: L
    delivery: Hashable
    kind: str
    number: str
    issuer: str | None = None
    issued_on: date | None = None
    valid_until: date | None = None
    verification: str = "declared"
    scope: str | None = None
    destination: str | None = None
    covered: tuple[str, int] | None = None
    home: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step(Generic[L]):
    """Goods of `parent` became goods of `child` by the document line `delivery`."""

    parent: L
    child: L
    operation: Operation
    delivery: Hashable
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried(Generic[L]):
    """A paper that a lot has: its own, or inherited from the lot it is attached to.

    `notes` are the operations on the way that it passed with a note; `certain` says whether some
    way to it needs no possible link.
    """

    paper: Attached[L]
    own: bool
    notes: tuple[Operation, ...]
    certain: bool

    @property
    def passage(self) -> Passage:
        """Whether it came along as it is or with a note."""
        return Passage.NOTE if self.notes else Passage.PASSES


def papers_of(
    lot: L, steps: Iterable[Step[L]], attached: Iterable[Attached[L]]
) -> tuple[Carried[L], ...]:
    """The papers of `lot` among those attached to it and to lots upstream of it.

    A paper never passes an operation after which a new one is due. More steps or papers never take
    one away, and neither order nor repetition matters.
    """
    into = by_child(steps)
    kinds: dict[str, list[Attached[L]]] = defaultdict(list)
    for paper in dict.fromkeys(attached):
        kinds[paper.kind].append(paper)
    found = [each for kind, papers in kinds.items() for each in _of_kind(lot, into, kind, papers)]
    return tuple(sorted(found, key=_order))


def by_child(steps: Iterable[Step[L]]) -> Mapping[L, Sequence[Step[L]]]:
    """The steps by the lot they lead into, each once."""
    into: dict[L, list[Step[L]]] = defaultdict(list)
    for step in dict.fromkeys(steps):
        into[step.child].append(step)
    return into


def _of_kind(
    lot: L, into: Mapping[L, Sequence[Step[L]]], kind: str, papers: Sequence[Attached[L]]
) -> Iterator[Carried[L]]:
    notes, certain = _reach(lot, into, kind)
    for paper in papers:
        if paper.lot in notes:
            yield Carried(
                paper=paper,
                own=paper.lot == lot,
                notes=tuple(each for each in Operation if each in notes[paper.lot]),
                certain=paper.lot in certain,
            )


def _reach(
    lot: L, into: Mapping[L, Sequence[Step[L]]], kind: str
) -> tuple[Mapping[L, frozenset[Operation]], set[L]]:
    """The lots whose papers of a kind reach `lot`: with which notes, and which of them for certain.

    Notes only grow and are finitely many, so a circle in bad data ends too.
    """
    notes: dict[L, frozenset[Operation]] = {lot: frozenset()}
    certain = {lot}
    waiting = [lot]
    while waiting:
        child = waiting.pop()
        for step in into.get(child, ()):
            passage = paper_passes(kind, step.operation)
            if passage is Passage.NEW_DUE or step.parent == lot:
                continue
            more = notes[child] | ({step.operation} if passage is Passage.NOTE else frozenset())
            sure = step.certain and child in certain
            known = notes.get(step.parent)
            if known is not None and more <= known and (not sure or step.parent in certain):
                continue
            notes[step.parent] = more if known is None else known | more
            if sure:
                certain.add(step.parent)
            waiting.append(step.parent)
    return notes, certain


def _order(each: Carried[L]) -> tuple[bool, str, str, str]:
    paper = each.paper
    return not each.own, paper.kind, paper.number, repr(paper)
