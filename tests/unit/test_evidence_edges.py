"""Who holds the key can sign any manifest, but can't leave out a record at a range's edge."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import settings as drawn
from hypothesis import strategies as st

from foodtrace.problems import OurFault
from foodtrace_formats.evidence.edges import edge_of
from foodtrace_formats.evidence.manifest import Edge, Part
from foodtrace_formats.evidence.report import Report
from foodtrace_formats.evidence.verify import check_bundle
from support.evidence import KEY, MemoryLog, some_records, writer_to

LOG = MemoryLog(records=some_records(40))
Side = Literal["before", "after"]


def checked(part: Part) -> Report:
    """A bundle of that stretch, signed by the installation itself."""
    file = io.BytesIO()
    writer = writer_to(file)
    LOG.add_part(writer, part)
    writer.finish()
    return check_bundle(file, [KEY.public])


def found(part: Part) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.offset) for fault in checked(part).every()]


def stretches() -> st.SearchStrategy[tuple[int, int, int]]:
    """Start, end and size with something on both sides of the stretch."""
    three = st.lists(st.integers(1, 39), min_size=3, max_size=3, unique=True)
    return three.map(sorted).map(lambda each: (each[0], each[1], each[2]))


def offset(index: int) -> int:
    return LOG.records[index].offset


@drawn(max_examples=25)
@given(stretches())
def test_a_record_that_is_left_out_at_an_edge_is_named(where: tuple[int, int, int]) -> None:
    """The stretch claims offsets that reach one leaf further than its records, on either side."""
    start, end, size = where
    part = LOG.range(start, end, size)
    assert found(part) == []
    assert found(replace(part, begin=offset(start - 1))) == [
        ("bundle.record-missing", offset(start - 1))
    ]
    assert found(replace(part, end=offset(end) + 1)) == [("bundle.record-missing", offset(end))]


@drawn(max_examples=25)
@given(stretches(), st.sampled_from(["before", "after"]), st.data())
def test_only_the_leaf_beside_it_proves_an_edge(
    where: tuple[int, int, int], side: Side, data: st.DataObject
) -> None:
    start, end, size = where
    part = LOG.range(start, end, size)
    right = getattr(part, side)
    index = start - 1 if side == "before" else end
    other = data.draw(st.integers(0, size - 1).filter(lambda each: each != index))
    elsewhere = MemoryLog(records=LOG.records, partition=1)
    wrong: Sequence[Edge | None] = (
        None,
        LOG.edge(other, size),
        # Another leaf under the right path, and the right leaf under another tree's.
        replace(right, leaf=right.leaf.replace("leaf 1", "leaf 2")),
        replace(right, leaf=moved(right.leaf, -1 if side == "before" else 1)),
        replace(right, path=(*right.path, bytes(32))),
        replace(right, path=right.path[1:]),
        elsewhere.edge(index, size),
    )
    for edge in wrong:
        part_ = replace(part, before=edge) if side == "before" else replace(part, after=edge)
        assert found(part_) == [("bundle.edge-unproven", None)], edge


def moved(leaf: str, by: int) -> str:
    """The leaf with another offset."""
    lines = leaf.split("\n")
    lines[3] = str(int(lines[3]) + by)
    return "\n".join(lines)


def test_a_range_that_stands_beside_what_it_claims_proves_nothing() -> None:
    """Without records, offsets that lie wholly before or behind the place in the tree."""
    part = LOG.range(9, 9, 20)
    before, behind = offset(2), offset(15)
    assert found(replace(part, begin=before, end=before + 1)) == [
        ("bundle.edge-unproven", offset(8))
    ]
    assert found(replace(part, begin=behind, end=behind + 1)) == [
        ("bundle.edge-unproven", offset(9))
    ]


@drawn(max_examples=25)
@given(st.integers(0, 19), st.integers(1, 3))
def test_a_range_up_to_the_checkpoint_claims_nothing_beyond_it(start: int, more: int) -> None:
    part = LOG.range(start, 20, 20)
    assert (part.after, part.end) == (None, LOG.checkpoint(20).next_offset)
    assert found(part) == []
    assert found(replace(part, end=part.end + more)) == [("bundle.edge-unproven", None)]
    spare = LOG.edge(19, 20)
    assert found(replace(part, after=spare)) == [("bundle.edge-unproven", None)]


def test_a_range_from_the_beginning_has_nothing_before_it() -> None:
    part = LOG.range(0, 9, 20)
    assert part.before is None
    assert found(replace(part, before=LOG.edge(0, 20))) == [("bundle.edge-unproven", None)]
    # A range without any record has edges as well.
    assert found(LOG.range(9, 9, 20)) == []
    assert found(replace(LOG.range(9, 9, 20), end=offset(9) + 1)) == [
        ("bundle.record-missing", offset(9))
    ]


def test_an_edge_is_made_of_the_record_whose_hash_was_kept() -> None:
    record = replace(LOG.records[4], value=b"another")
    with pytest.raises(OurFault) as wrong:
        edge_of(LOG.topic, LOG.partition, record, LOG.proof(4, 9))
    assert (wrong.value.code, wrong.value.detail) == (
        "evidence.log-differs",
        f"foodtrace.trade/0/{offset(4)}",
    )
