"""Whether a restoration into a data folder was broken off while folders were renamed.

It says so in a file beside the data folder, from before the first renaming to after the last one:
in between there may be no data folder, or one with brokers of two times, and neither may be begun on.
"""

from __future__ import annotations

import json
import shlex
from pathlib import Path

from foodtrace_deploy.stack.problem import StackProblem


def marker(data: Path) -> Path:
    """The file beside a data folder that is there while its restoration isn't finished."""
    # Beside the folder itself, by whatever link it is reached.
    data = data.expanduser().resolve()
    return data.with_name(f"{data.name}.restore-unfinished")


def check(data: Path) -> None:
    """Raise StackProblem `restore-unfinished` with the command that finishes it."""
    file = marker(data)
    try:
        told = file.read_text()
    except FileNotFoundError:
        return
    raise StackProblem("restore-unfinished", folder=data, file=file, command=_command(data, told))


def _command(data: Path, told: str) -> str:
    try:
        backup, only = json.loads(told)["backup"], json.loads(told)["only"]
    except (ValueError, KeyError, TypeError):
        # Not by us, who write it in one step; the command says which file it can't read.
        backup, only = "FOLDER", None
    words = ["foodtrace", "restore", str(backup), "--data", str(data)]
    return shlex.join([*words, "--only", str(only)] if only else words)
