"""Makes a data folder from a backup.

Everything is checked and built beside the data folder first; what is in use is touched only at the
end, by renaming (`moves`), and what stood there before is kept under another name.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from foodtrace_deploy.backup import files, manifest, moves
from foodtrace_deploy.backup.loading import load_database
from foodtrace_deploy.backup.manifest import DUMP, KAFKA, SECRETS, Entry, Manifest
from foodtrace_deploy.backup.moves import Move, Plan
from foodtrace_deploy.backup.notice import Counter, Tell
from foodtrace_deploy.backup.take import KEPT_SECRETS
from foodtrace_deploy.stack import nodes, state, unfinished
from foodtrace_deploy.stack.folder import LAYOUT, DataFolder
from foodtrace_deploy.stack.problem import StackProblem


class Only(StrEnum):
    """A part that is restored by itself, into a data folder that has the others."""

    POSTGRES = "postgres"
    KAFKA = "kafka"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to restore and where to; `replace` allows a data folder that isn't empty."""

    backup: Path
    data: Path
    only: Only | None = None
    replace: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored; `before` is where the old data are kept, None where there were none."""

    manifest: Manifest
    data: Path
    before: Path | None


def check_backup(folder: Path, tell: Tell) -> Manifest:
    """Read all of a backup; raises StackProblem `backup-none`, `backup-newer`, `backup-damaged`."""
    told = manifest.read(folder)
    manifest.verify(folder, told.files, Counter(tell, "check", told.size).add)
    return told


def restore(order: Order, tell: Tell) -> Restored:
    """Verify the backup, build what it holds, put it in its place.

    One that was broken off while it was put there is finished first; it was this one if backup and
    part are the same, and nothing is left to do then. Raises StackProblem: `backup-none`,
    `backup-newer`, `backup-damaged`, `restore-not-empty`, `restore-no-data`, `restore-no-brokers`,
    `restore-brokers`, `folder-not-ours`, `already-running`, `backup-disk-small`, `backup-database`,
    `backup-denied` and those of PostgreSQL's start.
    """
    backup, data = order.backup.expanduser().absolute(), order.data.expanduser().resolve()
    try:
        finished = moves.finish(data)
        told = manifest.read(backup)
        if finished is not None and (finished.digest, finished.only) == _asked(backup, order):
            return Restored(manifest=told, data=data, before=finished.kept)
        return _restored(order, backup, data, told, tell)
    except OSError as error:
        place = error.filename or data
        raise StackProblem("backup-denied", folder=place, why=error.strerror or error) from error


def _restored(order: Order, backup: Path, data: Path, told: Manifest, tell: Tell) -> Restored:
    if told.layout > LAYOUT:
        raise StackProblem("backup-newer", folder=backup, made_by=told.made_by)
    wanted = _wanted(told, order.only)
    _check_data(data, order, told)
    need = sum(entry.size for entry in wanted if entry.path != DUMP) + told.database_bytes
    files.room_for(data, need)
    checked = Counter(tell, "check", sum(entry.size for entry in wanted))
    manifest.verify(backup, wanted, checked.add)
    with _held(data), _draft(data) as draft:
        _copy(backup, wanted, draft, tell)
        if any(entry.path == DUMP for entry in wanted):
            owner = draft if order.only is None else DataFolder(data)
            load_database(told, backup / DUMP, draft, owner, tell)
        if order.only is None and told.nodes:
            nodes.remember(draft.path, len(told.nodes))
        files.settle()
        plan = _plan(draft.path, data, told, order, backup)
        moves.carry_out(plan)
    return Restored(manifest=told, data=data, before=plan.kept)


def _asked(backup: Path, order: Order) -> tuple[str, str | None]:
    """What tells one restoration from another."""
    return manifest.digest_of(backup / manifest.FILE, _uncounted), order.only


def _uncounted(_size: int) -> None:
    """Nobody waits for so little."""


def _wanted(told: Manifest, only: Only | None) -> tuple[Entry, ...]:
    if only is Only.KAFKA and not told.nodes:
        raise StackProblem("restore-no-brokers")
    return told.below(
        *{None: (DUMP, KAFKA, SECRETS), Only.POSTGRES: (DUMP,), Only.KAFKA: (KAFKA,)}[only]
    )


def _check_data(data: Path, order: Order, told: Manifest) -> None:
    empty = not data.exists() or (data.is_dir() and not any(data.iterdir()))
    if empty and order.only is not None:
        raise StackProblem("restore-no-data", folder=data, part=order.only.value)
    if not empty:
        DataFolder(data).check()
        if not order.replace:
            raise StackProblem("restore-not-empty", folder=data)
        if order.only is Only.KAFKA and nodes.remembered(data) not in (None, len(told.nodes)):
            made = nodes.remembered(data)
            raise StackProblem("restore-brokers", folder=data, made=made, found=len(told.nodes))


@contextmanager
def _held(data: Path) -> Iterator[None]:
    """Nobody starts a stack on the old data meanwhile; the lock stays with the folder's new name."""
    if not data.exists() or not any(data.iterdir()):
        yield
        return
    old = DataFolder(data)
    old.open()
    try:
        before = state.read(old.state_file)
        if before is not None:
            state.end_leftovers(before)
        yield
    finally:
        old.close()


