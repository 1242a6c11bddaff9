"""`foodtrace trace`: where goods came from and where they went; where a receipt's food came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from foodtrace_client import Client, NotKnown
from foodtrace_client.client import Question
from foodtrace_deploy.commands.affected import BatchId, CodeArgument, LotId, check
from foodtrace_deploy.commands.asking import After, Key, Lang, Url
from foodtrace_deploy.commands.connect import LOOKING, Where, connect
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import note, telling
from foodtrace_deploy.commands.subject import Chosen, Wish, choose
from foodtrace_deploy.rendering import places
from foodtrace_deploy.rendering.chain import show_chains
from foodtrace_deploy.rendering.receipt import show_receipt
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say

Amount = Annotated[str | None, typer.Option("--amount", help=say("help-amount"))]
Day = Annotated[str | None, typer.Option("--date", metavar="DAY", help=say("help-date"))]
All = Annotated[bool, typer.Option("--all", help=say("help-all"))]
Depth = Annotated[int, typer.Option("--depth", min=1, help=say("help-depth"))]

#: Lots each way that are shown unless all are asked for.
SHOWN = 200
PAGE = 1000
DEPTH = 12


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("trace", help=say("help-trace"))(trace)


def trace(
    code: CodeArgument = None,
    batch: BatchId = None,
    lot: LotId = None,
    amount: Amount = None,
    day: Day = None,
    all_: All = False,
    depth: Depth = DEPTH,
    after: After = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """A tree up and down from goods; from a receipt up to the farms."""
    wish = Wish(code=code, batch=batch, lot=lot, after=after)
    with telling(lang=lang, json_form=json_form):
        check(wish)
        with connect(Where(url=url, key=key, data=data), LOOKING) as client:
            if code is not None and (amount is not None or day is not None):
                found = client.receipt(code, amount=amount, date=day, after=after)
                _show(Told(receipt=found), json_form, depth)
                return
            whole = all_ or json_form
            told = _goods_or_receipt(client, wish, whole, json_form=json_form)
            _show(told, json_form, depth)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was found: a receipt, or both ways from goods."""

    receipt: Mapping[str, Any] | None = None
    chosen: Chosen | None = None
    upstream: Mapping[str, Any] | None = None
    downstream: Mapping[str, Any] | None = None


def _goods_or_receipt(client: Client, wish: Wish, whole: bool, *, json_form: bool) -> Told:
    try:
        chosen = choose(client, wish)
    except NotKnown as unknown:
        # A receipt's code can't be guessed, so the public door tells whether it is one.
        if wish.code is None:
            raise
        try:
            return Told(receipt=client.receipt(wish.code))
        except NotKnown:
            if not json_form:
                note("trace-till-number")
            raise unknown from None
    return Told(
        chosen=chosen,
        upstream=_chain(client, "upstream", chosen, wish.after, whole),
        downstream=_chain(client, "downstream", chosen, wish.after, whole),
    )


def _chain(
    client: Client, way: Question, chosen: Chosen, after: str | None, whole: bool
) -> dict[str, Any]:
    limit = PAGE if whole else SHOWN
    answer: dict[str, Any] = client.ask(way, chosen.kind, chosen.id, after=after, limit=limit)
    while whole and answer["next"] is not None:
        page = client.ask(way, chosen.kind, chosen.id, cursor=answer["next"], limit=limit)
        answer["lots"] += page["lots"]
        answer["next"] = page["next"]
    return answer


def _show(told: Told, json_form: bool, depth: int) -> None:
    if told.receipt is not None:
        if json_form:
            as_json({"receipt": told.receipt})
        else:
            show_receipt(answers, told.receipt)
        return
    assert told.chosen is not None
    assert told.upstream is not None
    assert told.downstream is not None
    if json_form:
        as_json({"upstream": told.upstream, "downstream": told.downstream})
    else:
        subject = _subject(told.chosen, told.downstream)
        show_chains(answers, subject, told.upstream, told.downstream, depth=depth)


def _subject(chosen: Chosen, downstream: Mapping[str, Any]) -> str:
    about = chosen.about or {}
    if chosen.kind == "batch":
        batch = about.get("batch", {"code": chosen.id, "manufacturer": "", "product": ""})
        names = ", ".join(about.get("product_names", ())) or batch["product"]
        return say(
            "subject-batch", code=batch["code"], product=names, maker=places.maker(batch) or "?"
        )
    first = downstream["lots"][0]["lot"] if downstream["lots"] else {"code": "", "holder": ""}
    return say("subject-lot", code=first["code"], holder=first["holder"])
