"""A look at a spool from outside, while another process may be using it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from foodtrace_client.aside import RefusedEvent, read_aside
from foodtrace_client.frames import Frame, frames
from foodtrace_client.journal import check_torn
from foodtrace_client.spool import Entry
from foodtrace_client.spool_errors import NoSpool, on_disk
from foodtrace_client.spool_folder import LOCK, REFUSED, read_position, segment_paths

#: Tries to read a folder from which files go away meanwhile.
_TRIES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolView:
    """What waits (`pending` documents, the first of them as `entries`) and what was refused.

    `oldest` is when the first one was taken in; `cut` the bytes of torn writes, which nobody was
    told to be safe, that were ever cut off; `torn` those of a write that is torn or under way now.
    """

    folder: Path
    pending: int
    bytes: int
    oldest: datetime | None
    entries: tuple[Entry, ...]
    refused: tuple[RefusedEvent, ...]
    cut: int
    torn: int


def look(folder: Path, most: int = 20) -> SpoolView:
    """The state of a spool with its first `most` documents; changes nothing, needs no lock.

    Raises NoSpool, SpoolDamaged or SpoolUnwritable.
    """
    if not (folder / LOCK).is_file():
        raise NoSpool(folder)
    with on_disk(folder):
        for _ in range(_TRIES):
            try:
                return _view(folder, most)
            except FileNotFoundError:
                # Its owner has sent a whole file meanwhile.
                continue
        return _view(folder, most)


def _view(folder: Path, most: int) -> SpoolView:
    position = read_position(folder)
    torn = pending = size = 0
    oldest: datetime | None = None
    entries: list[Entry] = []
    for _, path in segment_paths(folder):
        end = 0
        for frame in frames(path):
            end = frame.end
            waits = max(0, frame.after - max(frame.first, position.next))
            if waits:
                pending += waits
                size += frame.end - frame.start
                oldest = oldest or frame.at
                entries += islice(_entries(frame, position.next), max(0, most - len(entries)))
        torn = path.stat().st_size - end
        if torn:
            check_torn(path, end)
    return SpoolView(
        folder=folder,
        pending=pending,
        bytes=size,
        oldest=oldest,
        entries=tuple(entries),
        refused=tuple(read_aside(folder / REFUSED)),
        cut=position.cut,
        torn=torn,
    )


def _entries(frame: Frame, start: int) -> Iterator[Entry]:
    for number, document in enumerate(frame.documents, frame.first):
        if number >= start:
            yield Entry(number=number, at=frame.at, document=document)
