"""`foodtrace push`: files of events to a server."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import IO, Annotated, Any

import typer

from foodtrace.problems import TheirFault
from foodtrace_client import Client
from foodtrace_client.batches import BATCH_EVENTS
from foodtrace_deploy.commands.asking import Key, Lang, Url, one_of
from foodtrace_deploy.commands.connect import PUSHING, Where, connect
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.pushing import Keeper, push_entries, refused_file, summary
from foodtrace_deploy.commands.shell import note, telling
from foodtrace_deploy.rendering.pushed import progress_bar, show_pushed
from foodtrace_deploy.show import as_json, news
from foodtrace_deploy.texts import current, say
from foodtrace_formats import csvform
from foodtrace_formats.files import Form, entries, form_of
from foodtrace_formats.zipped import is_zip

STDIN = "-"
_PLACES = {Form.NDJSON: "line", Form.JSON: "item", Form.CSV: "row", Form.ZIP: "entry"}
KINDS = list(csvform.TEMPLATES)
_IN_MEMORY = 64 * 1024 * 1024

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
        if not files:
            raise typer.BadParameter(say("no-files"))
        for each in files:
            # A missing file is told before the first one is on its way.
            check_readable(each)
        reading = Reading(form=form, kind=kind, source=source)
        with connect(Where(url=url, key=key, data=data), PUSHING) as client:
            done = [push_file(client, each, reading, batch, quiet=json_form) for each in files]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How files are to be read; None where they tell by themselves."""

    form: Form | None
    kind: str | None
    source: str | None

    def form_of(self, name: str, file: IO[bytes]) -> Form:
        """The form chosen; a kind is only ever given for CSV, alone or in a ZIP."""
        if self.form is not None:
            return self.form
        return Form.CSV if self.kind and not is_zip(file) else form_of(name, file)


def push_file(
    client: Client, name: str, reading: Reading, batch: int, *, quiet: bool
) -> dict[str, Any]:
    """Push one file and tell what became of it; returns the same for `--json`."""
    keeper = Keeper(refused_file(name))
    try:
        with opened(name) as file, progress_bar(news) as bar:
            form = reading.form_of(name, file)
            keeper.places = _PLACES[form]
            task = bar.add_task(say("pushing", file=name), total=_size(file), events=0)
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


def _size(file: IO[bytes]) -> int:
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return size


def wait_for(client: Client, done: Sequence[Mapping[str, Any]], *, quiet: bool) -> None:
    """Return once the pushes are in the ledger."""
    began = monotonic()
    for each in done:
        if each["after"]:
            client.wait(each["after"])
    if not quiet:
        note("visible", seconds=f"{monotonic() - began:.1f}")


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """A file, or standard input, that can be rewound; raises TheirFault `file.unreadable`."""
    if name == STDIN:
        with SpooledTemporaryFile(_IN_MEMORY) as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept)
            kept.seek(0)
            yield kept
        return
    with _found(name) as file:
        yield file


def check_readable(name: str) -> None:
    """Raise TheirFault `file.unreadable` unless there is such a file."""
    if name != STDIN:
        _found(name).close()


def _found(name: str) -> IO[bytes]:
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise TheirFault("file.unreadable", f"{name}: {error.strerror}") from error
