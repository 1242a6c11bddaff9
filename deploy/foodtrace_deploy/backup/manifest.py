"""What a backup holds: a list of its files with their digests, and what they are copies of.

    manifest.json           this list
    manifest.json.sha256    its own digest, in the form of `sha256sum`
    postgres.dump           ledger and office, in PostgreSQL's custom format
    kafka/NODE/...          the log folder of each broker
    secrets/...             the evidence key and the first API keys

The list is written last, so a folder without it is no backup.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from foodtrace_deploy.stack.problem import StackProblem

#: Raised when an older release couldn't read the backup any more.
FORMAT = 1
FILE = "manifest.json"
DUMP = "postgres.dump"
KAFKA = "kafka"
SECRETS = "secrets"
_BLOCK = 1024 * 1024

#: Told the bytes of each block that was handled.
Count = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file: its place in the backup, its size in bytes, its SHA-256 in hex."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """How far the ledger of the backup has read a partition."""

    consumer: str
    log: str
    topic: str
    partition: int
    next_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What is in a backup.

    Everything acknowledged before `begun` is in it (ISO 8601). `nodes` names the folders of brokers
    and is empty where the cluster isn't ours. `database_bytes` is PostgreSQL's size at that time.
    """

    made_by: str
    layout: int
    begun: str
    ended: str
    broker_kind: str
    database: str
    database_bytes: int
    ledger_revision: str
    office_revision: str
    nodes: tuple[str, ...]
    positions: tuple[Place, ...]
    files: tuple[Entry, ...]
    format: int = FORMAT

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(entry.size for entry in self.files)

    def below(self, *folders: str) -> tuple[Entry, ...]:
        """The files of these parts, `DUMP`, `KAFKA` or `SECRETS`."""
        return tuple(entry for entry in self.files if entry.path.split("/")[0] in folders)


def write(folder: Path, manifest: Manifest) -> None:
    """Make a folder a backup."""
    text = json.dumps(asdict(manifest), indent=1) + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    _write_private(folder / f"{FILE}.sha256", f"{digest}  {FILE}\n")
    # In one step: half a list would look like a damaged backup instead of an unfinished one.
    draft = folder / f"{FILE}.draft"
    _write_private(draft, text)
    draft.replace(folder / FILE)


def read(folder: Path) -> Manifest:
    """The list of a backup; raises StackProblem `backup-none`, `backup-newer`, `backup-damaged`."""
    file = folder / FILE
    if not file.is_file():
        raise StackProblem("backup-none", folder=folder)
    try:
        text = file.read_bytes()
        kept = (folder / f"{FILE}.sha256").read_text().split()[0]
        if hashlib.sha256(text).hexdigest() != kept:
            raise StackProblem("backup-damaged", file=FILE)
        told = json.loads(text)
        if told["format"] > FORMAT:
            raise StackProblem("backup-newer", folder=folder, made_by=told.get("made_by", "?"))
        places = tuple(Place(**place) for place in told.pop("positions"))
        files = tuple(Entry(**entry) for entry in told.pop("files"))
        nodes = tuple(told.pop("nodes"))
        manifest = Manifest(**told, positions=places, files=files, nodes=nodes)
    except (OSError, ValueError, TypeError, KeyError, IndexError) as error:
        raise StackProblem("backup-damaged", file=FILE) from error
    if not all(map(_is_inside, manifest.files)):
        raise StackProblem("backup-damaged", file=FILE)
    return manifest


def verify(folder: Path, entries: tuple[Entry, ...], count: Count) -> None:
    """Raise StackProblem `backup-damaged` that names the first file that isn't what was written."""
    for entry in entries:
        file = folder / entry.path
        try:
            same = file.stat().st_size == entry.size and digest_of(file, count) == entry.sha256
        except OSError as error:
            raise StackProblem("backup-damaged", file=entry.path) from error
        if not same:
            raise StackProblem("backup-damaged", file=entry.path)


def digest_of(file: Path, count: Count) -> str:
    """SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with file.open("rb") as source:
        while block := source.read(_BLOCK):
            digest.update(block)
            count(len(block))
    return digest.hexdigest()


def _is_inside(entry: Entry) -> bool:
    path = PurePosixPath(entry.path)
    return not path.is_absolute() and ".." not in path.parts and bool(path.parts)


def _write_private(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text)
