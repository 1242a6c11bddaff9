"""The route of vouchers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from foodtrace.text import CODE_LIMIT
from foodtrace_api.examples import answered
from foodtrace_api.vouchers.service import Wanted, look_up
from foodtrace_api.vouchers.shapes import VoucherAnswer
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.paging import DEFAULT_LIMIT, Cursor, Limit
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES

router = APIRouter(
    prefix="/v1",
    tags=["vouchers"],
    responses=PROBLEM_RESPONSES,
    dependencies=[Depends(after_push)],
)

Number = Annotated[str, Path(min_length=1, max_length=CODE_LIMIT, examples=["SZ-20260521-0001"])]
Issuer = Annotated[
    str | None,
    Query(min_length=1, max_length=CODE_LIMIT, description="Where several issuers number alike"),
]


@router.get(
    "/vouchers/{number:path}",
    response_model=VoucherAnswer,
    responses=answered(VoucherAnswer, "voucher", "The voucher and what cites it"),
    summary="A voucher by its number",
)
def one(
    request: Request,
    caller: WithKey,
    number: Number,
    issuer: Issuer = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """The voucher, its lots, and a page of the documents that cite it. Several issuers with one
    number are a problem (409) that lists them: choose one by `issuer`.
    """
    wanted = Wanted(number=number, issuer=issuer, limit=limit, cursor=cursor)
    return answer(look_up(door_of(request), caller, wanted))
