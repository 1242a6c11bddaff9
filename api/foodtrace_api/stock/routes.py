"""The routes of stock."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from foodtrace.text import NAME_LIMIT
from foodtrace_api.examples import answered
from foodtrace_api.stock.service import Wanted, of_lot, stock
from foodtrace_api.stock.shapes import LotStockAnswer, StockAnswer
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.paging import Cursor
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES

router = APIRouter(
    prefix="/v1", tags=["stock"], responses=PROBLEM_RESPONSES, dependencies=[Depends(after_push)]
)

#: Products of one page at most: each may have a year of days behind it.
MOST = 200
Limit = Annotated[int, Query(ge=1, le=MOST, description="Products of one page at most")]
Party = Annotated[
    str | None,
    Query(min_length=1, max_length=NAME_LIMIT, description="Whose stock: a party's id or alias"),
]
Location = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=NAME_LIMIT,
        description="At this place and all that stands in it; alone: whoever is there",
    ),
]
Product = Annotated[
    str | None,
    Query(
        min_length=1, max_length=NAME_LIMIT, description="Only this product, by any of its codes"
    ),
]
At = Annotated[
    date | None,
    Query(description="The book at the end of this business day; by default all that is known"),
]
Since = Annotated[
    date | None,
    Query(alias="from", description="What happened from this day on, and what was there before"),
]


@router.get(
    "/stock",
    response_model=StockAnswer,
    responses=answered(StockAnswer, "stock", "A page of the book of stock"),
    summary="进销存 of a party or a place",
)
def index(
    request: Request,
    caller: WithKey,
    party: Party = None,
    location: Location = None,
    product: Product = None,
    at: At = None,
    since: Since = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """What came in, went out and should be there, by product and place, in each unit by itself; what
    people counted beside it; and what doesn't add up (more sold than came in, reports that differ,
    units that can't be compared). Give a party, a location, or both; a party's key means itself.
    """
    wanted = Wanted(
        party=party,
        location=location,
        product=product,
        since=since,
        at=at,
        limit=limit,
        cursor=cursor,
    )
    return answer(stock(door_of(request), caller, wanted))


@router.get(
    "/lots/{lot_id}/stock",
    response_model=LotStockAnswer,
    responses=answered(LotStockAnswer, "lot_stock", "The book of the lot"),
    summary="进销存 of a lot",
)
def one(
    request: Request, caller: WithKey, lot_id: UUID, at: At = None, since: Since = None
) -> Response:
    """The equation of one lot on any business day; its holder sees it, inspectors see all."""
    return answer(of_lot(door_of(request), caller, lot_id, since, at))
