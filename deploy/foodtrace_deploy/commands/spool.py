"""`foodtrace spool`: what a producer kit on this machine hasn't got rid of yet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foodtrace_client.spool import Spool
from foodtrace_client.spool_view import look
from foodtrace_deploy.commands.asking import Lang
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import Json
from foodtrace_deploy.commands.shell import note, telling
from foodtrace_deploy.rendering.spool import show_spool, spool_json
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say

Folder = Annotated[Path, typer.Argument(metavar="DIR", help=say("help-spool-folder"))]
Most = Annotated[int, typer.Option("--limit", min=0, help=say("help-spool-limit"))]
Forget = Annotated[bool, typer.Option("--forget-refused", help=say("help-spool-forget"))]

#: Events that are listed unless more are asked for.
LIMIT = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("spool", help=say("help-spool"))(spool)


def spool(
    folder: Folder,
    limit: Most = LIMIT,
    forget: Forget = False,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Exit code 1 while refused events lie there; an ERP may be using the spool meanwhile."""
    with telling(lang=lang, json_form=json_form):
        view = look(folder, limit)
        if forget and view.refused:
            used = Spool(folder)
            try:
                dropped = used.forget_refused()
            finally:
                used.close()
            note("spool-forgotten", count=dropped)
            view = look(folder, limit)
        if json_form:
            as_json(spool_json(view, limit))
        else:
            show_spool(answers, view, limit)
        if view.refused:
            raise typer.Exit(Exit.REFUSED)
