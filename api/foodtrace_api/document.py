"""The OpenAPI document: the shape of problems once, and words that hold for every route."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter

from foodtrace_api.web.problem import Problem

_DESCRIPTION = """
食品追溯：报送事件，追溯与追踪批次，召回，查询小票。

Push events (`POST /v1/events`), find a batch or lot by any code (`GET /v1/lots?code=`), follow it
upstream and downstream, ask whom it affects, read a receipt. Every answer says what it knows and
what it doesn't (`completeness`); hand the `after` of a push to any question to have it counted in.

Amounts are strings in base units, instants RFC 3339 in UTC, days ISO dates. Every failure is a
problem document (RFC 9457) with a `code`; `/problems` lists them all in Chinese and English, and
`Accept-Language` chooses the title's language. Lists come in pages: `next` null is the last one.
"""


def documented(app: FastAPI) -> None:
    """Let `app` make its OpenAPI document with the shape of problems in it."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                description=_DESCRIPTION,
                routes=app.routes,
            )
            schemas = made.setdefault("components", {}).setdefault("schemas", {})
            schemas["Problem"] = TypeAdapter(Problem).json_schema(
                ref_template="#/components/schemas/{model}"
            )
            _drop_default_refusals(made)
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _drop_default_refusals(made: dict[str, Any]) -> None:
    """FastAPI documents a 422 of its own; ours is a problem document like every other."""
    for path in made["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
    for name in ("HTTPValidationError", "ValidationError"):
        made["components"]["schemas"].pop(name, None)
