"""`foodtrace flags`: what is odd in the records."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer

from foodtrace.flags import FLAGS
from foodtrace_client import Client
from foodtrace_deploy.commands.asking import After, Key, Lang, Url
from foodtrace_deploy.commands.connect import LOOKING, Where, connect
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.rendering.flag_list import show_flag_list
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say

Codes = Annotated[
    list[str] | None, typer.Option("--code", metavar="CODE", help=say("help-flag-code"))
]
Party = Annotated[str | None, typer.Option("--party", metavar="ID", help=say("help-flag-party"))]
Location = Annotated[
    str | None, typer.Option("--location", metavar="ID", help=say("help-flag-location"))
]
Product = Annotated[
    str | None, typer.Option("--product", metavar="CODE", help=say("help-flag-product"))
]
First = Annotated[str | None, typer.Option("--from", metavar="DAY", help=say("help-flag-from"))]
Last = Annotated[str | None, typer.Option("--to", metavar="DAY", help=say("help-flag-to"))]
Most = Annotated[int, typer.Option("--limit", min=1, help=say("help-flag-limit"))]

#: Flags of one answer; further pages are fetched.
PAGE = 1000
#: Flags that are listed unless more are asked for.
LIMIT = 1000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("flags", help=say("help-flags"))(flags)


def flags(
    code: Codes = None,
    party: Party = None,
    location: Location = None,
    product: Product = None,
    first: First = None,
    last: Last = None,
    limit: Most = LIMIT,
    after: After = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Grouped by what is odd, with counts; by default the ledger's last seven business days."""
    params = {
        "code": _known(code),
        "party": party,
        "location": location,
        "product": product,
        "from": _day(first),
        "to": _day(last),
        "after": after,
    }
    asked = {name: value for name, value in params.items() if value}
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), LOOKING) as client:
            answer = _pages(client, asked, limit)
        if json_form:
            as_json(answer)
        else:
            show_flag_list(answers, answer)


def _pages(client: Client, asked: dict[str, Any], limit: int) -> dict[str, Any]:
    """Pages put together: a page may be short, or empty, and have a next one all the same."""
    answer: dict[str, Any] = client.get("/v1/flags", **asked, limit=min(PAGE, limit))
    # The days of the first page hold for all: the ledger may know of a new one meanwhile.
    while answer["next"] is not None and len(answer["flags"]) < limit:
        most = min(PAGE, limit - len(answer["flags"]))
        page = client.get("/v1/flags", **asked, limit=most, cursor=answer["next"])
        answer["flags"] += page["flags"]
        answer["next"] = page["next"]
    return answer


def _known(codes: list[str] | None) -> list[str]:
    for code in codes or ():
        if code not in FLAGS:
            choices = ", ".join(sorted(FLAGS))
            raise typer.BadParameter(say("not-one-of", value=code, choices=choices))
    return codes or []


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
