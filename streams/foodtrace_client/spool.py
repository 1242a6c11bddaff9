"""The spool: what was taken in is on this disk, in order, until the door has answered for it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import RLock

from foodtrace_client.answers import EventAnswer
from foodtrace_client.aside import RefusedEvent, aside_frame, read_aside
from foodtrace_client.frames import Frame, framed, frames
from foodtrace_client.journal import Journal, sync_folder
from foodtrace_client.spool_errors import SpoolDamaged, SpoolFull, on_disk
from foodtrace_client.spool_folder import (
    REFUSED,
    Position,
    Segment,
    lock,
    read_position,
    read_segment,
    segment_path,
    segment_paths,
    write_position,
)

#: Bytes that a spool may take on the disk: days of a large market without a network.
LIMIT_BYTES = 1024 * 1024 * 1024
#: Bytes of one file; the disk gets back what was sent a file at a time.
SEGMENT_BYTES = 8 * 1024 * 1024
#: A limit below some files' worth would be reached by what has been sent long ago.
_SEGMENTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document that waits, under the number of its receipt; `at` is when it was taken in."""

    number: int
    at: datetime
    document: bytes


class Spool:
    """A folder that one process uses at a time; safe to share between its threads.

    Everything that `append` returned for is on the disk and survives a kill or a power cut. Opening
    raises SpoolBusy, SpoolDamaged or SpoolUnwritable; `cut` is how many bytes of a torn write, which
    nobody was told to be safe, were cut off by this opening.
    """

    def __init__(self, folder: Path, *, limit_bytes: int = LIMIT_BYTES) -> None:
        """Open or make the spool; `limit_bytes` bounds what waits and what was refused."""
        self.folder = folder
        self._limit = limit_bytes
        self._segment_bytes = max(1, min(SEGMENT_BYTES, limit_bytes // _SEGMENTS))
        self._guard = RLock()
        with on_disk(folder):
            _make(folder)
        self._lock = lock(folder)
        try:
            with on_disk(folder):
                self._open()
        except BaseException:
            os.close(self._lock)
            raise

    def _open(self) -> None:
        told = read_position(self.folder)
        paths = segment_paths(self.folder)
        self._segments = [read_segment(first, path) for first, path in paths[:-1]]
        newest = paths[-1][1] if paths else segment_path(self.folder, told.next)
        self._active = Journal(newest)
        last, first = self._active.last, int(newest.stem)
        after = last.after if last else first
        self._segments.append(
            Segment(path=newest, first=first, after=after, size=self._active.size)
        )
        self._check_gaps()
        self._refused = Journal(self.folder / REFUSED)
        self.cut = self._active.cut + self._refused.cut
        # What was sent may be deleted before the position tells so, never the other way round.
        self._next = max(told.next, self._segments[0].first)
        self._number = max(after, self._next)
        self._cut_ever = told.cut + self.cut
        self._head = 0
        self._forget_sent()
        if self.cut:
            write_position(self.folder, self._position)

    def _check_gaps(self) -> None:
        for one, other in zip(self._segments, self._segments[1:], strict=False):
            if one.after != other.first:
                raise SpoolDamaged(f"{self.folder}: {one.after} to {other.first - 1} are missing")

    @property
    def next(self) -> int:
        """The first number that the door hasn't answered for."""
        with self._guard:
            return self._next

    @property
    def number(self) -> int:
        """The number that the next document gets."""
        with self._guard:
            return self._number

    @property
    def pending(self) -> int:
        """How many documents wait."""
        with self._guard:
            return self._number - self._next

    @property
    def pending_bytes(self) -> int:
        """Bytes of the frames in which they wait."""
        with self._guard:
            return sum(one.size for one in self._segments) - self._head if self.pending else 0

    def append(self, documents: Sequence[bytes]) -> int:
        """Take documents in, all or none; gives the number of the first.

        Each is one line. Raises SpoolFull or SpoolUnwritable, and then has taken none.
        """
        with self._guard:
            data = framed(self._number, documents, datetime.now(UTC))
            self._make_room(len(data))
            self._active.append(data)
            first = self._number
            self._number += len(documents)
            newest = self._segments[-1]
            newest.after, newest.size = self._number, self._active.size
            return first

    def head(self, most: int, size: int) -> list[Entry]:
        """The first documents that wait, at most `most` and about `size` bytes, at least one."""
        found: list[Entry] = []
        filled = 0
        with self._guard, on_disk(self.folder):
            for frame in self._waiting():
                for number, document in enumerate(frame.documents, frame.first):
                    if number < self._next:
                        continue
                    filled += len(document) + 1
                    if found and (len(found) >= most or filled > size):
                        return found
                    found.append(Entry(number=number, at=frame.at, document=document))
            if self.pending and not found:
                raise SpoolDamaged(f"{self._segments[0].path} at byte {self._head}")
        return found

    def done(self, upto: int) -> None:
        """Everything below `upto` is answered for.

        Raises SpoolFull or SpoolUnwritable when the disk doesn't take the position: this process
        knows it all the same, and after a restart some documents are sent again.
        """
        with self._guard:
            self._next = max(self._next, upto)
            self._forget_sent()
            write_position(self.folder, self._position)

    def set_aside(self, entry: Entry, answer: EventAnswer) -> None:
        """Keep a refused document with its reason; raises SpoolFull or SpoolUnwritable."""
        with self._guard:
            data = aside_frame(entry.number, entry.document, answer, datetime.now(UTC))
            if self._refused.size + len(data) > self._limit:
                raise SpoolFull(f"{self._refused.path}: {self._limit} bytes of refused events")
            self._refused.append(data)

    def refused(self) -> list[RefusedEvent]:
        """What was set aside."""
        with self._guard, on_disk(self.folder):
            return list(read_aside(self._refused.path))

    def forget_refused(self) -> int:
        """Drop what was set aside, once somebody has seen to it; gives how many there were."""
        with self._guard, on_disk(self._refused.path):
            dropped = len(self.refused())
            self._refused.close()
            self._refused.path.unlink()
            sync_folder(self.folder)
            self._refused = Journal(self._refused.path)
            return dropped

    def close(self) -> None:
        """Let go of the folder; what waits stays there."""
        with self._guard:
            self._active.close()
            self._refused.close()
            os.close(self._lock)

    @property
    def _position(self) -> Position:
        return Position(next=self._next, cut=self._cut_ever)

    def _make_room(self, more: int) -> None:
        """Begin a new file where it is time; raises SpoolFull at the limit."""
        newest = self._segments[-1]
        # The numbers jump where somebody took files away that the position tells of.
        wanted = newest.after != self._number
        if newest.size:
            wanted = wanted or newest.size + more > self._segment_bytes
            # What was sent is the only thing that may go at the limit.
            wanted = (wanted and self._taken + more <= self._limit) or (
                not self.pending and self._taken + more > self._limit
            )
        if wanted:
            self._roll()
        if self._taken + more > self._limit:
            raise SpoolFull(f"{self.folder}: {self._taken} of {self._limit} bytes, {more} more")

    @property
    def _taken(self) -> int:
        return sum(one.size for one in self._segments)

    def _roll(self) -> None:
        path = segment_path(self.folder, self._number)
        fresh = Journal(path)
        self._active.close()
        self._active = fresh
        self._segments.append(Segment(path=path, first=self._number, after=self._number, size=0))
        self._forget_sent()

    def _waiting(self) -> Iterator[Frame]:
        """Frames from the one on that holds the first document that waits."""
        start = self._head
        for one in self._segments:
            if self._next < one.after:
                yield from frames(one.path, start, one.size)
            start = 0

    def _forget_sent(self) -> None:
        """Give the disk back what is answered for, and find the first frame that isn't."""
        with on_disk(self.folder):
            while len(self._segments) > 1 and self._segments[0].after <= self._next:
                self._segments[0].path.unlink(missing_ok=True)
                del self._segments[0]
                self._head = 0
            first = self._segments[0]
            if first.after <= self._next:
                self._head = first.size
                return
            for frame in frames(first.path, self._head, first.size):
                if frame.after > self._next:
                    self._head = frame.start
                    return


def _make(folder: Path) -> None:
    """Make the folder, and bring its name to the disk: a power cut would take all that is in it."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for each in missing:
        sync_folder(each.parent)
