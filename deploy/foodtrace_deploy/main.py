"""The command `foodtrace`: a composition of commands, nothing else."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from typer import rich_utils

from foodtrace_deploy.commands.exits import MEANINGS
from foodtrace_deploy.texts import current, say, speak


def _wished_language(arguments: list[str]) -> str | None:
    """`--lang` before anything else is read, since the help texts already need it."""
    for number, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
        if argument == "--lang" and number + 1 < len(arguments):
            return arguments[number + 1]
    return None


speak(_wished_language(sys.argv[1:]))

# After the language is chosen: each command's help is made when it is imported.
from foodtrace_deploy.commands import (  # noqa: E402
    affected,
    backup,
    check_source,
    deadletters,
    demo,
    doctor,
    evidence,
    flags,
    import_,
    init,
    keys,
    location,
    open_topic,
    papers,
    party,
    proof,
    push,
    replay,
    spool,
    status,
    stock,
    topics,
    trace,
    trade,
    up,
    verify,
    voucher,
)


def _exit_codes() -> str:
    told = (f"{code.value} {getattr(text, current())}" for code, text in MEANINGS.items())
    return say("help-exits", codes=("；" if current() == "zh" else "; ").join(told))


def _panels() -> None:
    """The headings of help in our language: typer's own catalogue has none for Chinese."""
    rich_utils.ARGUMENTS_PANEL_TITLE = say("panel-arguments")
    rich_utils.OPTIONS_PANEL_TITLE = say("panel-options")
    rich_utils.COMMANDS_PANEL_TITLE = say("panel-commands")
    rich_utils.ERRORS_PANEL_TITLE = say("panel-error")
    rich_utils.DEFAULT_STRING = say("panel-default")
    rich_utils.ENVVAR_STRING = say("panel-variable")
    rich_utils.REQUIRED_LONG_STRING = say("panel-required")


_panels()
app = typer.Typer(
    name="foodtrace",
    help=say("help"),
    epilog=_exit_codes(),
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def _root(
    lang: Annotated[str | None, typer.Option("--lang", help=say("option-lang"))] = None,
) -> None:
    speak(lang)


for _command in (
    up,
    init,
    demo,
    status,
    doctor,
    push,
    check_source,
    spool,
    import_,
    trace,
    affected,
    papers,
    voucher,
    stock,
    flags,
    trade,
    location,
    party,
    proof,
    evidence,
    verify,
    deadletters,
    keys,
    open_topic,
    topics,
    backup,
    replay,
):
    _command.register(app)
