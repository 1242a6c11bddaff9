"""`foodtrace evidence`: bundles for whoever has to check without us, and the public key."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from foodtrace_deploy.commands.asking import Key, Lang, Url
from foodtrace_deploy.commands.connect import LOOKING, Where, connect
from foodtrace_deploy.commands.exits import Exit
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import note, telling
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say

File = Annotated[Path, typer.Argument(metavar="FILE", help=say("help-evidence-file"))]
Topics = Annotated[
    list[str] | None, typer.Option("--topic", metavar="TOPIC", help=say("help-evidence-topic"))
]
Partition = Annotated[
    int | None, typer.Option("--partition", min=0, help=say("help-evidence-partition"))
]
From = Annotated[int | None, typer.Option("--from", min=0, help=say("help-evidence-from"))]
To = Annotated[int | None, typer.Option("--to", min=0, help=say("help-evidence-to"))]
Events = Annotated[
    list[UUID] | None, typer.Option("--event", metavar="ID", help=say("help-evidence-event"))
]
Since = Annotated[
    Path | None, typer.Option("--since", metavar="FILE", help=say("help-evidence-since"))
]
Force = Annotated[bool, typer.Option("--force", help=say("help-evidence-force"))]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help=say("help-evidence-out"))]
All = Annotated[bool, typer.Option("--all", help=say("help-evidence-all"))]
Retire = Annotated[bool, typer.Option("--retire", help=say("help-evidence-retire"))]
Reason = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help=say("help-evidence-reason"))
]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help=say("help-evidence-by"))]
New = Annotated[Path | None, typer.Option("--new", metavar="FILE", help=say("help-evidence-new"))]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help=say("help-evidence"), no_args_is_help=True)
    group.command("export", help=say("help-evidence-export"))(export)
    group.command("check", help=say("help-evidence-check"))(check)
    group.command("key", help=say("help-evidence-key"))(key_)
    app.add_typer(group, name="evidence")


def export(
    file: File,
    topic: Topics = None,
    partition: Partition = None,
    begin: From = None,
    end: To = None,
    event: Events = None,
    since: Since = None,
    force: Force = False,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Reads the log and the database themselves, as the stack's own processes do (ops)."""
    with telling(lang=lang, json_form=json_form):
        # What reads Kafka and PostgreSQL is only needed here.
        from foodtrace_deploy.commands.exporting import Asked, run

        ranged = any(one is not None for one in (topic, partition, begin, end))
        if event and ranged:
            raise typer.BadParameter(say("evidence-either"))
        if file.exists() and not force:
            raise typer.BadParameter(say("evidence-file-exists", file=file))
        asked = Asked(
            topics=None if topic is None else tuple(topic),
            partition=partition,
            begin=begin,
            end=end,
            events=tuple(event or ()),
            since=since,
        )
        done = run(data, file, asked, json_form=json_form)
        if json_form:
            as_json(done)
            return
        for place in done["uncovered"]:
            note("evidence-uncovered", place=place)
        if done["later"]:
            note("evidence-later", count=f"{done['later']:,}")
        counts = {name: f"{done[name]:,}" for name in ("records", "bytes", "parts")}
        answers.print(say("evidence-written", file=file, **counts), markup=False)


def check(data: Data = DATA, lang: Lang = None, json_form: Json = False) -> None:
    """Asks the database alone: leaf hashes against subtrees, head and signed checkpoints (ops)."""
    with telling(lang=lang, json_form=json_form):
        # What reads PostgreSQL is only needed here.
        from foodtrace_deploy.commands import checking
        from foodtrace_deploy.rendering.evidence_keys import show_checked

        done = checking.run(data, json_form=json_form)
        if json_form:
            as_json(done)
        else:
            show_checked(answers, done)
        if not done["ok"]:
            raise typer.Exit(Exit.REFUSED)


def key_(
    every: All = False,
    out: Out = None,
    retire: Retire = False,
    reason: Reason = None,
    by: By = None,
    new: New = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Keep it from the beginning on, and compare it over another way than the evidence came by."""
    with telling(lang=lang, json_form=json_form):
        if retire:
            if reason is None or every or out is not None:
                raise typer.BadParameter(say("evidence-retire-alone"))
            _retire(data, reason, by, new, json_form=json_form)
            return
        if any(one is not None for one in (reason, by, new)):
            raise typer.BadParameter(say("evidence-retire-only"))
        with connect(Where(url=url, key=key, data=data), LOOKING) as client:
            answer = client.get("/v1/evidence/key")
        shown = answer["keys"] if every else answer["keys"][:1]
        pems = "".join(one["public_key"] for one in shown)
        if out is not None and pems:
            out.write_text(pems, encoding="ascii")
        if json_form:
            as_json(answer)
        elif not pems:
            note("evidence-no-key")
        elif every:
            # Rendering is only needed here.
            from foodtrace_deploy.rendering.evidence_keys import show_keys

            show_keys(answers, shown)
        else:
            answers.print(pems, markup=False, end="")


def _retire(data: Path, reason: str, by: str | None, new: Path | None, *, json_form: bool) -> None:
    # What writes to the database is only needed here.
    from foodtrace_deploy.commands import retiring
    from foodtrace_deploy.rendering.evidence_keys import show_retired

    done = retiring.run(data, reason=reason, by=by, new=new, json_form=json_form)
    if json_form:
        as_json(done)
    else:
        show_retired(answers, done, mine=new is not None)
