"""Every failure of the door becomes a problem document here, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from foodtrace.problems import Blame, FoodtraceError, NotFound, OurFault, TheirFault
from foodtrace_api.registry.dialect import error_said, is_registry
from foodtrace_api.web.problem import ProblemWith, problem_response
from foodtrace_ledger.errors import is_disk_full

log = structlog.get_logger(__name__)

# SQLSTATE classes and codes that mean: not now.
_PASSING = ("08", "53", "57", "40", "55P03")


def install(app: FastAPI) -> None:
    """Register the handlers on `app`."""
    app.add_exception_handler(FoodtraceError, _named)
    app.add_exception_handler(ProblemWith, _with_more)
    app.add_exception_handler(RequestValidationError, _invalid_parameter)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(PoolTimeout, _database)
    app.add_exception_handler(Exception, _unexpected)


def _said(
    request: Request, error: FoodtraceError, extra: Mapping[str, Any] | None = None
) -> Response:
    """In the dialect of the address: the registry speaks Confluent's."""
    if is_registry(request):
        return error_said(error)
    return problem_response(request, error, extra)


def _named(request: Request, error: Exception) -> Response:
    assert isinstance(error, FoodtraceError)
    if error.text.blame is Blame.OURS:
        log.warning("request.failed", code=error.code, path=request.url.path, detail=error.detail)
    return _said(request, error)


def _with_more(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemWith)
    return _said(request, error.error, error.extra)


def _invalid_parameter(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    problem = TheirFault("request.invalid", str(first.get("msg", "")), _path(first["loc"]))
    more = [{"path": _path(each["loc"]), "detail": each["msg"]} for each in error.errors()]
    return _said(request, problem, {"errors": more})


def _path(location: Sequence[Any]) -> str:
    # FastAPI puts the place (query, path, body) before the name.
    named = [str(part) for part in location[1:]] or [str(location[0])]
    return ".".join(named)


def _framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = _said(request, _of_status(error.status_code, str(error.detail)))
    response.status_code = error.status_code
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def _of_status(status: int, detail: str) -> FoodtraceError:
    if status == 404:
        return NotFound("request.no-such-path", detail)
    if status == 405:
        return TheirFault("request.wrong-method", detail)
    return TheirFault("request.invalid", detail)


def _database(request: Request, error: Exception) -> Response:
    if not _is_passing(error):
        return _unexpected(request, error)
    log.warning("database.away", path=request.url.path, detail=str(error))
    return _said(request, OurFault("ledger.disk-full" if is_disk_full(error) else "ledger.away"))


def _is_passing(error: Exception) -> bool:
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "pgcode", None)
    if state is None:
        return isinstance(error, OperationalError | InterfaceError)
    return str(state).startswith(_PASSING)


def _unexpected(request: Request, error: Exception) -> Response:
    log.error("request.crashed", path=request.url.path, exc_info=error)
    return _said(request, OurFault("server.failed", type(error).__name__))
