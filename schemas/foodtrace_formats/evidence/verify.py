"""Checks a whole bundle, with nothing but the file and a public key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO
from uuid import UUID

from foodtrace.evidence import FIRST_LINK, Checkpoint, verify_consistency
from foodtrace_formats.evidence.bundle import Bundle, key_inside, open_bundle
from foodtrace_formats.evidence.chosen import Wanted, check_chosen
from foodtrace_formats.evidence.container import Broken, Opened, Source
from foodtrace_formats.evidence.edges import check_edges
from foodtrace_formats.evidence.manifest import KEY, MANIFEST, NOTE, Manifest, Part
from foodtrace_formats.evidence.ranges import Tell, judged, walk
from foodtrace_formats.evidence.report import Compared, Fault, Faults, Report, Shown
from foodtrace_formats.evidence.signers import keys_told
from foodtrace_formats.evidence.since import Known, compare
from foodtrace_formats.evidence.trust import Trust, trust_of

#: Told how many bytes of how many were read.
Progress = Callable[[int, int], None]


def silent(_done: int, _total: int) -> None:
    """Nobody looks."""


def check_bundle(
    file: IO[bytes],
    trusted: Sequence[bytes] = (),
    since: Sequence[Checkpoint] = (),
    progress: Progress = silent,
) -> Report:
    """Everything that can be said of a bundle in a file that can be rewound.

    `trusted` are public keys that the caller has from elsewhere; without any the one inside vouches
    for itself. Whichever signed the manifest vouches for those that it lists beside it. `since` are
    checkpoints, already checked, that these logs have to continue.
    """
    try:
        opened = Opened(file)
    except Broken as error:
        fault = Fault(code="bundle.container", detail=str(error))
        return Report(form="bundle", installation=None, key=None, trusted=False, faults=(fault,))
    trust = trust_of([key_inside(opened)], trusted, KEY)
    bundle = open_bundle(opened, trust)
    for fault in trust.faults:
        bundle.faults.add(fault)
    if bundle.manifest is None:
        return _report(bundle, trust)
    read = _counted(bundle, progress)
    bundle.compare_members(read)
    known, shown = [], []
    for part in bundle.manifest.parts:
        told, grown = _part(bundle, part, since, read)
        shown.append(told)
        known.append(grown)
    for fault in _without_part(bundle.manifest):
        bundle.faults.add(fault)
    bundle.compare_keys()
    return _report(bundle, trust, shown, compare(known, bundle.manifest.installation, since))


def _counted(bundle: Bundle, progress: Progress) -> Tell:
    """Every member is read for its digest, and records once more for what they say."""
    members = bundle.opened.members.values()
    total = sum(one.size * (1 + one.name.startswith("records/")) for one in members)
    done = 0

    def read(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    return read


def _part(
    bundle: Bundle, part: Part, since: Sequence[Checkpoint], read: Tell
) -> tuple[Shown, Known]:
    checkpoint = bundle.checkpoint(part, part.size)
    earlier = {one.size: bundle.checkpoint(part, one.size) for one in part.earlier}
    sources = _sources(bundle, part)
    known = Known(part=part, checkpoint=checkpoint)
    faults, linked = Faults(), False
    if checkpoint is None or sources is None:
        faults.add(Fault(code="bundle.unchecked", place=part.place))
    elif part.kind == "events":
        faults = check_chosen(part, sources, checkpoint, _wanted(bundle, part))
        read(bundle.opened.members[part.member("records")].size)
    else:
        link = _link_before(part, earlier)
        marks = {part.start, *(one.size for one in since), *earlier}
        found = walk(part, sources, link, marks, read)
        faults = judged(found, checkpoint)
        linked = link is not None and part.start + part.records == part.size
        if not faults:
            known = Known(part=part, checkpoint=checkpoint, marks=found.marks)
        for fault in check_edges(part, checkpoint):
            faults.add(fault)
    for fault in _contradictions(part, checkpoint, earlier):
        faults.add(fault)
    return _shown(part, checkpoint, faults, linked), known


def _contradictions(
    part: Part, checkpoint: Checkpoint | None, earlier: Mapping[int, Checkpoint | None]
) -> Iterator[Fault]:
    """The older checkpoints of a part that the newer one doesn't continue."""
    paths = {one.size: one.path for one in part.earlier}
    for size, older in earlier.items():
        if older is None or checkpoint is None:
            continue
        roots = (older.root, checkpoint.root)
        if not verify_consistency(size, checkpoint.size, *roots, paths[size]):
            detail = f"{size} and {checkpoint.size} leaves"
            yield Fault(code="bundle.forked", place=part.place, detail=detail)