@contextmanager
def _draft(data: Path) -> Iterator[DataFolder]:
    """A data folder beside the other one, taken away again unless it is put in its place."""
    draft = DataFolder(data.with_name(f"{data.name}.restoring-{secrets.token_hex(4)}"))
    try:
        draft.path.mkdir(mode=0o700, parents=True)
        draft.open()
        yield draft
    finally:
        draft.close()
        # While a plan is there, the old data may be under another name and these be all there is.
        if draft.path.exists() and not unfinished.marker(data).exists():
            shutil.rmtree(draft.path)


def _copy(backup: Path, wanted: tuple[Entry, ...], draft: DataFolder, tell: Tell) -> None:
    plain = [entry for entry in wanted if entry.path != DUMP]
    copied = Counter(tell, "copy", sum(entry.size for entry in plain))
    for entry in plain:
        with (backup / entry.path).open("rb") as file:
            put = files.put(draft.path, _place(entry), files.blocks_of(file), copied.add)
        # It was checked before; the disk may give something else the second time.
        if put.sha256 != entry.sha256:
            raise StackProblem("backup-damaged", file=entry.path)


def _place(entry: Entry) -> str:
    """Where a file of a backup belongs in a data folder."""
    if entry.path in KEPT_SECRETS:
        return KEPT_SECRETS[entry.path]
    _, node, rest = entry.path.split("/", 2)
    return f"{node}/data/{rest}"


def _plan(draft: Path, data: Path, told: Manifest, order: Order, backup: Path) -> Plan:
    """Which folders are renamed, in their order."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    if order.only is None:
        kept = _free(data.with_name(f"{data.name}.before-{stamp}"))
        steps = _in_place(draft, data, kept)
    else:
        kept = _free(data / f"before-{stamp}")
        kept.mkdir(mode=0o700)
        names = told.nodes if order.only is Only.KAFKA else ("postgres",)
        steps = [
            step for name in names for step in _in_place(draft / name, data / name, kept / name)
        ]
    digest, only = _asked(backup, order)
    return Plan(
        data=data,
        draft=draft,
        backup=backup,
        digest=digest,
        only=only,
        kept=kept if order.only is not None or len(steps) > 1 else None,
        moves=tuple(steps),
    )


def _in_place(draft: Path, place: Path, kept: Path) -> list[Move]:
    """The new data to their place, what stands there aside before, where there is anything."""
    move = Move(source=draft, target=place, aside=False)
    if not place.exists() or not any(place.iterdir()):
        return [move]
    return [Move(source=place, target=kept, aside=True), move]


def _free(name: Path) -> Path:
    """The name, with a number where another restoration of the same second has taken it."""
    number, free = 1, name
    while free.exists():
        number += 1
        free = name.with_name(f"{name.name}-{number}")
    return free
