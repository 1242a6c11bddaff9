"""What is being worked on, in a file that outlives the process: a kill leaves no time to count.

A record can end its worker at once (out of memory, a fault in a C library). What was under way then
still stands in the file; the next start counts it in the ledger, where the third try at one place
is made record by record in a child process (see `careful`). A clean end leaves nothing behind.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import structlog

from foodtrace.problems import PROBLEMS
from foodtrace_streams.chunk import RawChunk

_LOG = structlog.get_logger("foodtrace.worker")

#: Attempts that can be marked at once, and the bytes of one mark; what is beyond is simply not
#: marked. A mark is a flag, two bytes of length, JSON.
SLOTS = 256
SLOT_BYTES = 512
FILE = "under-way"
_HEAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an attempt began: the ledger's position, if it hasn't moved since."""

    consumer: str
    log: str
    topic: str
    partition: int
    offset: int


class Marks:
    """The marks of one worker; used on its event loop alone."""

    def __init__(self, memory: mmap.mmap | None) -> None:
        """Without `memory` nothing is marked."""
        self._memory = memory
        self._free = list(range(SLOTS)) if memory is not None else []

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Those of a folder that exists or can be made; none, and a warning, where it can't be
        written. Only one process at a time may have them."""
        try:
            return cls(_mapped(folder))
        except OSError as error:
            text = PROBLEMS["worker.folder-full"]
            _LOG.warning(
                "worker's folder",
                problem="worker.folder-full",
                advice=text.en,
                advice_zh=text.zh,
                detail=str(error),
            )
            return cls(None)

    def left(self) -> frozenset[Place]:
        """What was under way when the process before this one was killed."""
        found = (self._read(slot) for slot in range(SLOTS if self._memory is not None else 0))
        return frozenset(place for place in found if place is not None)

    def forget(self, place: Place) -> None:
        """It has been counted."""
        for slot in range(SLOTS if self._memory is not None else 0):
            if self._read(slot) == place:
                self._unset(slot)

    def end(self) -> None:
        """This process ends by itself: what it was at work on has nothing to answer for."""
        for slot in set(range(SLOTS if self._memory is not None else 0)) - set(self._free):
            self._unset(slot)

    @contextmanager
    def under_way(self, consumer: str, raw: RawChunk) -> Iterator[None]:
        """Mark a chunk for as long as it is worked on, whatever becomes of it."""
        place = Place(
            consumer=consumer,
            log=raw.log,
            topic=raw.topic,
            partition=raw.partition,
            offset=raw.start,
        )
        text = json.dumps(asdict(place), ensure_ascii=False).encode()
        if not self._free or len(text) > SLOT_BYTES - _HEAD:
            yield
            return
        slot = self._free.pop()
        self._set(slot, text)
        try:
            yield
        finally:
            self._unset(slot)
            self._free.append(slot)

    def _set(self, slot: int, text: bytes) -> None:
        assert self._memory is not None
        at = slot * SLOT_BYTES
        self._memory[at + 1 : at + _HEAD + len(text)] = len(text).to_bytes(2, "big") + text
        # Last, so that no half of a mark is ever read.
        self._memory[at] = 1

    def _unset(self, slot: int) -> None:
        assert self._memory is not None
        self._memory[slot * SLOT_BYTES] = 0

    def _read(self, slot: int) -> Place | None:
        assert self._memory is not None
        at = slot * SLOT_BYTES
        if self._memory[at] != 1:
            return None
        length = int.from_bytes(self._memory[at + 1 : at + _HEAD], "big")
        try:
            return Place(**json.loads(self._memory[at + _HEAD : at + _HEAD + length]))
        except (ValueError, TypeError):
            # Another version's, or no file of ours: it marks nothing.
            return None


def _mapped(folder: Path) -> mmap.mmap:
    folder.mkdir(parents=True, exist_ok=True)
    file = os.open(folder / FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take_room(file, SLOTS * SLOT_BYTES)
        return mmap.mmap(file, SLOTS * SLOT_BYTES)
    finally:
        os.close(file)


def _take_room(file: int, size: int) -> None:
    """Now: a page that finds none later would end the process by a signal. Raises OSError."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
        return
    # macOS has no such call; what marks stand there already is left alone.
    there = os.fstat(file).st_size
    os.pwrite(file, bytes(max(0, size - there)), there)
