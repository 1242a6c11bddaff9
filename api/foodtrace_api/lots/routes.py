"""Routes of lots."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from foodtrace.text import NAME_LIMIT
from foodtrace_api.examples import answered
from foodtrace_api.lots.found import Wanted
from foodtrace_api.lots.service import describe, find
from foodtrace_api.lots.shapes import FoundAnswer, LotAnswer
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.paging import DEFAULT_LIMIT, Cursor, Limit
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES

router = APIRouter(
    prefix="/v1", tags=["lots"], responses=PROBLEM_RESPONSES, dependencies=[Depends(after_push)]
)


Code = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=NAME_LIMIT,
        description="Any code: batch, trace code, voucher, receipt, or an alias of a party,"
        " product or place. Compared in canonical form (NFKC, trimmed, upper case)",
        examples=["20260521"],
    ),
]
Product = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=NAME_LIMIT,
        description="A product: id, GTIN, own code, or part of its name",
    ),
]
Manufacturer = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=NAME_LIMIT,
        description="Who made it: id, any alias, or (without a code) part of the name",
    ),
]
First = Annotated[date | None, Query(alias="from", description="First day of production")]
Last = Annotated[date | None, Query(alias="to", description="Last day of production")]
Party = Annotated[
    str | None, Query(min_length=1, max_length=NAME_LIMIT, description="Only lots it holds or held")
]
Location = Annotated[
    str | None,
    Query(min_length=1, max_length=NAME_LIMIT, description="With a party alone: at this place"),
]


@router.get(
    "/lots",
    response_model=FoundAnswer,
    responses=answered(FoundAnswer, "found", "Candidates, or a page of a search"),
    summary="What a code may mean; search batches",
)
def index(
    request: Request,
    caller: WithKey,
    code: Code = None,
    product: Product = None,
    manufacturer: Manufacturer = None,
    first_day: First = None,
    last_day: Last = None,
    party: Party = None,
    location: Location = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Candidates are different goods: two makers' batches with one code are two, one batch in 45
    hands is one. Without a code: a search by product, maker and days, or the lots of a party. An
    unknown code is a problem (404) that also says how far the ledger knows.
    """
    wanted = Wanted(
        code=code,
        product=product,
        manufacturer=manufacturer,
        first_day=first_day,
        last_day=last_day,
        party=party,
        location=location,
        limit=limit,
        cursor=cursor,
    )
    return answer(find(door_of(request), caller, wanted))


@router.get(
    "/lots/{lot_id}",
    response_model=LotAnswer,
    responses=answered(LotAnswer, "lot", "The lot"),
    summary="All that is known of a lot",
)
def one(request: Request, caller: WithKey, lot_id: UUID) -> Response:
    """Its balance (进销存), what documents print of it, papers and flags."""
    return answer(describe(door_of(request), caller, lot_id))
