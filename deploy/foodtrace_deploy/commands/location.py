"""`foodtrace location`: a place in its tree, who sat there when, and what stands in it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

import typer

from foodtrace_deploy.commands.asking import After, Key, Lang, Url
from foodtrace_deploy.commands.connect import LOOKING, Where, connect
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.rendering.registers import show_location
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say

Code = Annotated[str, typer.Argument(metavar="CODE", help=say("help-location-code"))]
At = Annotated[str | None, typer.Option("--at", metavar="DAY", help=say("help-at"))]
Deep = Annotated[bool, typer.Option("--deep", help=say("help-deep"))]
#: Places in one answer; further pages are fetched.
PAGE = 1000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("location", help=say("help-location"))(location)


def location(
    code: Code,
    at: At = None,
    deep: Deep = False,
    after: After = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """The place with its tenants, and what stands in it."""
    path = f"/v1/locations/{quote(code, safe='')}"
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), LOOKING) as client:
            found = client.get(path, at=at, after=after)
            asked = {"at": at, "deep": deep, "limit": PAGE}
            children = list(client.pages(f"{path}/children", "children", **asked))
        if json_form:
            as_json({"location": found, "children": children})
        else:
            show_location(answers, found, children, len(children))
