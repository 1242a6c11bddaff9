"""Properties of papers over any lineage, circles included: order, growth, and what stops a paper."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from foodtrace.papers import (
    Attached,
    Operation,
    Origin,
    Passage,
    Step,
    due,
    missing,
    paper_passes,
    papers_of,
)
from foodtrace.papers.due import DUE

LOTS = st.integers(0, 6)
KINDS = st.sampled_from(
    ("产品B证", "肉品品质检验合格证", "asf_test", "承诺达标合格证", "产地证明", "其他证")
)
STEPS = st.lists(
    st.builds(
        Step,
        parent=LOTS,
        child=LOTS,
        operation=st.sampled_from(Operation),
        delivery=st.integers(0, 9),
        certain=st.booleans(),
    ),
    max_size=12,
)
PAPERS = st.lists(
    st.builds(
        Attached,
        lot=LOTS,
        delivery=st.integers(0, 9),
        kind=KINDS,
        number=st.sampled_from("AB"),
        verification=st.sampled_from(("declared", "confirmed_by_issuer", "rejected")),
    ),
    max_size=6,
)
ORIGINS = st.lists(
    st.builds(Origin, lot=LOTS, delivery=st.integers(0, 9), imported=st.booleans()), max_size=3
)
GROUPS = st.sampled_from(tuple(DUE[-1].groups)).map(lambda name: due(name, DUE[-1].since))


@given(STEPS, PAPERS, ORIGINS, GROUPS, st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_matters(steps, papers, origins, groups, chance) -> None:  # type: ignore[no-untyped-def]
    papers_there = papers_of(0, steps, papers)
    gaps = missing(0, groups, steps, papers, origins)
    for each in (steps, papers, origins):
        each.extend(each[:2])
        chance.shuffle(each)
    assert papers_of(0, steps, papers) == papers_there
    assert missing(0, groups, steps, papers, origins) == gaps


@given(STEPS, PAPERS)
def test_a_paper_has_a_way_that_it_passes(
    steps: Sequence[Step[int]], papers: Sequence[Attached[int]]
) -> None:
    reached = {(each.paper.lot, each.paper.kind) for each in papers_of(0, steps, papers)}
    for paper in papers:
        ways = {0}
        while more := {
            step.parent
            for step in steps
            if step.child in ways
            and step.parent not in ways
            and paper_passes(paper.kind, step.operation) is not Passage.NEW_DUE
        }:
            ways |= more
        assert (paper.lot in ways) == ((paper.lot, paper.kind) in reached)


@given(STEPS, STEPS, PAPERS, PAPERS)
def test_more_that_is_known_takes_no_paper_away(
    steps: list[Step[int]],
    more_steps: list[Step[int]],
    papers: list[Attached[int]],
    more_papers: list[Attached[int]],
) -> None:
    before = {each.paper: each for each in papers_of(0, steps, papers)}
    after = {
        each.paper: each for each in papers_of(0, [*steps, *more_steps], [*papers, *more_papers])
    }
    for paper, each in before.items():
        assert after[paper].certain >= each.certain
        assert set(after[paper].notes) >= set(each.notes)


@settings(max_examples=60)
@given(STEPS, PAPERS, GROUPS, KINDS, st.integers(0, 9))
def test_a_paper_more_makes_no_gap(steps, papers, groups, kind, delivery) -> None:  # type: ignore[no-untyped-def]
    before = {(g.group, g.lot, g.why) for g in missing(0, groups, steps, papers)}
    more = [*papers, Attached(lot=0, delivery=delivery, kind=kind, number="C")]
    assert {(g.group, g.lot, g.why) for g in missing(0, groups, steps, more)} <= before
