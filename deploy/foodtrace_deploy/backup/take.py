"""Takes a backup of a running stack.

PostgreSQL first and Kafka after it: a ledger that is behind its log catches up by itself, one that is
ahead of it is a named error. What was acknowledged before the beginning is in the copy of Kafka, so it
is in the restored ledger once that has caught up.
"""

from __future__ import annotations

import importlib.metadata
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from foodtrace_deploy.backup import brokers, files, manifest
from foodtrace_deploy.backup.database import Database, Facts, dump, one_moment
from foodtrace_deploy.backup.manifest import DUMP, SECRETS, Entry, Manifest
from foodtrace_deploy.backup.notice import Counter, Tell
from foodtrace_deploy.stack import state, unfinished
from foodtrace_deploy.stack.folder import LAYOUT, DataFolder
from foodtrace_deploy.stack.postgres import ROLE
from foodtrace_deploy.stack.problem import StackProblem

#: Files of a data folder that a restored installation can't do without, by their place in a backup:
#: whoever has them may sign and call the API, so they may be left out.
KEPT_SECRETS = {
    f"{SECRETS}/evidence.pem": "evidence.pem",
    # The only copy of the present key while a retirement is on record and not yet in the folder.
    f"{SECRETS}/evidence-next.pem": "evidence-next.pem",
    f"{SECRETS}/keys.json": "secrets/keys.json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What to back up and where to; with `secrets` the evidence key and the first API keys too."""

    data: Path
    target: Path
    secrets: bool = True


def take(wish: Wish, tell: Tell) -> Manifest:
    """Make the backup; what was written is taken away again if it can't be finished.

    Raises StackProblem: `backup-not-running`, `backup-memory`, `backup-not-empty`,
    `backup-denied`, `backup-disk-small`, `backup-database`, `backup-not-frozen`, `backup-unsettled`,
    `restore-unfinished`.
    """
    unfinished.check(wish.data)
    folder = DataFolder(wish.data)
    told = _running(folder)
    target = wish.target.expanduser().absolute()
    try:
        made = _prepare(target)
        try:
            return _fill(folder, told, target, tell, secrets=wish.secrets)
        except BaseException:
            _empty(target, also_itself=made)
            raise
    except OSError as error:
        place = error.filename or target
        raise StackProblem("backup-denied", folder=place, why=error.strerror or error) from error


def _running(folder: DataFolder) -> state.StackState:
    told = state.read(folder.state_file) if folder.is_taken() else None
    if told is None or not told.api:
        raise StackProblem("backup-not-running", folder=folder.path)
    if told.broker_kind == "memory":
        raise StackProblem("backup-memory")
    return told


def _prepare(target: Path) -> bool:
    """A folder for us alone; whether it had to be made."""
    if target.is_dir() and not any(target.iterdir()):
        target.chmod(0o700)
        return False
    if target.exists():
        raise StackProblem("backup-not-empty", folder=target)
    target.mkdir(mode=0o700, parents=True)
    return True


def _empty(target: Path, *, also_itself: bool) -> None:
    for path in target.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    if also_itself:
        target.rmdir()


def _fill(
    folder: DataFolder, told: state.StackState, target: Path, tell: Tell, *, secrets: bool
) -> Manifest:
    begun = _now()
    nodes = brokers.nodes(folder.path) if told.broker_kind == "kafka" else ()
    logs = files.size_below(*(brokers.log_folder(folder.path, node) for node in nodes))
    with one_moment(_database(folder, told)) as facts:
        files.room_for(target, facts.size + logs)
        # At the record's own moment: a key that is retired during the dump is the present one in it.
        entries = _secrets(folder.path, target) if secrets else []
        entries.append(_dumped(_database(folder, told), facts, target, tell))
    if nodes:
        entries += brokers.copy(folder, target, tell)
    files.settle()
    made = Manifest(
        made_by=importlib.metadata.version("foodtrace"),
        layout=LAYOUT,
        begun=begun,
        ended=_now(),
        broker_kind=told.broker_kind,
        database=told.database,
        database_bytes=facts.size,
        ledger_revision=facts.ledger_revision,
        office_revision=facts.office_revision,
        nodes=nodes,
        positions=facts.positions,
        files=tuple(entries),
    )
    manifest.write(target, made)
    files.settle()
    return made


def _database(folder: DataFolder, told: state.StackState) -> Database:
    ports = [part.ports[0] for part in told.parts if part.name == "postgres" and part.ports]
    if not ports:
        raise StackProblem("backup-not-running", folder=folder.path)
    return Database(
        port=ports[0], name=told.database, user=ROLE, password=folder.secret("database")
    )


def _dumped(database: Database, facts: Facts, target: Path, tell: Tell) -> Entry:
    written = Counter(tell, "dump", None)
    file = target / DUMP
    file.touch(mode=0o600)
    dump(database, facts, file, written.add)
    size = file.stat().st_size
    checked = Counter(tell, "check", size)
    return Entry(path=DUMP, size=size, sha256=manifest.digest_of(file, checked.add))


def _secrets(data: Path, target: Path) -> list[Entry]:
    entries = []
    for path, kept in KEPT_SECRETS.items():
        if (data / kept).is_file():
            with (data / kept).open("rb") as file:
                entries.append(files.put(target, path, files.blocks_of(file), lambda _size: None))
    return entries


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
