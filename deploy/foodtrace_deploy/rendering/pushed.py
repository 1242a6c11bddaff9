"""What became of a push, for people."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from foodtrace_client import Problem, Pushed
from foodtrace_deploy.commands.pushing import Keeper
from foodtrace_deploy.rendering.problem import show_problem
from foodtrace_deploy.texts import current, say


def progress_bar(console: Console) -> Progress:
    """A bar of how far a file is, with its field `events` beside it.

    Gone when it is done, and not drawn where nobody looks.
    """
    return Progress(
        TextColumn("  {task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[events]:,}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )


def show_pushed(console: Console, name: str, pushed: Pushed, keeper: Keeper) -> None:
    """The sum, then the first refused events with their place and field."""
    sentence = say(
        "pushed",
        file=name,
        events=f"{pushed.events:,}",
        accepted=f"{pushed.accepted:,}",
        duplicates=f"{pushed.duplicates:,}",
        refused=f"{pushed.refused:,}",
        seconds=f"{pushed.seconds:.1f}",
        rate=f"{pushed.events / pushed.seconds:,.0f}" if pushed.seconds else "–",
    )
    sign = ("✗ ", "bold yellow") if pushed.refused else ("✓ ", "bold green")
    console.print(Text.assemble(sign, sentence))
    show_refusals(console, keeper)


def show_refusals(console: Console, keeper: Keeper) -> None:
    """The first refused events with their place and field, and where all of them are kept."""
    if not keeper.refused:
        return
    for refusal in keeper.shown:
        place = say(f"place-{keeper.places}", number=refusal.number)
        title = refusal.zh if current() == "zh" else refusal.en
        line = say("refused-item", place=place, path=refusal.path, title=title)
        console.print(Text(f"  {line}  {refusal.detail}".rstrip(), style="yellow"))
    if keeper.refused > len(keeper.shown):
        count = f"{keeper.refused - len(keeper.shown):,}"
        console.print(Text("  " + say("refused-more", count=count, file=keeper.file)))
    console.print(Text("  " + say("refused-file", file=keeper.file)))


def show_waiting(console: Console, folder: Path, problem: Problem | None) -> None:
    """Why events still wait in a spool, and how they are sent."""
    if problem is not None:
        show_problem(console, problem)
    console.print(Text("  " + say("spool-send-later", folder=folder)))
