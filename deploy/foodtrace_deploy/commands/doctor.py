"""`foodtrace doctor`: whether this machine can run the stack."""

from __future__ import annotations

import typer
from rich.table import Table
from rich.text import Text

from foodtrace_deploy.commands.asking import Lang
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import DATA, Broker, Data, Json
from foodtrace_deploy.show import answers, as_json, fail
from foodtrace_deploy.stack import checks
from foodtrace_deploy.stack.checks import Finding, Verdict
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.options import Options
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.texts import say, speak
from foodtrace_ops.settings import Settings

_SIGNS = {
    Verdict.GOOD: Text("✓", style="green"),
    Verdict.WARNING: Text("!", style="yellow"),
    Verdict.BAD: Text("✗", style="red"),
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", help=say("doctor-help"))(doctor)


def doctor(
    data: Data = DATA, broker: Broker = "auto", lang: Lang = None, json_form: Json = False
) -> None:
    """Check everything, show all findings, say whether it can run."""
    if lang is not None:
        speak(lang)
    settings = Settings()
    try:
        options = Options(data=data, broker=broker, settings=settings)
    except StackProblem as problem:
        fail(problem, json_form=json_form, code=Exit.USAGE)
    findings = _findings(options)
    bad = sum(finding.verdict is Verdict.BAD for finding in findings)
    if json_form:
        as_json({"good": bad == 0, "checks": [_as_object(finding) for finding in findings]})
    else:
        _show(findings, bad)
    raise typer.Exit(Exit.REFUSED if bad else Exit.DONE)


def _findings(options: Options) -> list[Finding]:
    folder = DataFolder(options.data)
    settings = options.settings
    return [
        checks.python(),
        checks.system(),
        checks.packages(),
        checks.postgres_runs(),
        checks.java_found(),
        checks.kafka(settings),
        checks.memory_broker(),
        *([checks.broker(options.access)] if options.is_external else []),
        checks.folder(folder),
        checks.disk(folder),
        checks.memory_free(),
        checks.ports(folder, settings),
        checks.clock(settings),
        checks.language(),
    ]


def _show(findings: list[Finding], bad: int) -> None:
    table = Table("", say("doctor-check"), say("doctor-found"), box=None, pad_edge=False)
    for finding in findings:
        table.add_row(_SIGNS[finding.verdict], Text(_check(finding)), Text(_found(finding)))
    answers.print(table)
    answers.print()
    answers.print(say("doctor-bad", count=bad) if bad else say("doctor-good"))


def _as_object(finding: Finding) -> dict[str, str]:
    return {
        "check": finding.check.removeprefix("check-"),
        "verdict": finding.verdict.value,
        "code": finding.found,
        "found": _found(finding),
    }


def _check(finding: Finding) -> str:
    return say(finding.check, **finding.fields)


def _found(finding: Finding) -> str:
    return say(finding.found, **finding.fields)
