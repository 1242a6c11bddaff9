"""Options of the commands that ask a server, and who and where it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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


def whole_id(entries: Iterable[Mapping[str, Any]], given: str) -> str:
    """The id of the entry that is meant by its whole id, by the shown part of a key, or by a
    beginning of its id that fits no other; what fits none goes on as it is, for the server to judge.
    """
    fits = [e["id"] for e in entries if given == e.get("prefix") or e["id"].startswith(given)]
    if len(fits) > 1:
        raise typer.BadParameter(say("several-fit", given=given, count=len(fits)))
    return fits[0] if fits else given


def one_of(choices: Sequence[str]) -> dict[str, Any]:
    """Arguments of an option or argument that takes one of these: shown, completed, checked."""

    def checked(value: str | None) -> str | None:
        if value is not None and value not in choices:
            raise typer.BadParameter(say("not-one-of", value=value, choices=", ".join(choices)))
        return value

    def completed(incomplete: str) -> list[str]:
        return [choice for choice in choices if choice.startswith(incomplete)]

    return {"callback": checked, "autocompletion": completed, "metavar": "|".join(choices)}
