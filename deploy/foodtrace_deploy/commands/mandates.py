"""`foodtrace keys mandate`: who may report in whose name, and on which days."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from foodtrace_deploy.commands.asking import Key, Lang, Url, whole_id
from foodtrace_deploy.commands.connect import MANAGING, Where, connect
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.rendering.keys import show_mandates
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say

MANDATES = "/v1/mandates"

ReporterArgument = Annotated[
    str, typer.Argument(metavar="REPORTER", help=say("help-mandate-reporter"))
]
Reporter = Annotated[str | None, typer.Option("--reporter", help=say("help-mandate-reporter"))]
Party = Annotated[str | None, typer.Option("--party", help=say("help-mandate-party"))]
Market = Annotated[str | None, typer.Option("--market", help=say("help-mandate-market"))]
From = Annotated[str, typer.Option("--from", metavar="DAY", help=say("help-mandate-from"))]
To = Annotated[str | None, typer.Option("--to", metavar="DAY", help=say("help-mandate-to"))]
Note = Annotated[str, typer.Option("--note", help=say("help-mandate-note"))]
MandateId = Annotated[str, typer.Argument(metavar="ID", help=say("help-mandate-id"))]


def register(app: typer.Typer) -> None:
    """Add the group and its commands."""
    group = typer.Typer(help=say("help-mandates"), no_args_is_help=True)
    group.command("list", help=say("help-mandates-list"))(list_)
    group.command("grant", help=say("help-mandates-grant"))(grant)
    group.command("revoke", help=say("help-mandates-revoke"))(revoke)
    app.add_typer(group, name="mandate")


def list_(
    reporter: Reporter = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """All mandates, revoked ones too."""
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), MANAGING) as client:
            found = list(client.pages(MANDATES, "mandates", reporter=reporter))
        _show(found, json_form, {"mandates": found})


def grant(
    reporter: ReporterArgument,
    valid_from: From,
    party: Party = None,
    market: Market = None,
    valid_to: To = None,
    note: Note = "",
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Let a reporter speak for a party, or for all stalls of a market."""
    wanted = {"reporter": reporter, "party": party, "market": market}
    wanted |= {"valid_from": valid_from, "valid_to": valid_to, "note": note}
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), MANAGING) as client:
            made = client.post(MANDATES, wanted)
        _show([made], json_form, made)


def revoke(
    mandate_id: MandateId,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """End a mandate for every day; what was reported under it stays."""
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), MANAGING) as client:
            listed = client.pages(MANDATES, "mandates")
            ended = client.delete(MANDATES, whole_id(listed, mandate_id))
        _show([ended], json_form, ended)


def _show(found: list[dict[str, Any]], json_form: bool, whole: Any) -> None:
    if json_form:
        as_json(whole)
    else:
        show_mandates(answers, found)
