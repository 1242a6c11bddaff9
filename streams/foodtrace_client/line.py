"""The line to the server: one request, sent again where that can help."""

from __future__ import annotations

from collections.abc import Mapping
from json import loads
from typing import Any

import httpx

from foodtrace_client.errors import Unavailable, error_of, local_problem, read_problem
from foodtrace_client.retry import RetryPolicy, is_busy, is_passing

#: What httpx takes as query parameters; None is left out.
Params = Mapping[str, Any]


class Line:
    """Sends requests and gives back parsed JSON; raises an `ApiError` for everything else."""

    def __init__(self, http: httpx.Client, retry: RetryPolicy) -> None:
        """Use `http`, which knows address and key."""
        self._http = http
        self._retry = retry

    def ask(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        json: Any = None,
        body: bytes | None = None,
        media_type: str | None = None,
        repeatable: bool = True,
    ) -> Any:
        """The JSON of the answer, None where there is no content.

        What is sent is a `json` value, or a `body` of a `media_type`. A request that isn't
        `repeatable` goes out again only where it surely wasn't carried out.
        """
        headers = {"Content-Type": media_type} if media_type else {}
        request = self._http.build_request(
            method, path, params=_present(params), json=json, content=body, headers=headers
        )
        return _read(self._send(request, repeatable))

    def _send(self, request: httpx.Request, repeatable: bool) -> httpx.Response:
        attempt = 1
        while True:
            response, failure = self._try(request)
            last = attempt >= self._retry.attempts
            if response is not None and (last or not is_busy(response.status_code, repeatable)):
                return response
            if failure is not None and (last or not is_passing(failure, repeatable)):
                detail = f"{self._http.base_url}: {failure or type(failure).__name__}"
                raise Unavailable(local_problem("api.unreachable", detail)) from failure
            hint = None if response is None else response.headers.get("Retry-After")
            self._retry.wait(attempt, hint)
            attempt += 1

    def _try(
        self, request: httpx.Request
    ) -> tuple[httpx.Response | None, httpx.TransportError | None]:
        try:
            return self._http.send(request), None
        except httpx.TransportError as error:
            return None, error


def _present(params: Params | None) -> dict[str, Any]:
    return {name: value for name, value in (params or {}).items() if value is not None}


def _read(response: httpx.Response) -> Any:
    if response.status_code == httpx.codes.NO_CONTENT:
        return None
    body = _json(response)
    if response.is_success and body is not None:
        return body
    raise error_of(read_problem(response.status_code, body))


def _json(response: httpx.Response) -> Any:
    try:
        return loads(response.content)
    except ValueError:
        return None
