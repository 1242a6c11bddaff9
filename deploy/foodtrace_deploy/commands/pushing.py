"""Pushing a stream of entries with progress, and keeping what was refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from foodtrace_client import Client, EventAnswer, Pushed, Verdict
from foodtrace_client.batches import Document
from foodtrace_formats.files import Entry, refused_line

#: Refusals kept to be shown; all of them go into the file.
SHOWN = 20
REFUSED_SUFFIX = ".refused.ndjson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A document that was refused: where it stands, which field, why."""

    number: int
    event_id: str | None
    code: str
    path: str
    detail: str
    zh: str
    en: str


@dataclass(slots=True)
class Keeper:
    """Hears what became of each entry; writes refused ones to `file` as they come.

    `places` says what an entry's number counts: line, item or row.
    """

    file: Path
    places: str = "line"
    shown: list[Refusal] = field(default_factory=list)
    refused: int = 0
    _open: IO[bytes] | None = None

    def keep(self, entry: Entry, refusal: Refusal) -> None:
        """Count it, keep the first ones for the screen and each for the file."""
        self.refused += 1
        if len(self.shown) < SHOWN:
            self.shown.append(refusal)
        if self._open is None:
            # Beside the file until it is whole: it may be the very file that is being read.
            self._open = self._draft.open("wb")
        self._open.write(refused_line(entry, asdict(refusal)))

    def close(self) -> None:
        """Put the file into its place, if there is one."""
        if self._open is not None:
            self._open.close()
            self._draft.replace(self.file)
            self._open = None

    @property
    def _draft(self) -> Path:
        return self.file.with_name(self.file.name + ".draft")


def refused_file(name: str) -> Path:
    """Where the refused events of a file go: beside it, `-` here."""
    if name == "-":
        return Path("stdin" + REFUSED_SUFFIX)
    return Path(name if name.endswith(REFUSED_SUFFIX) else name + REFUSED_SUFFIX)


def push_entries(
    client: Client,
    entries: Iterable[Entry],
    keeper: Keeper,
    *,
    batch: int,
    on_progress: Callable[[Pushed], None],
) -> Pushed:
    """Push entries; the sum counts those too that never left because they couldn't be read."""
    waiting: dict[int, Entry] = {}

    def heard(answer: EventAnswer) -> None:
        entry = waiting.pop(answer.position)
        if answer.verdict is Verdict.REFUSED:
            keeper.keep(entry, _refused(entry, answer))

    sent = client.push(
        _documents(entries, waiting, keeper), batch=batch, on_answer=heard, on_progress=on_progress
    )
    unread = keeper.refused - sent.refused
    return Pushed(
        events=sent.events + unread,
        accepted=sent.accepted,
        duplicates=sent.duplicates,
        refused=keeper.refused,
        after=sent.after,
        seconds=sent.seconds,
    )


def _documents(
    entries: Iterable[Entry], waiting: dict[int, Entry], keeper: Keeper
) -> Iterator[Document]:
    position = 0
    for entry in entries:
        if entry.document is None:
            keeper.keep(entry, unread(entry))
            continue
        waiting[position] = entry
        position += 1
        yield entry.document


def _refused(entry: Entry, answer: EventAnswer) -> Refusal:
    return Refusal(
        number=entry.number,
        event_id=answer.event_id,
        code=answer.code,
        path=entry.locate(answer.path),
        detail=answer.detail,
        zh=answer.zh,
        en=answer.en,
    )


def unread(entry: Entry) -> Refusal:
    """An entry that can't be read, as a refusal."""
    problem = entry.problem
    assert problem is not None
    return Refusal(
        number=entry.number,
        event_id=None,
        code=problem.code,
        path=entry.inside(problem.path),
        detail=problem.detail,
        zh=problem.text.zh,
        en=problem.text.en,
    )


def summary(name: str, pushed: Pushed, keeper: Keeper) -> dict[str, Any]:
    """What `--json` prints of one file."""
    kept = {"refused_file": str(keeper.file)} if keeper.refused else {}
    refusals = {"refusals": [asdict(each) for each in keeper.shown]} if keeper.refused else {}
    return {"file": name, **asdict(pushed), **kept, **refusals}
