"""Options of the commands that ask a server, and who and where it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from foodtrace_deploy.texts import say

Url = Annotated[
    str | None, typer.Option("--url", envvar="FOODTRACE_URL", help=say("help-url"), metavar="URL")
]
Key = Annotated[
    str | None, typer.Option("--key", envvar="FOODTRACE_KEY", help=say("help-key"), metavar="KEY")
]
Lang = Annotated[str | None, typer.Option("--lang", help=say("option-lang"), metavar="zh|en")]
After = Annotated[str | None, typer.Option("--after", help=say("help-after"), metavar="TOKEN")]


def one_of(choices: Sequence[str]) -> dict[str, Any]:
    """Arguments of an option or argument that takes one of these: shown, completed, checked."""

    def checked(value: str | None) -> str | None:
        if value is not None and value not in choices:
            raise typer.BadParameter(say("not-one-of", value=value, choices=", ".join(choices)))
        return value

    def completed(incomplete: str) -> list[str]:
        return [choice for choice in choices if choice.startswith(incomplete)]

    return {"callback": checked, "autocompletion": completed, "metavar": "|".join(choices)}
