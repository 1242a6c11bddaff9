"""Commands that show more of what the demo found, as they have to be typed where it was started."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from foodtrace_deploy.commands.options import DATA


def program() -> str:
    """How this command is called here: by name where that finds it, else by its path."""
    called = Path(sys.argv[0])
    found = shutil.which(called.name)
    if called.name != "foodtrace" or (found and Path(found).samefile(called)):
        return "foodtrace"
    here = Path.cwd()
    absolute = called.absolute()
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else absolute)


def place(data: Path) -> str:
    """The option that names the data folder, nothing where it is the usual one."""
    return "" if data.absolute() == DATA.absolute() else f" --data {data}"


def suggestions(data: Path, batch: str, receipt: str) -> Iterator[str]:
    """What to try next."""
    yield f"{program()} affected --batch {batch}{place(data)}"
    yield f"{program()} trace {receipt}{place(data)}"
    yield f"{program()} status{place(data)}"
