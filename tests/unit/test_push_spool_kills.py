"""`foodtrace push --spool` under any outages and kills: nothing is lost, and its figures are right."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foodtrace_client.spool_folder import LOCK, read_position
from foodtrace_client.spool_view import SpoolView, look
from support.fickle import BUSY, DENIED, LOST, UNHEARD, Fault, FickleDoor, listening, settle
from support.mortal import Ended, Mortals, mortals
from support.spooling import document

#: The documents of a shop, of two sources; some are refused by the door, and a line may be broken.
NUMBERS, BROKEN = range(8), None
REFUSED = frozenset({"t-3", "t-6"})
SOURCES = ("market-a", "market-b")
MORE_THAN_ALL = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the command: what its file holds, how the door is, at which step it is killed."""

    lines: tuple[int | None, ...]
    faults: tuple[Fault, ...]
    batch: int
    kill_at: int | None

    @property
    def good(self) -> list[str]:
        """What the spool has to take of it."""
        return [f"t-{number}" for number in self.lines if number is not None]


some_faults = st.sampled_from([LOST, UNHEARD, BUSY, DENIED]) | st.frozensets(
    st.integers(0, 5), min_size=1
)
calls = st.builds(
    Call,
    lines=st.lists(st.sampled_from([*NUMBERS, BROKEN]), max_size=6).map(tuple),
    faults=st.lists(some_faults, max_size=3).map(tuple),
    batch=st.integers(1, 4),
    kill_at=st.none() | st.integers(1, 24),
)
WELL = Call(lines=(), faults=(), batch=1, kill_at=None)


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mortals]:
    with mortals(tmp_path_factory.mktemp("mortal")) as made:
        yield made


@dataclass
class Shop:
    """A spool with all that was ever taken into it, as seen from outside."""

    folder: Path
    commands: Mortals
    door: FickleDoor
    url: str
    given: list[str] = field(default_factory=list)
    gone: int = 0

    def call(self, call: Call) -> Ended:
        """Push a file and hold what is in the spool afterwards against what was given."""
        self.door.faults = list(call.faults)
        self.door.answered = []
        file = self.folder / "day.ndjson"
        file.write_text("".join(map(_line, call.lines)), encoding="utf-8")
        spool = str(self.folder / "spool")
        told = ("--spool", spool, "--url", self.url, "--patience", "0", "--json")
        files = [str(file), "--batch", str(call.batch)] if call.lines else []
        ended = self.commands.run("push", *files, *told, kill_at=call.kill_at)
        settle(self.url)
        waiting, gone = self._waiting(), read_position(Path(spool)).next
        taken = gone + len(waiting) - len(self.given)
        assert 0 <= taken <= len(call.good)
        self.given += call.good[:taken]
        assert waiting == self.given[gone:]
        # In the order in which they were given, and none was dropped that wasn't answered for.
        answered = self.given[self.gone :][: len(self.door.answered)]
        assert answered == self.door.answered
        assert 0 <= gone - self.gone <= len(answered)
        if not ended.killed:
            assert (taken, gone - self.gone) == (len(call.good), len(answered))
            self._told(call, ended, waiting)
        self.gone = gone
        return ended

    def _told(self, call: Call, ended: Ended, waiting: list[str]) -> None:
        """The command's own figures say the same."""
        told = ended.json
        view = self.view()
        unread = len(call.lines) - len(call.good)
        if call.lines:
            [file] = told["files"]
            figures = len(call.lines), len(call.good), unread
            assert (file["events"], file["taken"], file["refused"]) == figures
        assert (told["spool"]["pending"], told["spool"]["refused"]) == (
            len(waiting),
            len(view.refused),
        )
        if waiting:
            assert ended.code == (7 if told["spool"]["problem"]["code"] == "auth.unknown" else 4)
        else:
            assert ended.code == (1 if unread or view.refused else 0), ended.err

    def _waiting(self) -> list[str]:
        if not (self.folder / "spool" / LOCK).exists():
            return []
        told = [json.loads(entry.document) for entry in self.view().entries]
        return [each["envelope"]["source_event_id"] for each in told]

    def view(self) -> SpoolView:
        """What lies in the spool."""
        return look(self.folder / "spool", MORE_THAN_ALL)


def _line(number: int | None) -> str:
    if number is None:
        return "{broken\n"
    made = document(number)
    source = SOURCES[number % len(SOURCES)]
    envelope = {name: it for name, it in made["envelope"].items() if name != "event_id"}
    return json.dumps({**made, "envelope": {**envelope, "source": source}}) + "\n"


@settings(max_examples=12)
@given(told=st.lists(calls, min_size=1, max_size=5))
def test_whatever_fails_and_dies_every_document_comes_in_and_the_figures_are_right(
    commands: Mortals, told: list[Call]
) -> None:
    door = FickleDoor(REFUSED)
    with TemporaryDirectory() as folder, listening(door) as url:
        shop = Shop(Path(folder), commands, door, url)
        for call in told:
            shop.call(call)
        ended = shop.call(WELL)
        assert not ended.killed
        assert shop.view().pending == 0
        assert len(set(door.known)) == len(door.known)
        assert set(door.known) == set(shop.given) - REFUSED
        refused = [json.loads(each.document)["envelope"] for each in shop.view().refused]
        assert [each["source_event_id"] for each in refused] == [
            each for each in shop.given if each in REFUSED
        ]
