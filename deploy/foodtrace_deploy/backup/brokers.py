"""The brokers' part: every node's log folder as it was at one moment, taken while they run."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

from foodtrace_deploy.backup.files import blocks_of, put
from foodtrace_deploy.backup.freeze import frozen
from foodtrace_deploy.backup.logs import EPOCHS, Held, Piece, Small, epochs, let_open_many, pieces
from foodtrace_deploy.backup.manifest import KAFKA, Entry
from foodtrace_deploy.backup.notice import Counter, Tell
from foodtrace_deploy.stack import state
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.nodes import folders, remembered
from foodtrace_deploy.stack.problem import StackProblem

#: How often the whole copy is tried before somebody has to look.
TRIES = 3

_Found = dict[str, list[Piece]]


def nodes(data: Path) -> tuple[str, ...]:
    """The folders of the brokers below a data folder, in the order of their numbers."""
    homes = folders(data, remembered(data) or 1)
    return tuple(home.name for home in homes if (log_folder(data, home.name)).is_dir())


def log_folder(data: Path, node: str) -> Path:
    """Where a node keeps its log."""
    return data / node / "data"


def copy(folder: DataFolder, target: Path, tell: Tell) -> list[Entry]:
    """Copy every node; gives the entries.

    A change of leader while files are copied may cut records nobody was told of from a replica and
    write others over them: then the copy is no picture of one moment, and is made again. Raises
    StackProblem `backup-unsettled` when that goes on, `backup-not-frozen`.
    """
    let_open_many()
    for _ in range(TRIES):
        with ExitStack() as opened:
            found = _look(folder, opened)
            if found is not None:
                entries = _written(found, target, tell)
                if entries is not None and not _led_anew(folder.path, found):
                    return entries
        shutil.rmtree(target / KAFKA, ignore_errors=True)
    raise StackProblem("backup-unsettled", tries=TRIES)


def _look(folder: DataFolder, opened: ExitStack) -> _Found | None:
    """Open and read everything while nobody writes; None when a broker was started meanwhile."""
    running = _running(folder)
    found: _Found = {}
    with frozen(list(running.values())):
        for node in nodes(folder.path):
            found[node] = []
            for piece in pieces(log_folder(folder.path, node)):
                if isinstance(piece, Held):
                    opened.callback(piece.file.close)
                found[node].append(piece)
    return found if _running(folder) == running else None


def _running(folder: DataFolder) -> Mapping[str, int]:
    told = state.read(folder.state_file)
    if told is None:
        raise StackProblem("backup-not-running", folder=folder.path)
    return {
        part.name: part.pid
        for part in told.parts
        if part.name.startswith("kafka") and part.pid is not None and state.is_running(part)
    }


def _written(found: _Found, target: Path, tell: Tell) -> list[Entry] | None:
    """Write everything; None when a file turns out shorter than it was."""
    count = Counter(tell, "copy", sum(_size(piece) for one in found.values() for piece in one))
    entries = []
    for node, found_pieces in found.items():
        for piece in found_pieces:
            path = f"{KAFKA}/{node}/{piece.path.as_posix()}"
            entry = put(target, path, _blocks(piece), count.add)
            if entry.size != _size(piece):
                return None
            entries.append(entry)
    return entries


def _led_anew(data: Path, found: _Found) -> bool:
    """Whether any partition had another leader since; one that is gone says nothing."""
    return any(
        epochs(log_folder(data, node), piece.path.parent) not in (b"", piece.content)
        for node, found_pieces in found.items()
        for piece in found_pieces
        if isinstance(piece, Small) and piece.path.name == EPOCHS
    )


def _size(piece: Piece) -> int:
    return piece.size if isinstance(piece, Held) else len(piece.content)


def _blocks(piece: Piece) -> Iterator[bytes]:
    return blocks_of(piece.file, piece.size) if isinstance(piece, Held) else iter([piece.content])
