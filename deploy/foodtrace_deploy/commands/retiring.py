"""The work behind `foodtrace evidence key --retire`: another key, and who wanted it and why."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Any

import typer

from foodtrace.problems import InvalidValue
from foodtrace.text import NAME_LIMIT, NOTE_LIMIT, checked
from foodtrace_deploy.commands.inside_evidence import engine_of, failing
from foodtrace_deploy.show import sentence
from foodtrace_deploy.stack import local, signing_key
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.inside import inside
from foodtrace_deploy.stack.problem import StackProblem
from foodtrace_deploy.texts import say
from foodtrace_ops.settings import Settings


def run(
    data: Path, *, reason: str, by: str | None, new: Path | None, json_form: bool
) -> dict[str, Any]:
    """Retire the present key; what was done, for `--json`. Ends the command where that can't be."""
    with failing(json_form=json_form):
        who = by or _user()
        _check(reason, "--reason", NOTE_LIMIT)
        _check(who, "--by", NAME_LIMIT)
        folder, stack = DataFolder(data), local.running(data)
        if stack is not None and stack.state.broker_kind == "memory":
            raise StackProblem("evidence-memory")
        if new is None:
            _refuse_elsewhere(Settings(), folder, stack)
        if stack is None and new is None and (folder.path / "postgres").exists():
            signing_key.order(folder, by=who, reason=reason)
            return {"ordered": True, "by": who, "reason": reason}
        with engine_of(inside(data)) as engine:
            if new is None:
                done = signing_key.replace_own(engine, folder, by=who, reason=reason)
            else:
                done = signing_key.replace_by(engine, new, by=who, reason=reason)
    return {
        "ordered": False,
        "retired": done.old,
        "key": done.new,
        "file": str(done.file),
        "kept": None if done.kept is None else str(done.kept),
        "finished": done.finished,
        "by": who,
        "reason": reason,
    }


def _check(value: str, option: str, limit: int) -> None:
    try:
        checked(value, option, limit)
    except InvalidValue as error:
        # Of the command line, not of a file.
        raise typer.BadParameter(sentence(error), param_hint=option) from error


def _refuse_elsewhere(given: Settings, folder: DataFolder, stack: local.Local | None) -> None:
    """Raise BadParameter unless the key in use is the data folder's own, which can be replaced there."""
    if stack is None:
        used = given.evidence_key
        if not used and "database_url" in given.model_fields_set:
            # Another installation's: what lies in a data folder here has nothing to do with it.
            raise typer.BadParameter(say("evidence-new-elsewhere"))
    else:
        # Its workers have the key they were started with, whatever this shell says.
        used = stack.state.evidence_key or given.evidence_key
        if used and Path(used).resolve() == folder.evidence_key.resolve():
            return
    if used:
        raise typer.BadParameter(say("evidence-new-needed", file=used))


def _user() -> str:
    """Who sits at the keyboard, as the record names them."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        # A container's user without a name.
        return f"uid {os.getuid()}"
