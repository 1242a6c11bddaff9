"""Which papers a lot lacks: a way upstream on which nobody shows what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from foodtrace.papers.carried import Attached, Step, by_child
from foodtrace.papers.due import IMPORTED, Group
from foodtrace.papers.kinds import Proof, kind_of
from foodtrace.papers.operations import Operation, Passage, proof_passes

L = TypeVar("L", bound=Hashable)

_REJECTED = "rejected"


class Why(StrEnum):
    """Why a paper is missing: nobody showed one, or what was done to the goods asks for a new one."""

    NOT_SHOWN = "not_shown"
    NEW_DUE = "new_due"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin(Generic[L]):
    """A document line by which goods of `lot` come from outside the system."""

    lot: L
    delivery: Hashable
    imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing(Generic[L]):
    """One of the proofs in `group` is due and not there, since `lot` upstream or the lot itself.

    `certain` is false where only possible links lead to the gap; `own` where the gap is at the lot
    asked about, whose holder may still show the paper when he sells; `operation` made a new paper
    due.
    """

    group: Group
    lot: L
    why: Why
    operation: Operation | None
    own: bool
    certain: bool


@dataclass(slots=True)
class _Known(Generic[L]):
    into: Mapping[L, Sequence[Step[L]]]
    origins: Mapping[L, Sequence[Origin[L]]]
    # Proofs by document line, and those that cover a lot whichever line brought it.
    shown: dict[tuple[L, Hashable], set[Proof]] = field(default_factory=lambda: defaultdict(set))
    whole: dict[L, set[Proof]] = field(default_factory=lambda: defaultdict(set))


def missing(
    lot: L,
    groups: Iterable[Group],
    steps: Iterable[Step[L]],
    attached: Iterable[Attached[L]],
    origins: Iterable[Origin[L]] = (),
) -> tuple[Missing[L], ...]:
    """The gaps of a lot for each group that is due, and for imports on the way.

    Each delivery into a lot is looked at by itself: where one came with its paper and another
    without, the paper is missing. A paper rejected by its issuer proves nothing; the import paper
    stands for the domestic ones [?]. Neither order nor repetition matters; one more paper never
    makes a gap, one more delivery never closes one.
    """
    known = _known(steps, attached, origins)
    found = [gap for group in dict.fromkeys(groups) for gap in _gaps(lot, group, known)]
    brought_in = {o.lot for each in known.origins.values() for o in each if o.imported}
    found += [
        gap
        for gap in _gaps(lot, IMPORTED, known)
        if gap.why is Why.NOT_SHOWN and gap.lot in brought_in
    ]
    return tuple(sorted(found, key=_order))


def _known(
    steps: Iterable[Step[L]], attached: Iterable[Attached[L]], origins: Iterable[Origin[L]]
) -> _Known[L]:
    begins: dict[L, list[Origin[L]]] = defaultdict(list)
    for origin in dict.fromkeys(origins):
        begins[origin.lot].append(origin)
    known = _Known(by_child(steps), begins)
    lines = {(s.child, s.delivery) for each in known.into.values() for s in each}
    lines |= {(o.lot, o.delivery) for each in begins.values() for o in each}
    for paper in attached:
        kind = kind_of(paper.kind)
        if kind is None or paper.verification == _REJECTED:
            continue
        if (paper.lot, paper.delivery) in lines:
            known.shown[paper.lot, paper.delivery].update(kind.proves)
        else:
            known.whole[paper.lot].update(kind.proves)
    return known


def _gaps(lot: L, group: Group, known: _Known[L]) -> Iterator[Missing[L]]:
    """Every gap that some way upstream meets; a state is a lot and the proofs that would do there."""
    start = (lot, group | IMPORTED, True)
    seen, waiting = {start}, [start]
    found: dict[tuple[L, Why, Operation | None], bool] = {}
    while waiting:
        here, proofs, certain = waiting.pop()
        if proofs & known.whole.get(here, set()):
            continue
        for gap, onward in _ways(here, proofs, group, known):
            if gap is not None:
                found[gap] = found.get(gap, False) or certain
            if onward is not None:
                state = (onward[0], onward[1], certain and onward[2])
                if state not in seen:
                    seen.add(state)
                    waiting.append(state)
    for (at, why, operation), certain in found.items():
        yield Missing(
            group=group, lot=at, why=why, operation=operation, own=at == lot, certain=certain
        )


_Gap = tuple[L, Why, Operation | None]
_Onward = tuple[L, Group, bool]


def _ways(
    here: L, proofs: Group, group: Group, known: _Known[L]
) -> Iterator[tuple[_Gap[L] | None, _Onward[L] | None]]:
    """For each delivery without its paper: the gap it is, or where to look on."""
    steps, origins = known.into.get(here, ()), known.origins.get(here, ())
    if not steps and not origins:
        yield (here, Why.NOT_SHOWN, None), None
    for origin in origins:
        if not proofs & known.shown.get((here, origin.delivery), set()):
            yield (here, Why.NOT_SHOWN, None), None
    for step in steps:
        if proofs & known.shown.get((here, step.delivery), set()):
            continue
        passing = _passing(proofs, group, step.operation)
        if passing:
            yield None, (step.parent, passing, step.certain)
        else:
            yield (here, Why.NEW_DUE, step.operation), None


def _passing(proofs: Group, group: Group, operation: Operation) -> Group:
    """The proofs that would still do above an operation; the import paper only beside another."""
    passing = frozenset(p for p in proofs if proof_passes(p, operation) is not Passage.NEW_DUE)
    return passing if passing & group else frozenset()


def _order(gap: Missing[L]) -> tuple[list[str], str, str, str]:
    return sorted(gap.group), repr(gap.lot), gap.why, gap.operation or ""
