"""What can go wrong with a spool; in none of these cases is anything lost that was taken in."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from foodtrace.problems import NotFound, OurFault

#: What a system says where no more bytes fit: disk, quota, limit of a file's size.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class SpoolFull(OurFault):
    """The spool's limit or the disk is reached: the event was not taken in."""

    def __init__(self, detail: str) -> None:
        """Tell sizes, or what the system says."""
        super().__init__("spool.full", detail)


class SpoolBusy(OurFault):
    """Another process, or another producer of this one, holds the spool."""

    def __init__(self, detail: str) -> None:
        """Tell the folder and who holds it."""
        super().__init__("spool.busy", detail)


class SpoolDamaged(OurFault):
    """A frame is broken that isn't the torn end of a write; nothing is deleted on its own."""

    def __init__(self, detail: str) -> None:
        """Tell file and place."""
        super().__init__("spool.damaged", detail)


class SpoolUnwritable(OurFault):
    """The system refuses to read or write the folder."""

    def __init__(self, detail: str) -> None:
        """Tell what it says."""
        super().__init__("spool.unwritable", detail)


class SendingFailed(OurFault):
    """The thread that sends died of a bug; the cause is chained."""

    def __init__(self, detail: str) -> None:
        """Tell the error."""
        super().__init__("spool.failed", detail)


class NoSpool(NotFound):
    """The folder holds no spool."""

    def __init__(self, folder: Path) -> None:
        """Tell the folder."""
        super().__init__("spool.unknown", str(folder))


@contextmanager
def on_disk(path: Path) -> Iterator[None]:
    """Name what the system says about a file: SpoolFull or SpoolUnwritable."""
    try:
        yield
    except OSError as error:
        detail = f"{path}: {error.strerror}"
        if error.errno in _NO_ROOM:
            raise SpoolFull(detail) from error
        raise SpoolUnwritable(detail) from error
