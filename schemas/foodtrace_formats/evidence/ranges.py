"""Checks a stretch of a log: its records against their hashes, and these against what was signed.

The records in their order give one tree, the listed hashes another; as long as nothing differs the
two are one. Which of them leads to the signed root says which was changed, so a fault has a place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from foodtrace.evidence import Checkpoint, Frontier, next_link, verify_consistency
from foodtrace_formats.evidence.container import Source
from foodtrace_formats.evidence.frames import Garbled, Kept, hashes, leaf_hash, records
from foodtrace_formats.evidence.manifest import Part
from foodtrace_formats.evidence.report import Fault, Faults

#: Told now and then how many bytes of records were checked.
Tell = Callable[[int], None]
#: Records between two tellings.
EVERY = 500


@dataclass(slots=True, kw_only=True)
class Found:
    """What a walk over a stretch gave: counts, faults, and the trees at the sizes asked for.

    `listed` is the tree of the hashes from the first fault on; until then it is that of the records.
    """

    part: Part
    records: Frontier
    link: bytes | None
    listed: Frontier | None = None
    marks: dict[int, tuple[bytes, bytes | None]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    total: int = 0
    count: int = 0

    def fault(self, code: str, offset: int | None, detail: str = "") -> None:
        """Note one; beyond some thousand only their number."""
        if self.listed is None:
            self.listed = Frontier(self.records.size, self.records.peaks)
        self.total += 1
        if len(self.faults) < 5_000:
            place = self.part.place
            self.faults.append(Fault(code=code, place=place, offset=offset, detail=detail))


def walk(
    part: Part,
    sources: tuple[Source, Source],
    link: bytes | None,
    marks: Collection[int],
    tell: Tell,
) -> Found:
    """Go over records and hashes (`sources`) of a stretch side by side.

    `link` is the chain's at its beginning where that is known; `marks` are the sizes at which root
    and link are noted.
    """
    found = Found(
        part=part,
        records=Frontier(part.start, part.frontier),
        link=link,
    )
    _mark(found, marks)
    left = sources[0].left
    for _, hashed in _joined(found, *sources):
        found.records.append(hashed)
        found.count += 1
        if found.link is not None:
            found.link = next_link(found.link, hashed)
        if found.records.size in marks:
            _mark(found, marks)
        if found.count % EVERY == 0:
            tell(left - sources[0].left)
            left = sources[0].left
    tell(left)
    return found


def judged(found: Found, checkpoint: Checkpoint) -> Faults:
    """The faults of a walk, once the signed root says whether records or hashes are true."""
    part, faults = found.part, Faults()
    if _leads_to(found.records, part, checkpoint):
        if found.faults:
            first = found.faults[0]
            faults.add(Fault(code="bundle.hashes-changed", place=part.place, offset=first.offset))
        if found.count != part.records:
            # Fewer leaves are a tree too, none at all above all: what is claimed has to be there.
            detail = f"{found.count} of {part.records} records"
            faults.add(Fault(code="bundle.record-missing", place=part.place, detail=detail))
        at_end = found.records.size == part.size
        if at_end and found.link is not None and found.link != checkpoint.link:
            faults.add(Fault(code="bundle.link-differs", place=part.place))
        return faults
    for fault in _moved(found.faults):
        faults.add(fault)
    faults.total += max(found.total - len(found.faults), 0)
    if not _leads_to(found.listed or found.records, part, checkpoint):
        size = f"{found.count} records, root at {part.size}"
        faults.add(Fault(code="bundle.root-differs", place=part.place, detail=size))
    return faults


def _leads_to(tree: Frontier, part: Part, checkpoint: Checkpoint) -> bool:
    sizes = (tree.size, checkpoint.size)
    return verify_consistency(*sizes, tree.root(), checkpoint.root, part.path)


def _mark(found: Found, marks: Collection[int]) -> None:
    if found.records.size in marks:
        found.marks[found.records.size] = (found.records.root(), found.link)


def _joined(found: Found, kept: Source, listed: Source) -> Iterator[tuple[Kept, bytes]]:
    """The records with their hashes, in the order in which they stand; what differs is noted."""
    part, wanted = found.part, _Listed(found, listed)
    last = -1
    rows = records(kept)
    while True:
        try:
            record = next(rows, None)
        except Garbled as error:
            where = f"{part.member('records')} byte {error.at}"
            found.fault("bundle.garbled", None if last < 0 else last, where)
            wanted.rest(missing=False)
            return
        if record is None:
            wanted.rest(missing=True)
            return
        hashed = leaf_hash(part.topic, part.partition, record)
        if not part.begin <= record.offset < part.end:
            found.fault("bundle.record-added", record.offset)
        elif record.offset <= last:
            found.fault("bundle.record-moved", record.offset)
        else:
            last = record.offset
            wanted.meet(record.offset, hashed)
        yield record, hashed


class _Listed:
    """The listed hashes, taken one by one as the records come by."""

    def __init__(self, found: Found, source: Source) -> None:
        self._found = found
        self._rest = hashes(source)
        self._next = self._pull()

    def meet(self, offset: int, hashed: bytes) -> None:
        """A record comes by: what is listed before it is missing."""
        while self._next is not None and self._next[0] < offset:
            self._pass("bundle.record-missing")
        if self._next is None or self._next[0] > offset:
            self._found.fault("bundle.record-added", offset)
        else:
            self._pass(None if self._next[1] == hashed else "bundle.record-changed")

    def rest(self, *, missing: bool) -> None:
        """No more records come; whether what is still listed is `missing`, or not readable."""
        while self._next is not None:
            self._pass("bundle.record-missing" if missing else None)

    def _pass(self, code: str | None) -> None:
        assert self._next is not None, "there is one"
        offset, hashed = self._next
        if code is not None:
            self._found.fault(code, offset)
        if self._found.listed is not None:
            self._found.listed.append(hashed)
        self._next = self._pull()

    def _pull(self) -> tuple[int, bytes] | None:
        try:
            return next(self._rest, None)
        except Garbled as error:
            where = f"{self._found.part.member('hashes')} byte {error.at}"
            self._found.fault("bundle.garbled", None, where)
            return None


def _moved(faults: list[Fault]) -> Iterator[Fault]:
    """A record that is missing at its place and stands at another was moved; twice there, added."""
    moved = {fault.offset for fault in faults if fault.code == "bundle.record-moved"}
    missing = {fault.offset for fault in faults if fault.code == "bundle.record-missing"}
    for fault in faults:
        if fault.code == "bundle.record-missing" and fault.offset in moved:
            continue
        if fault.code == "bundle.record-moved" and fault.offset not in missing:
            yield Fault(code="bundle.record-added", place=fault.place, offset=fault.offset)
        else:
            yield fault
