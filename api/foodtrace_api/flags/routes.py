"""Routes of flags."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from foodtrace.codes import canonical
from foodtrace.text import CODE_LIMIT, NAME_LIMIT
from foodtrace_api.flags.service import Question, meanings, page
from foodtrace_api.flags.shapes import FlagMeaning, FlagsAnswer
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.paging import DEFAULT_LIMIT, Cursor, Limit
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES
from foodtrace_ledger.flagging.listing import Wanted

router = APIRouter(prefix="/v1", tags=["flags"], responses=PROBLEM_RESPONSES)

Codes = Annotated[
    list[str] | None,
    Query(description="Only these codes (see /v1/flags/codes); may be given several times"),
]
Party = Annotated[
    str | None, Query(min_length=1, max_length=NAME_LIMIT, description="Only at this party's")
]
Location = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=CODE_LIMIT,
        description="Only at this place and all that stands in it",
    ),
]
Product = Annotated[
    str | None, Query(min_length=1, max_length=NAME_LIMIT, description="Only of this product")
]
Lot = Annotated[UUID | None, Query(description="Only of this lot")]
First = Annotated[date | None, Query(alias="from", description="First business day")]
Last = Annotated[date | None, Query(alias="to", description="Last business day")]


@router.get(
    "/flags",
    response_model=FlagsAnswer,
    dependencies=[Depends(after_push)],
    summary="What is odd in the ledger",
)
def index(
    request: Request,
    caller: WithKey,
    code: Codes = None,
    party: Party = None,
    location: Location = None,
    product: Product = None,
    lot: Lot = None,
    first_day: First = None,
    last_day: Last = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Flags are computed when read, from the records as they are now: a late document makes some
    and takes others away. Without a party, place or lot the question needs days; the last seven of
    the ledger are taken where none are given. A party sees its own flags, a reporter those of the
    documents it sent.
    """
    wanted = Wanted(
        codes=frozenset(code or ()),
        holder=None if party is None else canonical(party),
        location=None if location is None else canonical(location),
        product=None if product is None else canonical(product),
        lot_id=lot,
        first=first_day,
        last=last_day,
    )
    question = Question(wanted=wanted, limit=limit, cursor=cursor)
    return answer(page(door_of(request), caller, question))


@router.get("/flags/codes", response_model=list[FlagMeaning], summary="All codes of flags")
def codes() -> Response:
    """What each code means, in both languages."""
    return answer(meanings())
