"""What ledger and office know of evidence, put together: signed checkpoints and the paths to them.

Everything is read on one connection, in one snapshot of the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from foodtrace.evidence import (
    Checkpoint,
    HashAt,
    consistency_path,
    inclusion_path,
    read_checkpoint,
    read_note,
)
from foodtrace.problems import NotFound, OurFault
from foodtrace_formats.evidence.frames import Proof
from foodtrace_formats.evidence.manifest import Chosen, Earlier, Part, Uncovered
from foodtrace_formats.evidence.writer import Notes
from foodtrace_ledger.chunk import Origin
from foodtrace_ledger.events import EventView
from foodtrace_ledger.evidence import Head, hash_at, head, heads, leaf_index_of, root_of
from foodtrace_ledger.evidence_leaves import index_from, offset_at
from foodtrace_office import evidence as office


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which part of the log: None means all topics, all partitions, from or up to anywhere.

    `since` are checkpoints that a reader of the bundle has already: paths from them come with it.
    """

    topics: tuple[str, ...] | None = None
    partition: int | None = None
    begin: int | None = None
    end: int | None = None
    since: tuple[Checkpoint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A part that can be written: its signed checkpoints and the root of the newest.

    `offsets` is the half-open range of the log that holds its records; of chosen ones `proofs` has
    one for each, of a range `beside` those of the leaves before and behind it, None where the log
    begins or the checkpoint ends. `later` counts the records behind it that no checkpoint covers yet.
    """

    part: Part
    notes: Notes
    root: bytes
    offsets: tuple[int, int] = (0, 0)
    proofs: tuple[Proof, ...] = ()
    beside: tuple[Proof | None, Proof | None] = (None, None)
    later: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A signed checkpoint, read."""

    note: str
    checkpoint: Checkpoint


def read(row: office.Signed) -> Signed:
    """The checkpoint of a row of the office, which the installation signed itself."""
    return Signed(note=row.note, checkpoint=read_checkpoint(read_note(row.note)[0]))


def plan_ranges(conn: Connection, wish: Wish) -> tuple[list[Planned], list[Uncovered]]:
    """The stretches that were asked for, each up to the newest checkpoint that covers it.

    What no checkpoint covers yet is told beside them. Raises OurFault `evidence.forked` when the
    ledger's tree doesn't give a root that was signed.
    """
    planned: list[Planned] = []
    uncovered: list[Uncovered] = []
    for tree in heads(conn):
        if not _wanted(tree, wish) or tree.size == 0:
            continue
        row = _latest(conn, tree)
        if row is None or row.size > tree.size:
            uncovered.append(_uncovered(tree))
            continue
        signed = _checked(conn, tree, row)
        if wish.end is not None and signed.checkpoint.next_offset < wish.end < tree.next_offset:
            uncovered.append(_uncovered(tree))
        found = _range(conn, tree, signed, wish)
        if found is not None:
            planned.append(found)
    return planned, uncovered


def plan_events(
    conn: Connection, events: Sequence[EventView]
) -> tuple[list[Planned], list[Chosen]]:
    """Every record that says something under these events' ids, with its proof.

    Raises OurFault `evidence.not-yet` for one that no signed checkpoint covers, `evidence.forked`
    as `plan_ranges`.
    """
    chosen: list[Chosen] = []
    places: dict[tuple[str, int], dict[int, Origin]] = {}
    for event in events:
        for content in event.contents:
            at = content.origin
            places.setdefault((at.topic, at.partition), {})[at.offset] = at
            chosen.append(
                Chosen(
                    event_id=event.event_id,
                    topic=at.topic,
                    partition=at.partition,
                    offset=at.offset,
                )
            )
    planned = [
        _events(conn, [origins[offset] for offset in sorted(origins)])
        for _, origins in sorted(places.items())
    ]
    chosen.sort(key=lambda one: (one.topic, one.partition, one.offset))
    return planned, chosen


def tree_of(conn: Connection, topic: str, partition: int) -> Head:
    """The tree of a partition; raises NotFound `evidence.no-checkpoint` when there is none."""
    found = head(conn, topic, partition)
    if found is None:
        raise NotFound("evidence.no-checkpoint", f"{topic}/{partition}")
    return found


def signed_at(conn: Connection, tree: Head, size: int | None) -> Signed:
    """The signed checkpoint of that size, or the newest; raises NotFound
    `evidence.no-checkpoint`, OurFault `evidence.forked`."""
    row = _latest(conn, tree) if size is None else office.of_size(conn, spot_of(tree), size)
    if row is None:
        detail = f"{tree.topic}/{tree.partition}"
        raise NotFound("evidence.no-checkpoint", detail if size is None else f"{detail} {size}")
    return _checked(conn, tree, row)


def consistency(conn: Connection, tree: Head, old: int, new: int) -> tuple[bytes, ...]:
    """The path by which the tree of `new` leaves continues that of `old`."""
    return tuple(consistency_path(old, new, hash_at(conn, tree.topic, tree.partition)))


def spot_of(tree: Head) -> office.Spot:
    """Where the office keeps the checkpoints of a tree."""
    return tree.log, tree.topic, tree.partition


def spot_of_part(part: Part) -> office.Spot:
    """The same of a part."""
    return part.log, part.topic, part.partition


def _latest(conn: Connection, tree: Head) -> office.Signed | None:
    return office.latest(conn, [spot_of(tree)]).get(spot_of(tree))


def _wanted(tree: Head, wish: Wish) -> bool:
    if wish.topics is not None and tree.topic not in wish.topics:
        return False
    return wish.partition in (None, tree.partition)


def _uncovered(tree: Head) -> Uncovered:
    return Uncovered(topic=tree.topic, partition=tree.partition, code="evidence.not-yet")


def _checked(conn: Connection, tree: Head, row: office.Signed) -> Signed:
    signed = read(row)
    size = signed.checkpoint.size
    if root_of(conn, tree.topic, tree.partition, size) != signed.checkpoint.root:
        raise OurFault("evidence.forked", f"{tree.topic}/{tree.partition} at {size} leaves")
    return signed


def _range(conn: Connection, tree: Head, signed: Signed, wish: Wish) -> Planned | None:
    where = (tree.topic, tree.partition)
    size, end = signed.checkpoint.size, signed.checkpoint.next_offset
    begin = wish.begin or 0
    first = index_from(conn, *where, begin) if begin else 0
    last = size
    if wish.end is not None and wish.end < end:
        end = wish.end
        last = min(index_from(conn, *where, end), size)
    if first >= last:
        return None
    trees = hash_at(conn, *where)
    earlier, notes = _earlier(conn, tree, first, size, wish.since)
    part = Part(
        kind="range",
        topic=tree.topic,
        partition=tree.partition,
        log=tree.log,
        begin=begin,
        end=end,
        records=last - first,
        size=size,
        start=first,
        frontier=_frontier(first, trees),
        path=tuple(consistency_path(last, size, trees)),
        earlier=earlier,
    )
    return Planned(
        part=part,
        notes={**notes, size: signed.note},
        root=signed.checkpoint.root,
        offsets=(begin, end),
        beside=(_beside(conn, tree, first - 1, size), _beside(conn, tree, last, size)),
        later=tree.size - size if wish.end is None else 0,
    )


def _beside(conn: Connection, tree: Head, index: int, size: int) -> Proof | None:
    if not 0 <= index < size:
        return None
    where = (tree.topic, tree.partition)
    return _proof(offset_at(conn, *where, index), index, size, hash_at(conn, *where))


def _proof(offset: int, index: int, size: int, trees: HashAt) -> Proof:
    path = tuple(inclusion_path(index, size, trees))
    return Proof(offset=offset, index=index, leaf_hash=trees(0, index), path=path)


def _earlier(
    conn: Connection, tree: Head, first: int, size: int, since: Sequence[Checkpoint]
) -> tuple[tuple[Earlier, ...], Notes]:
    """The newest checkpoint before the first record, and those that a reader has already."""
    spot = spot_of(tree)
    rows = office.newest(conn, spot, size=first, limit=1) if first else []
    place = f"/{tree.topic}/{tree.partition}/{tree.log}"
    sizes = {one.size for one in since if one.origin.endswith(place) and one.size < size}
    known = [office.of_size(conn, spot, each) for each in sorted(sizes)]
    notes = {row.size: row.note for row in (*rows, *known) if row is not None}
    earlier = tuple(
        Earlier(size=each, path=consistency(conn, tree, each, size))
        for each in sorted({*sizes, *notes} - {size})
    )
    return earlier, notes


def _frontier(size: int, trees: HashAt) -> tuple[bytes, ...]:
    """The roots of the perfect subtrees over the first `size` leaves, the largest first."""
    peaks, begin = [], 0
    for height in reversed(range(size.bit_length())):
        if size >> height & 1:
            peaks.append(trees(height, begin >> height))
            begin += 1 << height
    return tuple(peaks)


def _events(conn: Connection, origins: Sequence[Origin]) -> Planned:
    """The part of one partition's chosen records, in the order of their offsets."""
    at = origins[0]
    place = f"{at.topic}/{at.partition}"
    tree = head(conn, at.topic, at.partition)
    row = None if tree is None else _latest(conn, tree)
    if tree is None or row is None or row.size > tree.size:
        raise OurFault("evidence.not-yet", place)
    signed = _checked(conn, tree, row)
    size, trees = signed.checkpoint.size, hash_at(conn, at.topic, at.partition)
    proofs = []
    for origin in origins:
        index = leaf_index_of(conn, at.topic, at.partition, origin.offset)
        if index is None or index >= size:
            raise OurFault("evidence.not-yet", f"{place}/{origin.offset}")
        proofs.append(_proof(origin.offset, index, size, trees))
    part = Part(
        kind="events",
        topic=at.topic,
        partition=at.partition,
        log=tree.log,
        begin=origins[0].offset,
        end=origins[-1].offset + 1,
        records=len(origins),
        size=size,
    )
    return Planned(
        part=part, notes={size: signed.note}, root=signed.checkpoint.root, proofs=tuple(proofs)
    )
