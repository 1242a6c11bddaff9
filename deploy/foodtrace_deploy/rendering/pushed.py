"""What became of a push, for people."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from foodtrace_client import Pushed
from foodtrace_deploy.commands.pushing import Keeper
from foodtrace_deploy.texts import current, say


def progress_bar(console: Console) -> Progress:
    """A bar for events; gone when it is done, and not drawn where nobody looks."""
    return Progress(
        TextColumn("  {task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
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
    )
    sign = ("✗ ", "bold yellow") if pushed.refused else ("✓ ", "bold green")
    console.print(Text.assemble(sign, sentence))
    if not pushed.refused:
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
