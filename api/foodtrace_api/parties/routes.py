"""The routes of parties."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from foodtrace.text import NAME_LIMIT
from foodtrace_api.examples import answered
from foodtrace_api.parties.service import describe, look_up
from foodtrace_api.parties.shapes import PartiesAnswer, PartyAnswer
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.paging import DEFAULT_LIMIT, Cursor, Limit
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES

router = APIRouter(
    prefix="/v1",
    tags=["parties"],
    responses=PROBLEM_RESPONSES,
    dependencies=[Depends(after_push)],
)

# A key of somebody unidentified holds a name, a plate and digests.
_LONGEST = 4 * (NAME_LIMIT + 1)
Id = Annotated[
    str,
    Path(
        min_length=1,
        max_length=_LONGEST,
        description="The party's id, or as answers show it \"?\" and what is known of one who isn't"
        " identified",
        examples=["92350200MA31X9YT2E"],
    ),
]
Code = Annotated[
    str,
    Query(
        min_length=1,
        max_length=NAME_LIMIT,
        description="Id, social credit code, licence, market code, GLN: any code of a party",
    ),
]
At = Annotated[date | None, Query(description="As it was on this day")]


@router.get(
    "/parties",
    response_model=PartiesAnswer,
    responses=answered(PartiesAnswer, "parties", "Everybody whom the code means"),
    summary="Whom a code means, on a day",
    operation_id="find_parties",
)
def index(request: Request, caller: WithKey, code: Code, at: At = None) -> Response:
    """Codes change hands: with a day only those for whom the code held then, by their names of
    that day."""
    return answer(look_up(door_of(request), caller, code, at))


@router.get(
    "/parties/{party:path}",
    response_model=PartyAnswer,
    responses=answered(PartyAnswer, "party", "The party"),
    summary="All that is known of a party",
    operation_id="party",
)
def one(
    request: Request,
    caller: WithKey,
    party: Id,
    at: At = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Names over time, codes with their days, merges over any number of them, and a page of the
    places where it sat."""
    return answer(describe(door_of(request), caller, party, at, limit, cursor))
