"""A replay as people see it: a bar for each phase, then what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from foodtrace_deploy.texts import say

Line = Mapping[str, Any]


class Phases:
    """Draws the phase that is under way; a phase that is done leaves its line where nobody looks."""

    def __init__(self, console: Console, *, shown: bool) -> None:
        """`shown` is False where JSON is wanted."""
        self._bar = Progress(
            TextColumn("  {task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not (shown and console.is_terminal),
        )
        self._phase = ""
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def tell(self, line: Line) -> None:
        """Show how far a phase is."""
        if line["phase"] != self._phase or self._task is None:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._phase = line["phase"]
            self._task = self._bar.add_task(say(f"replay-{self._phase}"), total=None, rate="")
        self._bar.update(
            self._task,
            completed=line["done"],
            total=line["total"] or None,
            rate=say("replay-rate", rate=f"{line['rate']:,.0f}"),
        )


def show_end(console: Console, last: Line, *, back: bool) -> None:
    """What a replay ended with."""
    state = last["state"]
    if state == "status":
        _show_status(console, last)
    elif state == "dropped":
        _good(console, say("replay-dropped"))
    elif back:
        held = f"{last['held_seconds']:.2f}"
        facts = {"kept": last["kept"], "checkpoints": last["checkpoints"]}
        _good(console, say("replay-went-back", held=held, **facts))
    else:
        _show_switched(console, last)


def show_differences(console: Console, differences: list[Line]) -> None:
    """The tables that aren't equal, each with some rows that only one of both has."""
    for one in differences:
        rows = {"live": f"{one['live_rows']:,}", "rebuilt": f"{one['rebuilt_rows']:,}"}
        console.print(Text(say("replay-difference", table=one["table"], **rows), style="yellow"))
        for row in one["only_live"]:
            console.print(Text(say("replay-only-live", row=row)))
        for row in one["only_rebuilt"]:
            console.print(Text(say("replay-only-rebuilt", row=row)))


def _show_switched(console: Console, last: Line) -> None:
    told = say(
        "replay-done",
        records=f"{last['records']:,}",
        seconds=f"{last['seconds']:.1f}",
        rate=f"{last['rate']:,.0f}",
        held=f"{last['held_seconds']:.2f}",
    )
    _good(console, told)
    key = "replay-compared" if last["compared"] else "replay-not-compared"
    console.print(Text("  " + say(key, checkpoints=last["checkpoints"])))
    console.print(Text("  " + say("replay-kept", kept=last["kept"])))


def _show_status(console: Console, last: Line) -> None:
    console.print(Text(say("replay-live", revision=last["live"] or "–")))
    if last["building"]:
        read, left = f"{last['read']:,}", f"{last['left']:,}"
        console.print(Text(say("replay-building", read=read, left=left)))
    else:
        console.print(Text(say("replay-idle")))
    if last["before"] is not None:
        console.print(Text(say("replay-before", revision=last["before"])))


def _good(console: Console, sentence: str) -> None:
    console.print(Text.assemble(("✓ ", "bold green"), sentence))
