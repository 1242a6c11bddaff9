"""The routes of locations."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from foodtrace.text import CODE_LIMIT
from foodtrace_api.examples import answered
from foodtrace_api.locations.service import children, describe
from foodtrace_api.locations.shapes import ChildrenAnswer, LocationAnswer
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.paging import DEFAULT_LIMIT, Cursor, Limit
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES

router = APIRouter(
    prefix="/v1",
    tags=["locations"],
    responses=PROBLEM_RESPONSES,
    dependencies=[Depends(after_push)],
)

Code = Annotated[
    str,
    Path(
        min_length=1,
        max_length=CODE_LIMIT,
        description="The location's id, an alias that no other location has, or a region (GB/T 2260)",
        examples=["M17"],
    ),
]
At = Annotated[date | None, Query(description="As it was on this day; today by default")]
Deep = Annotated[bool, Query(description="With what stands in those, down to the last stall")]


# The longer path first: a location's id may hold slashes.
@router.get(
    "/locations/{location:path}/children",
    response_model=ChildrenAnswer,
    responses=answered(ChildrenAnswer, "children", "A page of places"),
    summary="Which stalls of this market, which stores of this chain",
)
def inside(
    request: Request,
    caller: WithKey,
    location: Code,
    deep: Deep = False,
    at: At = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """What stands directly in a location, or all of it (`deep`), nearest first, each with who sits
    there on the day."""
    door = door_of(request)
    return answer(children(door, caller, location, at, deep=deep, limit=limit, cursor=cursor))


@router.get(
    "/locations/{location:path}",
    response_model=LocationAnswer,
    responses=answered(LocationAnswer, "location", "The location"),
    summary="A location, its place in the tree and who sat there",
)
def one(request: Request, caller: WithKey, location: Code, at: At = None) -> Response:
    """What it is, what it is part of, who sits there on the day, and all tenants and names over
    time."""
    return answer(describe(door_of(request), caller, location, at))
