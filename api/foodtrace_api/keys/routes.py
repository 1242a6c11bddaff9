"""Routes for keys: ops issue those of parties, reporters and inspectors; admin all."""

from __future__ import annotations

from uuid import UUID

import structlog
from fastapi import APIRouter, Request, Response

from foodtrace.access import STAFF, Caller, Role
from foodtrace.problems import TheirFault
from foodtrace_api.keys.shapes import KeyMade, KeyPage, KeyShown, NewKey, shown
from foodtrace_api.web.answer import answer
from foodtrace_api.web.caller import Staff, by
from foodtrace_api.web.cursor import cursor_of, read_cursor
from foodtrace_api.web.door import door_of
from foodtrace_api.web.paging import DEFAULT_LIMIT, Cursor, Limit
from foodtrace_api.web.problem import PROBLEM_RESPONSES
from foodtrace_office.keys import find_key_by_id, issue_key, list_keys, revoke_key

log = structlog.get_logger(__name__)

router = APIRouter(prefix="/v1", tags=["keys"], responses=PROBLEM_RESPONSES)


@router.post("/keys", response_model=KeyMade, status_code=201, summary="Issue a key")
def issue(request: Request, caller: Staff, wanted: NewKey) -> Response:
    """The key is shown here once; only its hash is kept. Keys of ops and admin need an admin."""
    _may_touch(caller, Role(wanted.role))
    with door_of(request).engine.begin() as connection:
        key, clear = issue_key(connection, wanted.request())
    log.info("key.issued", by=by(request), made=key.prefix, role=key.role.value)
    return answer(KeyMade(key=clear, about=shown(key)), 201)


@router.get("/keys", response_model=KeyPage, summary="List keys")
def index(
    request: Request, _caller: Staff, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> Response:
    """Keys by id, without their secrets; revoked and expired ones too."""
    after = read_cursor("keys", cursor, UUID)
    with door_of(request).engine.connect() as connection:
        keys = list_keys(connection, after=after, limit=limit + 1)
    page = [shown(key) for key in keys[:limit]]
    more = cursor_of("keys", str(page[-1].id)) if len(keys) > limit else None
    return answer(KeyPage(keys=page, next=more))


@router.delete("/keys/{key_id}", response_model=KeyShown, summary="Revoke a key")
def revoke(request: Request, caller: Staff, key_id: UUID) -> Response:
    """Ends the key at once; it stays listed. Revoking twice changes nothing."""
    with door_of(request).engine.begin() as connection:
        _may_touch(caller, find_key_by_id(connection, key_id).role)
        key = revoke_key(connection, key_id)
    log.info("key.revoked", by=by(request), ended=key.prefix, role=key.role.value)
    return answer(shown(key))


def _may_touch(caller: Caller, role: Role) -> None:
    if role in STAFF and caller.role is not Role.ADMIN:
        raise TheirFault("auth.forbidden", f"{role} keys are an admin's matter")
