"""`foodtrace demo`: the stack, a city's day, two recalls and their verdict."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from foodtrace.problems import FoodtraceError
from foodtrace_city import DEMO, Scale, scale_for_events
from foodtrace_deploy import view
from foodtrace_deploy.commands.asking import Lang
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import DATA, Broker, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.demo.run import run
from foodtrace_deploy.demo.suggest import suggestions
from foodtrace_deploy.show import answers, as_json, fail, news
from foodtrace_deploy.stack.options import Options
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.stack.signals import Signals, StopRequested
from foodtrace_deploy.stack.stack import Stack
from foodtrace_deploy.texts import say
from foodtrace_ops.settings import Settings

FIGURES_FILE = "demo.json"

Figures = dict[str, Any]

Once = Annotated[bool, typer.Option("--once", help=say("demo-option-once"))]
Seed = Annotated[int, typer.Option("--seed", help=say("demo-option-seed"))]
Events = Annotated[
    int | None, typer.Option("--events", min=1, help=say("demo-option-events"), metavar="COUNT")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo", help=say("demo-help"))(demo)


def demo(
    once: Once = False,
    seed: Seed = 7,
    events: Events = None,
    data: Data = DATA,
    broker: Broker = "auto",
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Run the demo; exit code 0 only if everything is exact."""
    scale = DEMO if events is None else scale_for_events(events)
    with telling(lang=lang, json_form=json_form):
        try:
            options = Options(data=data, broker=broker, settings=Settings())
            figures = _supervised(options, seed, scale, once=once, json_form=json_form)
        except (StackProblem, FoodtraceError) as problem:
            fail(problem, json_form=json_form)
    if figures is None:
        raise typer.Exit(Exit.INTERRUPTED)
    if json_form and once:
        # After the last news of the parts, so that it is the last line.
        as_json(figures)
    raise typer.Exit(Exit.DONE if figures["exact"] else Exit.DEFECT)


def _supervised(
    options: Options, seed: int, scale: Scale, *, once: bool, json_form: bool
) -> Figures | None:
    """Start, run, perhaps stay, end; the figures, None where nobody waited for them."""
    figures: Figures | None = None
    with view.View() as shown:
        stack = Stack(options, view.json_news if json_form else shown)
        with Signals(stack.kill):
            try:
                figures = _started(stack, options, seed, scale, json_form=json_form)
                if not once:
                    _stay(stack, figures, json_form=json_form)
            except StopRequested:
                if not json_form:
                    news.print(say("up-stopping"))
            finally:
                stack.stop()
    return figures


def _started(
    stack: Stack, options: Options, seed: int, scale: Scale, *, json_form: bool
) -> Figures:
    began = time.monotonic()
    if not json_form:
        news.print(say("up-starting", data=options.data.absolute()))
    running = stack.start()
    ready = time.monotonic() - began
    if not json_form:
        news.print(say("up-ready", seconds=f"{ready:.1f}"), style="bold green")
        news.print()
    console = Console(quiet=True) if json_form else answers
    outcome = run(running, seed, scale, console)
    figures = {
        **outcome.as_object(),
        "broker": running.broker_kind,
        "ready_seconds": round(ready, 2),
        "total_seconds": round(time.monotonic() - began, 2),
    }
    file = _write(running.data, figures)
    console.print(Text("  " + say("demo-written", file=file), style="dim"))
    console.print()
    sign = ("✓ ", "bold green") if outcome.exact else ("✗ ", "bold red")
    console.print(Text.assemble(sign, say("demo-done" if outcome.exact else "demo-failed")))
    return figures


def _stay(stack: Stack, figures: Figures, *, json_form: bool) -> None:
    """Leave the stack up until a signal; StackProblem where what it held is lost before."""
    running = stack.running
    assert running is not None
    if json_form:
        as_json(figures)
        as_json(view.as_object(running))
    else:
        news.print()
        news.print(say("demo-running"))
        batch, receipt = figures["recalls"]["cheese"]["batch"], figures["receipt"]["code"]
        for line in suggestions(running.data, batch, receipt):
            news.print(Text("    " + line, style="bold cyan"))
        view.ready(running)
    stack.wait()
    raise StackProblem("memory-lost")


def _write(data: Path, figures: Figures) -> Path:
    file = data / FIGURES_FILE
    file.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
    return file
