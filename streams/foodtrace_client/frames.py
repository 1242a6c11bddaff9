"""The form of a spool's files: frames with a checksum, one after another.

A frame is what one write has to bring to the disk as a whole: a head (magic, CRC-32 of all that
follows it, length of the payload, number of its first document, how many, microseconds since 1970)
and the documents as lines. A process that dies while it writes leaves a torn frame at the end,
which nobody was told to be safe.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from struct import Struct
from typing import IO
from zlib import crc32

MAGIC = b"FTS1"
_HEAD = Struct(">4sIIQIQ")
HEAD_BYTES = _HEAD.size
#: Magic and checksum, which the checksum doesn't cover.
_UNCOVERED = 8
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One whole frame: its documents bear the numbers `first` to `after` - 1; `end` is in bytes."""

    first: int
    count: int
    at: datetime
    start: int
    end: int
    payload: bytes

    @property
    def after(self) -> int:
        """The number after its last document."""
        return self.first + self.count

    @property
    def documents(self) -> Sequence[bytes]:
        """The documents, one line each."""
        return self.payload.split(b"\n")


def framed(first: int, documents: Sequence[bytes], at: datetime) -> bytes:
    """The bytes of a frame; documents hold no line break."""
    payload = b"\n".join(documents)
    micros = (at - _EPOCH) // _MICROSECOND
    head = _HEAD.pack(MAGIC, 0, len(payload), first, len(documents), micros)
    check = crc32(payload, crc32(head[_UNCOVERED:]))
    return MAGIC + check.to_bytes(4, "big") + head[_UNCOVERED:] + payload


def frames(path: Path, start: int = 0, end: int | None = None) -> Iterator[Frame]:
    """Whole frames from the byte `start` on, up to `end` or to the first that isn't whole."""
    with path.open("rb") as file:
        file.seek(start)
        most = path.stat().st_size if end is None else end
        while start < most:
            frame = _read(file, start, most)
            if frame is None:
                return
            yield frame
            start = frame.end


def whole_frame_after(path: Path, start: int) -> bool:
    """Whether any whole frame begins behind the byte `start`: then a broken one is no torn tail."""
    data = path.read_bytes()
    with path.open("rb") as file:
        found = data.find(MAGIC, start + 1)
        while found >= 0:
            file.seek(found)
            if _read(file, found, len(data)) is not None:
                return True
            found = data.find(MAGIC, found + 1)
    return False


def _read(file: IO[bytes], start: int, most: int) -> Frame | None:
    """The frame at `start`, where the file stands; None unless it is whole."""
    head = file.read(HEAD_BYTES)
    if len(head) < HEAD_BYTES:
        return None
    magic, check, length, first, count, micros = _HEAD.unpack(head)
    end = start + HEAD_BYTES + length
    if magic != MAGIC or end > most:
        return None
    payload = file.read(length)
    if len(payload) < length or crc32(payload, crc32(head[_UNCOVERED:])) != check:
        return None
    at = _EPOCH + micros * _MICROSECOND
    return Frame(first=first, count=count, at=at, start=start, end=end, payload=payload)
