"""`foodtrace backup` and `foodtrace restore`: a copy of a running stack, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.filesize import decimal
from rich.text import Text

from foodtrace_deploy.backup.manifest import Manifest
from foodtrace_deploy.backup.restore import Only, Order, Restored, check_backup
from foodtrace_deploy.backup.restore import restore as restore_now
from foodtrace_deploy.backup.take import Wish, take
from foodtrace_deploy.commands.asking import Lang
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import note, telling
from foodtrace_deploy.rendering.steps import Steps
from foodtrace_deploy.show import answers, as_json, fail
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.texts import say

#: What is wrong with a file, and what the user has to decide first; all else is the stack's.
_CODES = {
    "backup-none": Exit.FILE,
    "backup-newer": Exit.FILE,
    "backup-damaged": Exit.FILE,
    "backup-denied": Exit.FILE,
    "backup-not-empty": Exit.REFUSED,
    "restore-not-empty": Exit.REFUSED,
    "restore-no-data": Exit.REFUSED,
    "restore-brokers": Exit.REFUSED,
    "restore-no-brokers": Exit.REFUSED,
    "restore-unfinished": Exit.REFUSED,
}

Target = Annotated[Path, typer.Argument(metavar="FOLDER", help=say("backup-argument"))]
WithoutSecrets = Annotated[
    bool, typer.Option("--without-secrets", help=say("backup-option-without-secrets"))
]
Source = Annotated[Path, typer.Argument(metavar="FOLDER", help=say("restore-argument"))]
Replace = Annotated[bool, typer.Option("--replace", help=say("restore-option-replace"))]
OnlyPart = Annotated[Only | None, typer.Option("--only", help=say("restore-option-only"))]
Check = Annotated[bool, typer.Option("--check", help=say("restore-option-check"))]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backup", help=say("backup-help"))(backup)
    app.command("restore", help=say("restore-help"))(restore)


def backup(
    folder: Target,
    data: Data = DATA,
    without_secrets: WithoutSecrets = False,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Take a backup and say what is in it."""
    with (
        telling(lang=lang, json_form=json_form),
        _failing(json_form),
        Steps(shown=not json_form) as tell,
    ):
        wish = Wish(data=data, target=folder, secrets=not without_secrets)
        made = take(wish, tell)
    if json_form:
        as_json({"folder": str(folder.absolute()), **_told(made)})
        return
    _say("backup-done", folder=folder.absolute(), **_figures(made))
    if not made.nodes:
        note("backup-external")
    if without_secrets:
        note("backup-no-secrets")


def restore(
    folder: Source,
    data: Data = DATA,
    only: OnlyPart = None,
    replace: Replace = False,
    check: Check = False,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Restore a backup, or only check it, and say what was done."""
    with (
        telling(lang=lang, json_form=json_form),
        _failing(json_form),
        Steps(shown=not json_form) as tell,
    ):
        if check:
            _show_checked(check_backup(folder, tell), folder, json_form=json_form)
            return
        done = restore_now(Order(backup=folder, data=data, only=only, replace=replace), tell)
    _show_restored(done, json_form=json_form)


@contextmanager
def _failing(json_form: bool) -> Iterator[None]:
    try:
        yield
    except StackProblem as problem:
        fail(problem, json_form=json_form, code=_CODES.get(problem.key, Exit.NOT_STARTED))


def _show_checked(told: Manifest, folder: Path, *, json_form: bool) -> None:
    if json_form:
        as_json({"folder": str(folder.absolute()), "whole": True, **_told(told)})
    else:
        _say("restore-checked", **_figures(told))


def _show_restored(done: Restored, *, json_form: bool) -> None:
    if json_form:
        before = None if done.before is None else str(done.before)
        as_json({"data": str(done.data), "before": before, **_told(done.manifest)})
        return
    _say("restore-done", data=done.data, begun=done.manifest.begun)
    if done.before is not None:
        note("restore-before", before=done.before)


def _told(made: Manifest) -> dict[str, Any]:
    """What a program wants to know of a backup; its list of files stands in the backup."""
    return {
        "begun": made.begun,
        "ended": made.ended,
        "made_by": made.made_by,
        "broker_kind": made.broker_kind,
        "brokers": list(made.nodes),
        "files": len(made.files),
        "bytes": made.size,
    }


def _figures(made: Manifest) -> dict[str, object]:
    return {"files": len(made.files), "size": decimal(made.size), "begun": made.begun}


def _say(key: str, **fields: object) -> None:
    answers.print(Text(say(key, **fields)))