def _link_before(part: Part, earlier: Mapping[int, Checkpoint | None]) -> bytes | None:
    if part.start == 0:
        return FIRST_LINK
    before = earlier.get(part.start)
    return None if before is None else before.link


def _sources(bundle: Bundle, part: Part) -> tuple[Source, Source] | None:
    names = part.members()
    if any(name not in bundle.opened.members for name in names):
        return None
    return bundle.opened.source(names[0]), bundle.opened.source(names[1])


def _wanted(bundle: Bundle, part: Part) -> Wanted:
    """The offsets of the records that were chosen of this log, and the events they were chosen for."""
    assert bundle.manifest is not None, "the part is from there"
    wanted: dict[int, list[UUID]] = {}
    for one in bundle.manifest.chosen:
        if f"{one.topic}/{one.partition}" == part.place:
            wanted.setdefault(one.offset, []).append(one.event_id)
    return wanted


def _without_part(manifest: Manifest) -> Iterator[Fault]:
    """Records that were chosen of a log of which the bundle holds no chosen records."""
    there = {part.place for part in manifest.parts if part.kind == "events"}
    for one in manifest.chosen:
        place = f"{one.topic}/{one.partition}"
        if place not in there:
            yield Fault(code="bundle.record-missing", place=place, offset=one.offset)


def _shown(part: Part, checkpoint: Checkpoint | None, faults: Faults, linked: bool) -> Shown:
    return Shown(
        kind=part.kind,
        topic=part.topic,
        partition=part.partition,
        log=part.log,
        begin=part.begin,
        end=part.end,
        records=part.records,
        size=part.size,
        root=None if checkpoint is None else checkpoint.root.hex(),
        as_of=None if checkpoint is None else checkpoint.as_of,
        link=linked and not faults,
        faults=tuple(faults),
        total=faults.total,
    )


def _report(
    bundle: Bundle,
    trust: Trust,
    shown: Sequence[Shown] = (),
    compared: tuple[Compared, ...] = (),
) -> Report:
    manifest = bundle.manifest
    for at in sorted(set(bundle.opened.odd)):
        bundle.faults.add(Fault(code="bundle.container", detail=f"byte {at}"))
    told = _told_by_part(bundle, shown)
    faults = [
        fault
        for fault in bundle.faults
        if fault.code != "bundle.member-changed" or fault.file not in told
    ]
    return Report(
        form="bundle",
        installation=None if manifest is None else manifest.installation,
        key=trust.fingerprint,
        trusted=trust.given,
        keys=keys_told(trust, () if manifest is None else manifest.keys),
        parts=tuple(shown),
        compared=compared,
        uncovered=()
        if manifest is None
        else tuple((f"{one.topic}/{one.partition}", one.code) for one in manifest.uncovered),
        faults=tuple(faults),
        more=bundle.faults.total - len(list(bundle.faults)),
    )


def _told_by_part(bundle: Bundle, shown: Sequence[Shown]) -> set[str]:
    """Members of which it is told already what in them differs."""
    if bundle.manifest is None:
        return set()
    wrong = {one.place for one in shown if one.total}
    parts = [part for part in bundle.manifest.parts if part.place in wrong]
    return {name for part in parts for name in part.members()} - {MANIFEST, NOTE}
