"""`foodtrace proof`: the proof of one event, to be kept and checked without us."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from foodtrace.problems import TheirFault
from foodtrace_deploy.commands.asking import After, Key, Lang, Url
from foodtrace_deploy.commands.connect import LOOKING, Where, connect
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say

Event = Annotated[str, typer.Argument(metavar="EVENT", help=say("help-proof-event"))]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help=say("help-evidence-out"))]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("proof", help=say("help-proof"))(proof)


def proof(
    event: Event,
    out: Out = None,
    after: After = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """It is checked here too, by its own key; `foodtrace verify` does so again with yours."""
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), LOOKING) as client:
            answer = client.get(f"/v1/events/{event}/proof", after=after)
        if out is not None:
            _write(out, answer)
        if json_form:
            as_json(answer)
        elif not _shown(answer):
            raise typer.Exit(Exit.REFUSED)


def _shown(answer: Any) -> bool:
    """Whether the answer holds by itself; shows where the records stand and what is wrong."""
    # Rendering and cryptography are only needed here.
    from foodtrace_deploy.rendering.evidence import show_report
    from foodtrace_deploy.rendering.moments import moment
    from foodtrace_formats.evidence.files import check_file

    report = check_file(io.BytesIO(msgspec.json.encode(answer)))
    for shown, part in zip(answer["proofs"], report.parts, strict=True):
        as_of = moment(part.as_of.isoformat()) if part.as_of else "?"
        told = say(
            "proof-in-log",
            place=part.place,
            offset=shown["offset"],
            index=f"{shown['leaf_index']:,}",
            size=f"{part.size:,}",
            as_of=as_of,
        )
        answers.print(told, markup=False)
    show_report(answers, report)
    return report.ok


def _write(file: Path, answer: Any) -> None:
    text = msgspec.json.format(msgspec.json.encode(answer), indent=1) + b"\n"
    try:
        file.write_bytes(text)
    except OSError as error:
        raise TheirFault("file.unreadable", error.strerror or str(error), str(file)) from error
