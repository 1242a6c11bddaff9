"""`foodtrace voucher`: what a voucher's number joins."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from foodtrace_client import Client
from foodtrace_deploy.commands.asking import After, Key, Lang, Url
from foodtrace_deploy.commands.connect import LOOKING, Where, connect
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.rendering.voucher import show_voucher
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say

Number = Annotated[str, typer.Argument(metavar="NUMBER", help=say("help-voucher-number"))]
Issuer = Annotated[
    str | None, typer.Option("--issuer", metavar="ID", help=say("help-voucher-issuer"))
]
#: Citing documents of one answer; further pages are fetched.
PAGE = 1000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("voucher", help=say("help-voucher"))(voucher)


def voucher(
    number: Number,
    issuer: Issuer = None,
    after: After = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Purchase, stock, processing, inspections, flow and papers of its goods, and what cites it."""
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), LOOKING) as client:
            answer = _whole(client, number, issuer, after)
        if json_form:
            as_json(answer)
        else:
            show_voucher(answers, answer)


def _whole(client: Client, number: str, issuer: str | None, after: str | None) -> dict[str, Any]:
    """The voucher with all pages of what cites it."""
    answer: dict[str, Any] = client.voucher(number, issuer=issuer, after=after, limit=PAGE)
    while answer["next"] is not None:
        page = client.voucher(number, issuer=issuer, cursor=answer["next"], limit=PAGE)
        answer["cited_by"] += page["cited_by"]
        answer["next"] = page["next"]
    return answer
