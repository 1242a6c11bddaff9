"""`foodtrace check-source`: a source's sample day, before or after it was sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

import typer

from foodtrace.readiness import Readiness, Verdict, readiness
from foodtrace_deploy.commands.asking import Key, Lang, Url, one_of
from foodtrace_deploy.commands.connect import LOOKING, Where, connect
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.files import KINDS, Reading, check_readable, opened
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import note, telling
from foodtrace_deploy.rendering.readiness import readiness_json, show_readiness
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say
from foodtrace_formats.examined import Examined, examined
from foodtrace_formats.files import Entry, Form, entries

#: Stands in where neither a document nor `--source` names the source: the key will.
UNNAMED = "source"
_HOME = timedelta(hours=8)
_WEEK = timedelta(days=6)
_PAGE = 1000

Files = Annotated[list[str] | None, typer.Argument(help=say("help-check-files"), metavar="FILE...")]
Kind = Annotated[str | None, typer.Option("--kind", help=say("help-kind"), **one_of(KINDS))]
Source = Annotated[str | None, typer.Option("--source", help=say("help-check-source"))]
FormOption = Annotated[Form | None, typer.Option("--format", help=say("help-form"))]
_DAYS = {"formats": ["%Y-%m-%d"], "metavar": "YYYY-MM-DD"}
First = Annotated[datetime | None, typer.Option("--from", help=say("help-check-from"), **_DAYS)]
Last = Annotated[datetime | None, typer.Option("--to", help=say("help-check-to"), **_DAYS)]
Strict = Annotated[bool, typer.Option("--strict", help=say("help-strict"))]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check-source", help=say("help-check"))(check_source)


def check_source(
    files: Files = None,
    kind: Kind = None,
    source: Source = None,
    form: FormOption = None,
    first: First = None,
    last: Last = None,
    strict: Strict = False,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Check files, or what the key's source has sent; exit code 1 when some would be refused."""
    with telling(lang=lang, json_form=json_form):
        now = datetime.now(UTC)
        if files:
            if first or last:
                raise typer.BadParameter(say("check-files-and-days"))
            sample: dict[str, Any] = {"files": files}
            name = say("check-sample", name=", ".join(files))
            found = _of_files(files, Reading(form=form, kind=kind, source=source), now)
        else:
            days = _days(first, last, now)
            sample = {"source": source, "from": days[0], "to": days[1]}
            name = _span(source, days)
            found = _of_server(Where(url=url, key=key, data=data), source, days, now)
        judged = readiness(found.events)
        if json_form:
            as_json(readiness_json(sample, found, judged))
        else:
            show_readiness(answers, name, found, judged)
            if files:
                note("check-limits")
        code = _exit(found, judged, strict=strict, from_files=bool(files))
        if code is not Exit.DONE:
            raise typer.Exit(code)


def _exit(found: Examined, judged: Readiness, *, strict: bool, from_files: bool) -> Exit:
    if found.refused:
        return Exit.REFUSED
    if judged.verdict is Verdict.EMPTY:
        return Exit.FILE if from_files else Exit.NOT_KNOWN
    return Exit.REFUSED if strict and judged.verdict is not Verdict.EXACT else Exit.DONE


def _of_files(files: list[str], reading: Reading, now: datetime) -> Examined:
    for each in files:
        check_readable(each)
    with ExitStack() as kept:
        return examined(_entries(files, reading, kept), reading.source or UNNAMED, now)


def _entries(files: list[str], reading: Reading, kept: ExitStack) -> Iterator[Entry]:
    """Of several files, each entry with the name of its own."""
    for name in files:
        file = kept.enter_context(opened(name))
        form = reading.form_of(name, file)
        for entry in entries(file, form, kind=reading.kind, source=reading.source):
            if len(files) > 1:
                yield replace(entry, member="/".join(filter(None, (name, entry.member))))
            else:
                yield entry


Days = tuple[date, date]


def _days(first: datetime | None, last: datetime | None, now: datetime) -> Days:
    """The span asked for; by default the week up to today, as days go in China."""
    until = last.date() if last else (now + _HOME).date()
    return first.date() if first else until - _WEEK, until


def _span(source: str | None, days: Days) -> str:
    named = source or say("check-any-source")
    return say("check-server", source=named, first=days[0], last=days[1])


def _of_server(where: Where, source: str | None, days: Days, now: datetime) -> Examined:
    """What the door has of a source, without what is void by now."""
    asked = {"from": str(days[0]), "to": str(days[1]), "source": source, "limit": _PAGE}
    with connect(where, LOOKING) as client:
        sent = client.pages("/v1/events", "events", **asked)
        documents = (each["document"] for each in sent if each["holds"])
        made = (Entry(number=number, document=each) for number, each in enumerate(documents, 1))
        return examined(made, source or UNNAMED, now)
