"""`foodtrace push`: files of events to a server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import typer

from foodtrace_client import Client
from foodtrace_client.batches import BATCH_EVENTS
from foodtrace_deploy.commands.asking import Key, Lang, Url, one_of
from foodtrace_deploy.commands.connect import PUSHING, Where, connect
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.files import KINDS, PLACES, Reading, check_readable, opened, size_of
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.pushing import Keeper, push_entries, refused_file, summary
from foodtrace_deploy.commands.shell import note, telling
from foodtrace_deploy.rendering.pushed import progress_bar, show_pushed
from foodtrace_deploy.show import as_json, news
from foodtrace_deploy.texts import current, say
from foodtrace_formats import csvform
from foodtrace_formats.files import Form, entries

#: Seconds without any progress after which a spool keeps the rest.
PATIENCE_S = 10.0

Files = Annotated[list[str] | None, typer.Argument(help=say("help-files"), metavar="FILE...")]
Kind = Annotated[
    str | None,
    typer.Option("--kind", help=say("help-kind"), **one_of(KINDS)),
]
Template = Annotated[
    str | None,
    typer.Option("--template", help=say("help-template"), **one_of(KINDS)),
]
Source = Annotated[str | None, typer.Option("--source", help=say("help-source"))]
FormOption = Annotated[Form | None, typer.Option("--format", help=say("help-form"))]
BatchOption = Annotated[int, typer.Option("--batch", help=say("help-batch"), min=1, max=20_000)]
WaitOption = Annotated[bool, typer.Option("--wait", help=say("help-wait"))]
SpoolOption = Annotated[
    Path | None, typer.Option("--spool", metavar="DIR", help=say("help-push-spool"))
]
PatienceOption = Annotated[
    float, typer.Option("--patience", metavar="SECONDS", min=0, help=say("help-push-patience"))
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("push", help=say("help-push"))(push)


def push(
    files: Files = None,
    kind: Kind = None,
    source: Source = None,
    form: FormOption = None,
    batch: BatchOption = BATCH_EVENTS,
    wait: WaitOption = False,
    spool: SpoolOption = None,
    patience: PatienceOption = PATIENCE_S,
    template: Template = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Push files; exit code 1 when some of their events were refused."""
    with telling(lang=lang, json_form=json_form):
        if template is not None:
            _show_template(template, json_form=json_form)
            return
        names = files or []
        if not names and spool is None:
            raise typer.BadParameter(say("no-files"))
        for each in names:
            # A missing file is told before the first one is on its way.
            check_readable(each)
        reading = Reading(form=form, kind=kind, source=source)
        where = Where(url=url, key=key, data=data)
        if spool is not None:
            # Codec and spool are only needed here.
            from foodtrace_deploy.commands.push_spool import Way, push_by_spool

            way = Way(folder=spool, where=where, batch=batch, patience_s=patience, wait=wait)
            push_by_spool(way, names, reading, json_form=json_form)
            return
        with connect(where, PUSHING) as client:
            done = [push_file(client, each, reading, batch, quiet=json_form) for each in names]
            if wait:
                wait_for(client, done, quiet=json_form)
        if json_form:
            as_json({"files": done})
        if any(each["refused"] for each in done):
            raise typer.Exit(Exit.REFUSED)


def _show_template(kind: str, *, json_form: bool) -> None:
    if json_form:
        as_json({"kind": kind, "columns": csvform.described(kind)})
    else:
        print(csvform.empty(kind, chinese=current() == "zh"))


def push_file(
    client: Client, name: str, reading: Reading, batch: int, *, quiet: bool
) -> dict[str, Any]:
    """Push one file and tell what became of it; returns the same for `--json`."""
    keeper = Keeper(refused_file(name))
    try:
        with opened(name) as file, progress_bar(news) as bar:
            form = reading.form_of(name, file)
            keeper.places = PLACES[form]
            task = bar.add_task(say("pushing", file=name), total=size_of(file), events=0)
            pushed = push_entries(
                client,
                entries(file, form, kind=reading.kind, source=reading.source),
                keeper,
                batch=batch,
                on_progress=lambda total: bar.update(
                    task, completed=file.tell(), events=total.events
                ),
            )
    finally:
        keeper.close()
    if not quiet:
        show_pushed(news, name, pushed, keeper)
    return summary(name, pushed, keeper)


def wait_for(client: Client, done: Sequence[Mapping[str, Any]], *, quiet: bool) -> None:
    """Return once the pushes are in the ledger."""
    began = monotonic()
    for each in done:
        if each["after"]:
            client.wait(each["after"])
    if not quiet:
        note("visible", seconds=f"{monotonic() - began:.1f}")
