"""`foodtrace affected`: whom a bad lot or batch affects."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from typing import Annotated, Any

import typer

from foodtrace_client import Client
from foodtrace_deploy.commands.asking import After, Key, Lang, Url, one_of
from foodtrace_deploy.commands.connect import LOOKING, Where, connect
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.commands.subject import Chosen, Wish, choose
from foodtrace_deploy.rendering.affected import show_affected
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say

CodeArgument = Annotated[str | None, typer.Argument(metavar="CODE", help=say("help-code"))]
BatchId = Annotated[str | None, typer.Option("--batch", metavar="ID", help=say("help-batch-id"))]
LotId = Annotated[str | None, typer.Option("--lot", metavar="ID", help=say("help-lot-id"))]
Within = Annotated[
    str | None, typer.Option("--within", metavar="LOCATION", help=say("help-within"))
]
By = Annotated[
    str | None,
    typer.Option("--by", help=say("help-by"), **one_of(("party", "location", "market"))),
]
#: Query parameters that narrow or group an answer.
View = Mapping[str, str | None]
#: Sellers in one answer; further pages are fetched.
PAGE = 1000


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("affected", help=say("help-affected"))(affected)


def affected(
    code: CodeArgument = None,
    batch: BatchId = None,
    lot: LotId = None,
    within: Within = None,
    by: By = None,
    after: After = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Sellers, amounts, receipts, paths, totals, flags, and what isn't known."""
    wish = Wish(code=code, batch=batch, lot=lot, after=after)
    with telling(lang=lang, json_form=json_form):
        check(wish)
        with connect(Where(url=url, key=key, data=data), LOOKING) as client:
            chosen = choose(client, wish)
            began = perf_counter()
            view = {"within": within, "by": by}
            answer = _first_page(client, chosen, after, view)
            milliseconds = (perf_counter() - began) * 1000
            _add_pages(client, chosen, answer, view)
        if json_form:
            as_json({**answer, "milliseconds": round(milliseconds, 3)})
        else:
            show_affected(answers, answer, milliseconds=milliseconds, by=by)


def check(wish: Wish) -> None:
    """Something has to be asked about."""
    if not (wish.code or wish.batch or wish.lot):
        raise typer.BadParameter(say("no-code"))


def _first_page(client: Client, chosen: Chosen, after: str | None, view: View) -> dict[str, Any]:
    answer: dict[str, Any] = client.affected(
        chosen.kind, chosen.id, after=after, limit=PAGE, **view
    )
    return answer


def _add_pages(client: Client, chosen: Chosen, answer: dict[str, Any], view: View) -> None:
    """The sellers or groups of further pages; what holds for all pages stays that of the first."""
    while answer["next"] is not None:
        cursor = answer["next"]
        page = client.affected(chosen.kind, chosen.id, cursor=cursor, limit=PAGE, **view)
        for name in ("sellers", "groups"):
            if answer[name] is not None:
                answer[name] += page[name]
        answer["next"] = page["next"]
