"""Whether a log continues an earlier one: the same leaves, and only more of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from foodtrace.evidence import Checkpoint, verify_consistency
from foodtrace_formats.evidence.manifest import Part
from foodtrace_formats.evidence.report import Compared, Fault, How


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A part as it was found: its checkpoint, and root and link at the sizes that were noted."""

    part: Part
    checkpoint: Checkpoint | None
    marks: Mapping[int, tuple[bytes, bytes | None]] = field(default_factory=dict)


def compare(
    known: Sequence[Known], installation: str, since: Iterable[Checkpoint]
) -> tuple[Compared, ...]:
    """Hold each earlier checkpoint to the part of its log; what can't be compared is a fault."""
    return tuple(_one(known, installation, old) for old in since)


def _one(known: Sequence[Known], installation: str, old: Checkpoint) -> Compared:
    mine = next((one for one in known if one.part.is_of(installation, old)), None)
    if mine is None or mine.checkpoint is None:
        return _compared(old, None, "not compared", _not_there(known, installation, old))
    part, new = mine.part, mine.checkpoint
    paths = {one.size: one.path for one in part.earlier}
    if old.size == new.size:
        same = old.root == new.root and old.link == new.link
        return _compared(old, new, "same size", None if same else "bundle.forked")
    if old.size in mine.marks:
        root, link = mine.marks[old.size]
        same = root == old.root and link in (None, old.link)
        return _compared(old, new, "recomputed", None if same else "bundle.forked")
    if old.size in paths:
        same = verify_consistency(old.size, new.size, old.root, new.root, paths[old.size])
        return _compared(old, new, "path", None if same else "bundle.forked")
    return _compared(old, new, "not compared", "bundle.not-compared")


def _not_there(known: Sequence[Known], installation: str, old: Checkpoint) -> str:
    """Why there is nothing to compare with: the topic was made anew, or isn't in the bundle."""
    place = old.origin.rsplit("/", 1)[0]
    another = any(
        place == f"foodtrace/{installation}/{one.part.place}"
        and not one.part.is_of(installation, old)
        for one in known
    )
    return "bundle.other-log" if another else "bundle.not-compared"


def _compared(old: Checkpoint, new: Checkpoint | None, how: How, code: str | None) -> Compared:
    place = "/".join(old.origin.split("/")[2:4])
    detail = f"{old.size} leaves" if new is None else f"{old.size} and {new.size} leaves"
    fault = None if code is None else Fault(code=code, place=place, detail=detail)
    return Compared(
        origin=old.origin,
        old_size=old.size,
        new_size=None if new is None else new.size,
        how=how,
        fault=fault,
    )
