"""The leaves beside a stretch: they show that none of its records was left out at its edges.

A stretch that is moved by a leaf leads to the same signed root, so its offsets need witnesses: the
leaf before it stands before `begin`, the leaf behind it at `end` or later. They are carried as
leaves, which give their offsets away and nothing of what their records say.
"""

from __future__ import annotations

from collections.abc import Iterator

from foodtrace.evidence import Checkpoint, Leaf, leaf_of, read_leaf, verify_inclusion
from foodtrace.problems import InvalidValue, OurFault
from foodtrace_formats.evidence.frames import Proof, Record
from foodtrace_formats.evidence.manifest import Edge, Part
from foodtrace_formats.evidence.report import Fault


def edge_of(topic: str, partition: int, record: Record, proof: Proof) -> Edge:
    """The leaf of a record and its proof; raises OurFault `evidence.log-differs` when they part."""
    leaf = leaf_of(
        topic,
        partition,
        record.offset,
        record.timestamp,
        record.key,
        record.value,
        record.headers,
    )
    if leaf.hash() != proof.leaf_hash:
        raise OurFault("evidence.log-differs", f"{topic}/{partition}/{record.offset}")
    return Edge(leaf=leaf.encoded().decode("ascii"), path=proof.path)


def check_edges(part: Part, checkpoint: Checkpoint) -> Iterator[Fault]:
    """What isn't shown of the edges of a range whose records lead to the checkpoint.

    Nothing stands before the first leaf of a log, and what stands behind the last one that is
    signed nobody knows: a range that goes as far ends with the checkpoint.
    """
    behind = part.start + part.records
    if part.start > 0 or part.before is not None:
        yield from _beside(part, part.before, part.start - 1, checkpoint)
    if behind < checkpoint.size or part.after is not None:
        yield from _beside(part, part.after, behind, checkpoint)
    elif part.end != checkpoint.next_offset:
        detail = f"end {part.end}, next offset {checkpoint.next_offset}"
        yield Fault(code="bundle.edge-unproven", place=part.place, detail=detail)


def _beside(part: Part, edge: Edge | None, index: int, checkpoint: Checkpoint) -> Iterator[Fault]:
    leaf = None if edge is None else _proven(part, edge, index, checkpoint)
    if leaf is None:
        detail = f"leaf {index} of {checkpoint.size}"
        yield Fault(code="bundle.edge-unproven", place=part.place, detail=detail)
    elif part.begin <= leaf.offset < part.end:
        detail = f"leaf {index} of {checkpoint.size}"
        where = leaf.offset
        yield Fault(code="bundle.record-missing", place=part.place, offset=where, detail=detail)
    elif (leaf.offset < part.begin) != (index < part.start):
        detail = f"leaf {index} of {checkpoint.size}"
        where = leaf.offset
        yield Fault(code="bundle.edge-unproven", place=part.place, offset=where, detail=detail)


def _proven(part: Part, edge: Edge, index: int, checkpoint: Checkpoint) -> Leaf | None:
    """The leaf at that index of the signed tree; None where the edge doesn't show it."""
    try:
        leaf = read_leaf(edge.leaf)
    except InvalidValue:
        return None
    if (leaf.topic, leaf.partition) != (part.topic, part.partition):
        return None
    sound = verify_inclusion(leaf.hash(), index, checkpoint.size, edge.path, checkpoint.root)
    return leaf if sound else None
