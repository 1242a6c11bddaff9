"""`foodtrace stock`: what should be there by the books, and what doesn't add up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

import typer

from foodtrace.codes import canonical
from foodtrace_client import Client
from foodtrace_deploy.commands.asking import After, Key, Lang, Url
from foodtrace_deploy.commands.connect import LOOKING, Where, connect
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.commands.subject import Wish, choose
from foodtrace_deploy.rendering.stock import show_lots, show_stock
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say

Code = Annotated[str | None, typer.Argument(metavar="CODE", help=say("help-stock-code"))]
LotId = Annotated[str | None, typer.Option("--lot", metavar="ID", help=say("help-lot-id"))]
Party = Annotated[str | None, typer.Option("--party", metavar="ID", help=say("help-stock-party"))]
Location = Annotated[
    str | None, typer.Option("--location", metavar="ID", help=say("help-stock-location"))
]
Product = Annotated[
    str | None, typer.Option("--product", metavar="CODE", help=say("help-stock-product"))
]
At = Annotated[str | None, typer.Option("--at", metavar="DAY", help=say("help-stock-at"))]
Since = Annotated[str | None, typer.Option("--from", metavar="DAY", help=say("help-stock-from"))]

#: Products of one answer; further pages are fetched.
PAGE = 200
#: Hands of one code that are shown.
HANDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for; days are checked before they are sent."""

    code: str | None
    lot: str | None
    params: dict[str, Any]

    @property
    def days(self) -> dict[str, Any]:
        """The days alone: a lot is named by its code."""
        return {name: self.params[name] for name in ("at", "from", "after")}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("stock", help=say("help-stock"))(stock)


def stock(
    code: Code = None,
    lot: LotId = None,
    party: Party = None,
    location: Location = None,
    product: Product = None,
    at: At = None,
    since: Since = None,
    after: After = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """Opening, in, out, book stock and counts, by product and unit; a code asks about its lots."""
    params = {
        "party": party,
        "location": location,
        "product": product,
        "at": _day(at),
        "from": _day(since),
        "after": after,
    }
    asked = Asked(code=code, lot=lot, params=params)
    with telling(lang=lang, json_form=json_form):
        if not (code or lot or party or location or key):
            raise typer.BadParameter(say("stock-of-what"))
        with connect(Where(url=url, key=key, data=data), LOOKING) as client:
            if code is None and lot is None:
                answer = _book(client, asked)
                told, more = [answer], 0
            else:
                told, more = _lots(client, asked)
        if json_form:
            as_json(told[0] if code is None and lot is None else {"lots": told, "more": more})
        elif code is None and lot is None:
            show_stock(answers, told[0], _title(told[0]))
        else:
            show_lots(answers, told, say("stock-of-lot", code=code or lot), more)


def _day(given: str | None) -> str | None:
    if given is None:
        return None
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise typer.BadParameter(say("stock-bad-day", given=given)) from None


def _book(client: Client, asked: Asked) -> dict[str, Any]:
    answer: dict[str, Any] = client.get("/v1/stock", limit=PAGE, **asked.params)
    while answer["next"] is not None:
        page = client.get("/v1/stock", limit=PAGE, cursor=answer["next"], **asked.params)
        answer["lines"] += page["lines"]
        answer["next"] = page["next"]
    return answer


def _lots(client: Client, asked: Asked) -> tuple[list[dict[str, Any]], int]:
    """The books of the lots that bear the code, of one party or at one place where that is asked."""
    if asked.lot is not None:
        ids = [asked.lot]
    else:
        after = asked.params["after"]
        chosen = choose(client, Wish(code=asked.code, batch=None, lot=None, after=after))
        lots = (chosen.about or {}).get("lots", [])
        if chosen.kind == "batch":
            lots = list(client.pages(f"/v1/batches/{chosen.id}", "lots", limit=1000))
        ids = [lot["lot_id"] for lot in lots if _meant(lot, asked)]
    books = [client.get(f"/v1/lots/{each}/stock", **asked.days) for each in ids[:HANDS]]
    return books, len(ids) - len(books)


def _meant(lot: dict[str, Any], asked: Asked) -> bool:
    wanted = (("holder", asked.params["party"]), ("location", asked.params["location"]))
    return all(name is None or lot[key] == canonical(name) for key, name in wanted)


def _title(answer: dict[str, Any]) -> str:
    party, location = answer["party"], answer["location"]
    named = next((e["party_name"] for e in answer["lines"] if e["party"] == party), None)
    who = [part for part in (named or party, answer.get("location_name") or location) if part]
    return say("stock-of", who="  ".join(who))
