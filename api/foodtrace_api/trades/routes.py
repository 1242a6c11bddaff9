"""The route of one trade."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from foodtrace.text import NAME_LIMIT
from foodtrace_api.trades.service import look_up
from foodtrace_api.trades.shapes import TradeAnswer
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES

router = APIRouter(
    prefix="/v1", tags=["trades"], responses=PROBLEM_RESPONSES, dependencies=[Depends(after_push)]
)

Seller = Annotated[
    str, Query(min_length=1, max_length=NAME_LIMIT, description="The seller as written")
]
TradeNo = Annotated[str, Query(min_length=1, max_length=128, description="The trade's number")]


@router.get("/trades", response_model=TradeAnswer, summary="One trade, as all report it")
def one(request: Request, caller: WithKey, seller: Seller, trade_no: TradeNo) -> Response:
    """Both parties' reports, the market's and the shop's, side by side with the figures that count;
    the orders and payments that join it by reference.
    """
    return answer(look_up(door_of(request), caller, seller, trade_no))
