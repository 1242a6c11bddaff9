"""The route of inspections."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from foodtrace.text import CODE_LIMIT
from foodtrace_api.examples import answered
from foodtrace_api.inspections.service import Wanted, look_up
from foodtrace_api.inspections.shapes import InspectionsAnswer
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import WithKey
from foodtrace_api.web.door import door_of
from foodtrace_api.web.positions import after_push
from foodtrace_api.web.problem import PROBLEM_RESPONSES

router = APIRouter(
    prefix="/v1",
    tags=["inspections"],
    responses=PROBLEM_RESPONSES,
    dependencies=[Depends(after_push)],
)

Lot = Annotated[UUID | None, Query(description="A lot, by its id")]


def _code(description: str) -> object:
    return Query(min_length=1, max_length=CODE_LIMIT, description=description)


Product = Annotated[str | None, _code("A product, by its key as in a lot")]
Location = Annotated[str | None, _code("A place (stall, shop), by its id")]
Receipt = Annotated[str | None, _code("A receipt, as the inspection names it")]
Sample = Annotated[str | None, _code("A sample, by the laboratory's number")]


@router.get(
    "/inspections",
    response_model=InspectionsAnswer,
    responses=answered(InspectionsAnswer, "inspections", "The subject and what was found of it"),
    summary="What inspections found of a lot, product, place, receipt or sample",
)
def inspections(
    request: Request,
    caller: WithKey,
    lot: Lot = None,
    product: Product = None,
    location: Location = None,
    receipt: Receipt = None,
    sample: Sample = None,
) -> Response:
    """Name one subject. A failed screening suspends until a re-test or laboratory passes it; only a
    confirmed or final failure condemns. A subject that nobody examined is open.
    """
    wanted = Wanted(lot=lot, product=product, location=location, receipt=receipt, sample=sample)
    return answer(look_up(door_of(request), caller, wanted))
