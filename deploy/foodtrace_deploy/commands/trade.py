"""`foodtrace trade`: one trade with all its reports."""

from __future__ import annotations

from typing import Annotated

import typer

from foodtrace_deploy.commands.asking import After, Key, Lang, Url
from foodtrace_deploy.commands.connect import LOOKING, Where, connect
from foodtrace_deploy.commands.options import DATA, Data, Json
from foodtrace_deploy.commands.shell import telling
from foodtrace_deploy.rendering.trade import show_trade
from foodtrace_deploy.show import answers, as_json
from foodtrace_deploy.texts import say

Seller = Annotated[str, typer.Argument(metavar="SELLER", help=say("help-trade-seller"))]
Number = Annotated[str, typer.Argument(metavar="TRADE_NO", help=say("help-trade-no"))]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("trade", help=say("help-trade"))(trade)


def trade(
    seller: Seller,
    trade_no: Number,
    after: After = None,
    url: Url = None,
    key: Key = None,
    data: Data = DATA,
    lang: Lang = None,
    json_form: Json = False,
) -> None:
    """What each party reports, the figures that count, and the orders and payments that join."""
    with telling(lang=lang, json_form=json_form):
        with connect(Where(url=url, key=key, data=data), LOOKING) as client:
            answer = client.get("/v1/trades", seller=seller, trade_no=trade_no, after=after)
        if json_form:
            as_json(answer)
        else:
            show_trade(answers, answer)
