"""The work behind `foodtrace evidence key --retire`: another key, and who wanted it and why."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import Any

import typer

from foodtrace.text import NAME_LIMIT, NOTE_LIMIT, checked
from foodtrace_deploy.commands.inside_evidence import engine_of, failing
from foodtrace_deploy.stack import local, signing_key
from foodtrace_deploy.stack.folder import DataFolder
from foodtrace_deploy.stack.inside import inside
from foodtrace_deploy.texts import say
from foodtrace_ops.settings import Settings


def run(
    data: Path, *, reason: str, by: str | None, new: Path | None, json_form: bool
) -> dict[str, Any]:
    """Retire the present key; what was done, for `--json`. Ends the command where that can't be."""
    with failing(json_form=json_form):
        who = by or _user()
        checked(reason, "reason", NOTE_LIMIT)
        checked(who, "by", NAME_LIMIT)
        given, folder = Settings(), DataFolder(data)
        if given.evidence_key and new is None:
            raise typer.BadParameter(say("evidence-new-needed", file=given.evidence_key))
        apart = "database_url" in given.model_fields_set or local.running(data) is not None
        if not apart and new is None and (data / "postgres").exists():
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


def _user() -> str:
    """Who sits at the keyboard, as the record names them."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        # A container's user without a name.
        return f"uid {os.getuid()}"
