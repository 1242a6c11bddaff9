"""What was built is put in its place by renaming, so that a kill at any point can be gone on from.

The renamings are written down beside the data folder before the first of them, each is on the disk
before the next, and what was written down is taken away after the last.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from foodtrace_deploy.stack import unfinished
from foodtrace_deploy.stack.problem import StackProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One renaming; `aside` is one of old data, to a name that was free, else one of new data."""

    source: Path
    target: Path
    aside: bool

    def is_done(self) -> bool:
        """Whether it has happened; what is moved aside gets a successor under its old name."""
        return self.target.exists() if self.aside else not self.source.exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The renamings of one restoration, in their order.

    `draft` is what is left over after them, `kept` where the old data are then, None where there
    were none. `backup`, `digest` (SHA-256 of its manifest, in hex) and `only` say what was asked for.
    """

    data: Path
    draft: Path
    backup: Path
    digest: str
    only: str | None
    kept: Path | None
    moves: tuple[Move, ...]


def carry_out(plan: Plan) -> None:
    """Do all of it; raises StackProblem `restore-unfinished` where another one is under way.

    After an OSError at the first renaming all is as it was; after one at a later one the rest is
    left to `finish`.
    """
    unfinished.check(plan.data)
    marker = unfinished.marker(plan.data)
    draft = marker.with_name(f"{plan.draft.name}.plan")
    _write(draft, json.dumps(asdict(plan), default=str, indent=1) + "\n")
    with taken(draft):
        draft.rename(marker)
        _sync(marker.parent)
        try:
            _go_on(plan)
        except OSError:
            if not any(move.is_done() for move in plan.moves):
                _forget(marker)
            raise
        _forget(marker)


def finish(data: Path) -> Plan | None:
    """Finish what was broken off; gives it, or None where nothing was.

    Raises StackProblem `already-running` while another process is at it, `backup-denied` where it
    isn't known what has to be done, and OSError.
    """
    marker = unfinished.marker(data)
    if not marker.exists():
        return None
    with taken(marker):
        # Another process may have finished it between the two.
        if not marker.exists():
            return None
        plan = _read(marker)
        _go_on(plan)
        _forget(marker)
    return plan


@contextmanager
def taken(file: Path) -> Iterator[None]:
    """Nobody else does these renamings; raises StackProblem `already-running` where one does."""
    with file.open("r") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StackProblem("already-running", folder=file) from None
        yield


def _go_on(plan: Plan) -> None:
    for move in plan.moves:
        if not move.is_done():
            move.source.rename(move.target)
            for folder in {move.source.parent, move.target.parent}:
                _sync(folder)
    if plan.draft.exists():
        shutil.rmtree(plan.draft)


def _forget(marker: Path) -> None:
    marker.unlink()
    _sync(marker.parent)


def _write(file: Path, text: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _read(marker: Path) -> Plan:
    try:
        told = json.loads(marker.read_text())
        moves = tuple(_move(one) for one in told.pop("moves"))
        kept = told.pop("kept")
        return Plan(
            data=Path(told["data"]),
            draft=Path(told["draft"]),
            backup=Path(told["backup"]),
            digest=told["digest"],
            only=told["only"],
            kept=None if kept is None else Path(kept),
            moves=moves,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise StackProblem("backup-denied", folder=marker, why=repr(error)) from error


def _move(told: dict[str, Any]) -> Move:
    return Move(source=Path(told["source"]), target=Path(told["target"]), aside=bool(told["aside"]))
