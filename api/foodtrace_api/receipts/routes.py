"""The public route of receipts."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from ipaddress import IPv6Address, ip_address
from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from foodtrace.access import Role, Sight, sight_of
from foodtrace.problems import TheirFault
from foodtrace.text import CODE_LIMIT
from foodtrace_api.examples import answered
from foodtrace_api.receipts.service import Wanted, look_up
from foodtrace_api.receipts.shapes import ReceiptAnswer
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import Anyone, Asking
from foodtrace_api.web.door import door_of
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES

router = APIRouter(prefix="/v1", tags=["receipts"], responses=PROBLEM_RESPONSES)

Code = Annotated[
    str,
    Path(
        min_length=1,
        max_length=CODE_LIMIT,
        description="The code printed on the receipt, or the till's number",
        examples=["k7Qm2tXv9bWcR4Lh"],
    ),
]
Amount = Annotated[
    Decimal | None,
    Query(ge=0, max_digits=18, decimal_places=6, description="With a number: the total paid"),
]
Day = Annotated[date | None, Query(alias="date", description="With a number: the day")]


def limited(request: Request, who: Anyone) -> Asking:
    """The caller, unless it looks up more receipts than one person would."""
    if sight_of(who.caller.role) is not Sight.CHAIN:
        seconds = door_of(request).receipts.wait(_client(request, who), monotonic())
        if seconds:
            wait = math.ceil(seconds)
            raise TheirFault("request.too-many", f"again in {wait} s")
    return who


def _client(request: Request, who: Asking) -> str:
    """A key, or an address; of IPv6 the network that one customer gets."""
    if who.caller.role is not Role.PUBLIC:
        return who.prefix
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(int(address) >> 64) if isinstance(address, IPv6Address) else host


@router.get(
    "/receipts/{code:path}",
    response_model=ReceiptAnswer,
    responses=answered(ReceiptAnswer, "receipt", "The receipt as the public may see it"),
    dependencies=[Depends(after_push)],
    summary="A receipt, for whoever holds it",
)
def one(
    request: Request,
    who: Annotated[Asking, Depends(limited)],
    code: Code,
    amount: Amount = None,
    day: Day = None,
) -> Response:
    """Who sold what, and the names of the hands it came through. No key is needed: the code can't
    be guessed; a till's number needs the amount or the day beside it. Whether there is no such
    receipt or the amount is wrong, the answer is the same.
    """
    wanted = Wanted(code=code, amount=amount, day=day)
    return answer(look_up(door_of(request), who.caller, wanted))
