"""`foodtrace party`: names over time, codes with their days, merges, and where it sat."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

import typer

from foodtrace_client import Client, Conflicting, NotKnown
from foodtrace_client.errors import Problem, local_problem
from foodtrace_deploy.commands.asking import After, Key, Lang, Url
from foodtrace_deploy.commands.connect import LOOKING, Where, connect
from foodtrace_deploy.commands.location import PAGE, At
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.rendering.registers import show_party
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say

Code = Annotated[str, typer.Argument(metavar="CODE", help=say("help-party-code"))]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("party", help=say("help-party"))(party)


def party(
    code: Code,
    at: At = None,
    after: After = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Whom the code means on the day, and all that is known of it."""
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), LOOKING) as client:
            found = _whole(client, _meant(client, code, at, after), at)
        if json_form:
            as_json(found)
        else:
            show_party(answers, found)


def _meant(client: Client, code: str, at: str | None, after: str | None) -> str:
    """The one party that is meant; somebody who isn't registered only by his key itself.

    Raises `Conflicting` with the candidates where a code means several.
    """
    try:
        known = client.get("/v1/parties", code=code, at=at, after=after)["parties"]
    except NotKnown:
        return code
    by_id = {each["party"]: each for each in known}
    if len(by_id) == 1:
        return str(known[0]["party"])
    text = local_problem("party.ambiguous", code)
    raise Conflicting(
        Problem(
            status=409,
            code=text.code,
            zh=text.zh,
            en=text.en,
            detail=code,
            candidates=tuple(
                {"kind": "party", "subject": number, "name": each["name"]}
                for number, each in by_id.items()
            ),
        )
    )


def _whole(client: Client, party: str, at: str | None) -> dict[str, Any]:
    path = f"/v1/parties/{quote(party, safe='')}"
    found: dict[str, Any] = client.get(path, at=at, limit=PAGE)
    while found["next"] is not None:
        page = client.get(path, at=at, limit=PAGE, cursor=found["next"])
        found["occupied"] += page["occupied"]
        found["places"] += page["places"]
        found["next"] = page["next"]
    return found
