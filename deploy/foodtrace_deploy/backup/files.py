"""Files written to stay: readable by their owner alone, and whether there is room for them."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from foodtrace_deploy.backup.manifest import Entry
from foodtrace_deploy.stack.folder import LEAST_FREE_BYTES
from foodtrace_deploy.stack.problem import StackProblem

_BLOCK = 1024 * 1024
_MIB = 1024 * 1024


def put(root: Path, path: str, blocks: Iterator[bytes], count: Callable[[int], None]) -> Entry:
    """Write a new file below `root` and give its entry; its folders are made if need be."""
    target = root / path
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    number = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        for block in blocks:
            file.write(block)
            digest.update(block)
            size += len(block)
            count(len(block))
    return Entry(path=path, size=size, sha256=digest.hexdigest())


def blocks_of(file: BinaryIO, size: int | None = None) -> Iterator[bytes]:
    """The first `size` bytes of a file, or all; fewer where it has been cut meanwhile."""
    left = size
    while left is None or left > 0:
        block = file.read(_BLOCK if left is None else min(_BLOCK, left))
        if not block:
            return
        left = None if left is None else left - len(block)
        yield block


def settle() -> None:
    """Bring all that was written to the disk; a backup has thousands of files, so at once."""
    os.sync()


def room_for(folder: Path, size: int) -> None:
    """Raise StackProblem `disk-small` unless a folder's disk has room for that many bytes."""
    nearest = next(one for one in (folder, *folder.parents) if one.exists())
    free, least = shutil.disk_usage(nearest).free, size + LEAST_FREE_BYTES
    if free < least:
        raise StackProblem(
            "backup-disk-small",
            folder=folder,
            free=f"{free / _MIB:.0f}",
            least=f"{least / _MIB:.0f}",
        )


def size_below(*folders: Path) -> int:
    """Bytes of all files below the folders; what vanishes meanwhile doesn't count."""
    total = 0
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                try:
                    total += os.lstat(os.path.join(place, name)).st_size
                except FileNotFoundError:
                    continue
    return total
