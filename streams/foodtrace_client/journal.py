"""One append-only file of frames: whole or not at all, on the disk before anybody is told."""

from __future__ import annotations

import os
from pathlib import Path

from foodtrace_client.frames import Frame, frames, whole_frame_after
from foodtrace_client.spool_errors import SpoolDamaged, SpoolUnwritable, on_disk


class Journal:
    """A file that its process alone writes; `size` is how many bytes of it are whole frames."""

    def __init__(self, path: Path) -> None:
        """Open or make it; `last` is its last frame, `cut` the bytes of a torn end that are gone.

        Raises SpoolDamaged where a broken frame is followed by a whole one.
        """
        self.path = path
        self.size = 0
        self.last: Frame | None = None
        self._broken = False
        with on_disk(path):
            fresh = not path.exists()
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                self.cut = 0 if fresh else self._mend()
                if fresh:
                    sync_folder(path.parent)
            except BaseException:
                os.close(self._file)
                raise

    def append(self, data: bytes) -> None:
        """Write a frame and wait for the disk; raises SpoolFull or SpoolUnwritable, as it was."""
        if self._broken:
            raise SpoolUnwritable(f"{self.path}: an earlier write left it torn; open it again")
        with on_disk(self.path):
            try:
                rest = memoryview(data)
                while rest:
                    rest = rest[os.write(self._file, rest) :]
                os.fsync(self._file)
            except OSError:
                # Unless this succeeds the end is torn, and only opening it anew may mend it.
                self._broken = True
                os.ftruncate(self._file, self.size)
                os.fsync(self._file)
                self._broken = False
                raise
        self.size += len(data)

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _mend(self) -> int:
        for frame in frames(self.path):
            self.last, self.size = frame, frame.end
        torn = self.path.stat().st_size - self.size
        if torn:
            check_torn(self.path, self.size)
            os.ftruncate(self._file, self.size)
            os.fsync(self._file)
        return torn


def check_torn(path: Path, place: int) -> None:
    """Raise SpoolDamaged unless what stands from the byte `place` on is the torn end of a write."""
    if whole_frame_after(path, place):
        raise SpoolDamaged(f"{path} at byte {place}")


def sync_folder(folder: Path) -> None:
    """Bring names that were made, changed or deleted to the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_file(path: Path, data: bytes) -> None:
    """Put a file with new contents into its place, whole or not at all; raises OSError."""
    draft = path.with_name(path.name + ".draft")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)
