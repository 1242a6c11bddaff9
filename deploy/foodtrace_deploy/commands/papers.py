"""`foodtrace papers`: which papers goods have, what is missing, and whether they may be sold."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from foodtrace.codes import canonical
from foodtrace_client import Client
from foodtrace_deploy.commands.affected import BatchId, CodeArgument, LotId, check
from foodtrace_deploy.commands.asking import After, Key, Lang, Url
from foodtrace_deploy.commands.connect import LOOKING, Where, connect
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.commands.subject import Wish, choose
from foodtrace_deploy.rendering.papers import show_papers
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say

Party = Annotated[str | None, typer.Option("--party", metavar="ID", help=say("help-papers-party"))]
#: Hands of one code that are shown.
HANDS = 20
PAGE = 1000
_INSPECTION = ("state", "subject", "context", "condemned", "condemned_count")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("papers", help=say("help-papers"))(papers)


def papers(
    code: CodeArgument = None,
    batch: BatchId = None,
    lot: LotId = None,
    party: Party = None,
    after: After = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Own and inherited papers, how each stands, gaps, and the state by inspections."""
    wish = Wish(code=code, batch=batch, lot=lot, after=after)
    with telling(lang=lang, json_form=json_form):
        check(wish)
        with connect(Where(url=url, key=key, data=data), LOOKING) as client:
            ids = _lots(client, wish, party)
            told = [_told(client, each, after) for each in ids[:HANDS]]
        more = len(ids) - len(told)
        if json_form:
            as_json({"lots": told, "more": more})
        else:
            show_papers(answers, told, more)


def _lots(client: Client, wish: Wish, party: str | None) -> list[str]:
    """The lots that bear the code, of one party where that is asked."""
    chosen = choose(client, wish)
    if chosen.kind == "lot" and chosen.about is None:
        return [chosen.id]
    lots = (chosen.about or {}).get("lots", [])
    if chosen.kind == "batch":
        lots = client.pages(f"/v1/batches/{chosen.id}", "lots", limit=PAGE)
    holder = None if party is None else canonical(party)
    return [lot["lot_id"] for lot in lots if holder in (None, lot["holder"])]


def _told(client: Client, lot: str, after: str | None) -> dict[str, Any]:
    told: dict[str, Any] = client.get(f"/v1/lots/{lot}/papers", after=after)
    inspection = client.get("/v1/inspections", lot=lot)
    return {**told, "inspection": {name: inspection[name] for name in _INSPECTION}}
