"""The command `foodtrace` put together: of all its commands, or of the one that was asked for.

What a command needs to load is loaded for that command alone: the start of `foodtrace status`
doesn't wait for the simulated city of `foodtrace demo`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from foodtrace_deploy.texts import current, say, speak

#: The modules of `commands` in the order of help, each with the names that it registers.
MODULES: Mapping[str, tuple[str, ...]] = {
    "up": ("up",),
    "init": ("init",),
    "demo": ("demo",),
    "status": ("status",),
    "doctor": ("doctor",),
    "push": ("push",),
    "check_source": ("check-source",),
    "spool": ("spool",),
    "import_": ("import",),
    "trace": ("trace",),
    "affected": ("affected",),
    "papers": ("papers",),
    "voucher": ("voucher",),
    "stock": ("stock",),
    "flags": ("flags",),
    "trade": ("trade",),
    "location": ("location",),
    "party": ("party",),
    "proof": ("proof",),
    "evidence": ("evidence",),
    "verify": ("verify",),
    "deadletters": ("deadletters",),
    "keys": ("keys",),
    "open_topic": ("open-topic",),
    "topics": ("topics",),
    "backup": ("backup", "restore"),
    "replay": ("replay",),
}


def build(arguments: Sequence[str] = ()) -> typer.Typer:
    """The program with the command that these arguments name; with all if they name none.

    Speaks the language that the arguments wish for, because each help is made here.
    """
    speak(_wished_language(arguments))
    from foodtrace_deploy.commands.exits import MEANINGS

    codes = (f"{code.value} {getattr(text, current())}" for code, text in MEANINGS.items())
    app = typer.Typer(
        name="foodtrace",
        help=say("help"),
        epilog=say("help-exits", codes=("；" if current() == "zh" else "; ").join(codes)),
        no_args_is_help=True,
        pretty_exceptions_show_locals=False,
    )
    app.callback()(_root)
    for module in _asked_for(arguments):
        import_module(f"foodtrace_deploy.commands.{module}").register(app)
    _speaking(app)
    return app


def _root(
    lang: Annotated[str | None, typer.Option("--lang", help=say("option-lang"))] = None,
) -> None:
    speak(lang)


def _asked_for(arguments: Sequence[str]) -> Sequence[str]:
    command = _command(arguments)
    found = [module for module, names in MODULES.items() if command in names]
    # Help lists all of them, and one that is misspelt is held against all.
    return found or list(MODULES)


def _command(arguments: Sequence[str]) -> str | None:
    """The word that stands for the command, known or not; None where help is asked for before it."""
    words = iter(arguments)
    for word in words:
        if word == "--lang":
            next(words, None)
        elif word == "--help":
            return None
        elif not word.startswith("-"):
            return word
    return None


def _wished_language(arguments: Sequence[str]) -> str | None:
    """`--lang` before anything else is read, since the help texts already need it."""
    for number, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
        if argument == "--lang" and number + 1 < len(arguments):
            return arguments[number + 1]
    return None


class _Group(TyperGroup):
    """Has what typer says by itself said in our language: headings of help, errors of usage.

    Typer loads what it draws them with when it needs that, so it is told no sooner.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """See typer."""
        if not args or "--help" in args:
            _panels()
        with _errors_in_our_language():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """See typer."""
        with _errors_in_our_language():
            return super().invoke(ctx)


@contextmanager
def _errors_in_our_language() -> Iterator[None]:
    try:
        yield
    except TyperException:
        _panels()
        raise


def _speaking(app: typer.Typer) -> None:
    app.info.cls = _Group
    for group in app.registered_groups:
        if group.typer_instance is not None:
            _speaking(group.typer_instance)


def _panels() -> None:
    # Typer's own catalogue has none for Chinese.
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = say("panel-arguments")
    rich_utils.OPTIONS_PANEL_TITLE = say("panel-options")
    rich_utils.COMMANDS_PANEL_TITLE = say("panel-commands")
    rich_utils.ERRORS_PANEL_TITLE = say("panel-error")
    rich_utils.DEFAULT_STRING = say("panel-default")
    rich_utils.ENVVAR_STRING = say("panel-variable")
    rich_utils.REQUIRED_LONG_STRING = say("panel-required")
