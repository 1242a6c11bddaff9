"""What of a broker's log folder a copy needs, looked at while the broker is held still.

| file | what is done with it |
|---|---|
| segments (`.log`, `.txnindex`) | opened and measured; they only grow, so that many bytes are theirs |
| indexes of segments that are full | the same; those of the last segment change in place and are left \
out: Kafka makes them again, as after any crash |
| checkpoints, ids, epochs, votes, producer states | read at once, since they are replaced |
| what Kafka itself would throw away (`.lock`, `.deleted`, `.cleaned`, `-delete/`) | left out |

An open file stays whole though the broker deletes or renames it meanwhile, which compaction does.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

EPOCHS = "leader-epoch-checkpoint"
_GROWING = frozenset({".log", ".txnindex"})
_INDEXES = frozenset({".index", ".timeindex"})
_DROPPED = frozenset({".lock", ".deleted", ".cleaned", ".tmp", ".part", ".kafka_cleanshutdown"})
_DROPPED_FOLDERS = ("-delete", "-stray")


@dataclass(frozen=True, slots=True)
class Held:
    """An open file of which the first `size` bytes count; `path` is relative to the log folder."""

    path: Path
    size: int
    file: BinaryIO


@dataclass(frozen=True, slots=True)
class Small:
    """A file whose content was read."""

    path: Path
    content: bytes


Piece = Held | Small


def pieces(folder: Path) -> Iterator[Piece]:
    """Everything a copy of this log folder needs; files that are open are the caller's to close."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if not entry.is_dir():
            if _kind(entry.name) not in _DROPPED:
                yield _small(folder, Path(entry.name))
        elif not entry.name.endswith(_DROPPED_FOLDERS):
            yield from _of_partition(folder, entry.name)


def let_open_many() -> None:
    """Let this process have as many open files as the system allows: one for each segment."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def epochs(folder: Path, partition: Path) -> bytes:
    """Which leaders a partition has had, as its replica knows; empty where that isn't known."""
    try:
        return (folder / partition / EPOCHS).read_bytes()
    except FileNotFoundError:
        return b""


def _of_partition(folder: Path, partition: str) -> Iterator[Piece]:
    with os.scandir(folder / partition) as found:
        names = sorted(entry.name for entry in found if entry.is_file())
    last = max((Path(name).stem for name in names if name.endswith(".log")), default="")
    for name in names:
        kind, path = _kind(name), Path(partition, name)
        if kind in _DROPPED or (kind in _INDEXES and Path(name).stem == last):
            continue
        if kind in _GROWING | _INDEXES or name.endswith(".swap"):
            yield _held(folder, path)
        else:
            yield _small(folder, path)


def _kind(name: str) -> str:
    return name if name.startswith(".") else Path(name).suffix


def _held(folder: Path, path: Path) -> Held:
    file = (folder / path).open("rb")
    return Held(path, os.fstat(file.fileno()).st_size, file)


def _small(folder: Path, path: Path) -> Small:
    return Small(path, (folder / path).read_bytes())
