"""Routes for mandates."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Query, Request, Response

from foodtrace.text import CODE_LIMIT
from foodtrace_api.mandates.shapes import MandatePage, MandateShown, NewMandate, shown
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import Staff, by
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_api.web.door import door_of
from foodtrace_api.web.paging import DEFAULT_LIMIT, Cursor, Limit
from foodtrace_api.web.problem import PROBLEM_RESPONSES
from foodtrace_office.mandates import grant_mandate, list_mandates, revoke_mandate

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/v1", tags=["mandates"], responses=PROBLEM_RESPONSES)

Reporter = Annotated[str | None, Query(max_length=CODE_LIMIT, description="Only this reporter's")]


@router.post("/mandates", response_model=MandateShown, status_code=201, summary="Grant a mandate")
def grant(request: Request, _caller: Staff, wanted: NewMandate) -> Response:
    """The same mandate granted twice is one."""
    with door_of(request).engine.begin() as connection:
        mandate = grant_mandate(connection, wanted.request())
    log.info("mandate.granted", by=by(request), mandate=str(mandate.id))
    return answer(shown(mandate), 201)


@router.get("/mandates", response_model=MandatePage, summary="List mandates")
def index(
    request: Request,
    _caller: Staff,
    reporter: Reporter = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Mandates by id, revoked ones too."""
    question = ["mandates", reporter]
    after = read_cursor(question, cursor, UUID)
    with door_of(request).engine.connect() as connection:
        found = list_mandates(connection, reporter=reporter, after=after, limit=limit + 1)
    page = [shown(mandate) for mandate in found[:limit]]
    more = cursor_of(question, str(page[-1].id)) if len(found) > limit else None
    return answer(MandatePage(mandates=page, next=more))


@router.delete("/mandates/{mandate_id}", response_model=MandateShown, summary="Revoke a mandate")
def revoke(request: Request, _caller: Staff, mandate_id: UUID) -> Response:
    """Ends the mandate for every day; what was reported under it stays."""
    with door_of(request).engine.begin() as connection:
        mandate = revoke_mandate(connection, mandate_id)
    log.info("mandate.revoked", by=by(request), mandate=str(mandate.id))
    return answer(shown(mandate))
