"""`foodtrace replay`: the ledger built anew from the bus, compared, and put in the other's place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, Any, NoReturn

import typer

from foodtrace_client import Problem
from foodtrace_deploy.commands.asking import Lang
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import note, telling
from foodtrace_deploy.rendering.problem import show_problem
from foodtrace_deploy.rendering.replaying import Phases, show_differences, show_end
from foodtrace_deploy.show import answers, as_json, fail, news
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.texts import say
from foodtrace_ops.settings import Settings

_CODES: Mapping[str, Exit] = {
    "replay.differs": Exit.REFUSED,
    "replay.evidence-differs": Exit.REFUSED,
    "replay.evidence-missing": Exit.REFUSED,
    "replay.old-kept": Exit.REFUSED,
    "replay.nothing-kept": Exit.REFUSED,
    "replay.other-revision": Exit.REFUSED,
    "replay.running": Exit.UNAVAILABLE,
    "replay.readers-busy": Exit.UNAVAILABLE,
    "replay.loader-died": Exit.UNAVAILABLE,
    "push.bus-away": Exit.UNAVAILABLE,
    "ledger.away": Exit.UNAVAILABLE,
    "worker.failed": Exit.DEFECT,
    "interrupted": Exit.INTERRUPTED,
}

Anew = Annotated[bool, typer.Option("--anew", help=say("replay-option-anew"))]
Status = Annotated[bool, typer.Option("--status", help=say("replay-option-status"))]
Back = Annotated[bool, typer.Option("--back", help=say("replay-option-back"))]
DropOld = Annotated[bool, typer.Option("--drop-old", help=say("replay-option-drop-old"))]
Processes = Annotated[
    int | None, typer.Option("--processes", min=1, help=say("replay-option-processes"))
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("replay", help=say("replay-help"))(replay)


def replay(
    data: Data = DATA,
    anew: Anew = False,
    status: Status = False,
    back: Back = False,
    drop_old: DropOld = False,
    processes: Processes = None,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Run it as a process of its own, and show what it tells."""
    with telling(lang=lang, json_form=json_form):
        action = _action(anew=anew, status=status, back=back, drop_old=drop_old)
        last: Mapping[str, Any] = {}
        with (
            _process(_settings(data, json_form), action, processes) as lines,
            Phases(news, shown=not json_form) as phases,
        ):
            for line in lines:
                last = line
                _show(line, phases, json_form=json_form)
        if "problem" in last:
            _end(last, json_form=json_form)
        if not json_form:
            show_end(answers, last, back=back)


def _action(*, anew: bool, status: bool, back: bool, drop_old: bool) -> str:
    wished = {"anew": anew, "status": status, "back": back, "drop-old": drop_old}
    chosen = [name for name, is_wished in wished.items() if is_wished]
    if len(chosen) > 1:
        raise typer.BadParameter(say("replay-one-option"))
    return chosen[0] if chosen else "rebuild"


def _settings(data: Any, json_form: bool) -> Settings:
    # The driver of PostgreSQL is only needed here.
    from foodtrace_deploy.stack.inside import inside

    try:
        return inside(data)
    except StackProblem as problem:
        fail(problem, json_form=json_form)


@contextmanager
def _process(
    settings: Settings, action: str, processes: int | None
) -> Iterator[Iterator[Mapping[str, Any]]]:
    number = [] if processes is None else [str(processes)]
    process = subprocess.Popen(
        [sys.executable, "-m", "foodtrace_streams.replay", action, *number],
        env=os.environ | settings.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield _lines(process)
    finally:
        # Ctrl-C reached it too; what it has written so far stays, and is gone on from.
        if process.poll() is None:
            process.terminate()
        process.wait()
        process.stdout.close()


def _lines(process: subprocess.Popen[str]) -> Iterator[Mapping[str, Any]]:
    """What it tells; the last line is always how it ended."""
    assert process.stdout is not None
    line: Mapping[str, Any] = {}
    for text in process.stdout:
        line = json.loads(text)
        yield line
    code = process.wait()
    if "state" not in line and "problem" not in line:
        detail = say("replay-ended", code=code)
        yield {"problem": "worker.failed", "zh": detail, "en": detail, "detail": ""}


def _show(line: Mapping[str, Any], phases: Phases, *, json_form: bool) -> None:
    if json_form:
        as_json(line)
    elif "phase" in line:
        phases.tell(line)
    elif "differences" in line:
        show_differences(news, line["differences"])


def _end(last: Mapping[str, Any], *, json_form: bool) -> NoReturn:
    code = last["problem"]
    if not json_form and code == "interrupted":
        note("replay-interrupted")
    elif not json_form:
        show_problem(
            news, Problem(status=0, code=code, zh=last["zh"], en=last["en"], detail=last["detail"])
        )
    raise typer.Exit(_CODES.get(code, Exit.NOT_STARTED))
