"""What lies in a spool's folder: segments, the position, the lock, what was set aside.

- `00000000000000000007.spool`: frames of documents from number 7 on, appended only;
- `position`: the first number that nobody has answered for yet, replaced as a whole;
- `refused.log`: frames of documents that were refused, each with the reason;
- `lock`: held by the one process that uses the spool.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from foodtrace_client.frames import frames
from foodtrace_client.journal import check_torn, replace_file
from foodtrace_client.spool_errors import SpoolBusy, SpoolDamaged, on_disk

SUFFIX = ".spool"
POSITION = "position"
REFUSED = "refused.log"
LOCK = "lock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a spool is: `next` is the first number unanswered, `cut` the torn bytes ever cut."""

    next: int = 0
    cut: int = 0


@dataclass(slots=True, kw_only=True)
class Segment:
    """One file of documents, the numbers `first` to `after` - 1 in its first `size` bytes."""

    path: Path
    first: int
    after: int
    size: int


def segment_path(folder: Path, first: int) -> Path:
    """The file that begins with the number `first`."""
    return folder / f"{first:020}{SUFFIX}"


def segment_paths(folder: Path) -> list[tuple[int, Path]]:
    """First number and file of every segment, in order."""
    found = (path for path in folder.glob("*" + SUFFIX) if path.stem.isdigit())
    return sorted((int(path.stem), path) for path in found)


def read_segment(first: int, path: Path) -> Segment:
    """A segment that is written no more; raises SpoolDamaged unless all of it is whole."""
    after, size = first, 0
    for frame in frames(path):
        after, size = frame.after, frame.end
    if size != path.stat().st_size:
        check_torn(path, size)
        raise SpoolDamaged(f"{path} at byte {size}")
    return Segment(path=path, first=first, after=after, size=size)


def read_position(folder: Path) -> Position:
    """The position; where there is none, or none that is whole, everything is sent again."""
    try:
        told = json.loads((folder / POSITION).read_bytes())
        position = Position(next=int(told["next"]), cut=int(told["cut"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return Position()
    return position if told.get("check") == _check(position) else Position()


def write_position(folder: Path, position: Position) -> None:
    """Replace the position; raises SpoolFull or SpoolUnwritable."""
    told = {"next": position.next, "cut": position.cut, "check": _check(position)}
    with on_disk(folder / POSITION):
        replace_file(folder / POSITION, json.dumps(told).encode())


def lock(folder: Path) -> int:
    """The handle of the folder's lock, which the system gives back however its holder dies.

    Raises SpoolBusy while another one holds it.
    """
    path = folder / LOCK
    with on_disk(path):
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise SpoolBusy(str(folder)) from error
    return handle


def _check(position: Position) -> int:
    return crc32(f"{position.next} {position.cut}".encode())
